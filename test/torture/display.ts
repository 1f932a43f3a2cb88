// What is seen while the rig works: in a terminal one line that changes, elsewhere plain lines. What broke stays.
import {cleanText} from '../../source/format/clean.ts';

export type Output = {readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown};

export type Display = {
  /** The changing line; elsewhere than in a terminal a line of its own. */
  progress(line: string): void;
  /** A line that stays. */
  print(line: string): void;
};

/** Puts the changing line away, then draws it again below what stays. */
const toStart = '\r\x1b[2K';

export function showOn(output: Output): Display {
  if (output.isTTY !== true) {
    const print = (line: string) => void output.write(`${line}\n`);
    return {progress: line => print(cleanText(line, 1_000)), print};
  }
  let shown = '';
  const draw = () => output.write(toStart + shown);
  return {
    progress(line) {
      shown = cleanText(line, Math.max(20, (output.columns ?? 80) - 1));
      draw();
    },
    print(line) {
      output.write(`${toStart}${line}\n`);
      shown = '';
    },
  };
}
