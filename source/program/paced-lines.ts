// Lines for a reader that may be slower than the run. Each event is promised a line, and memory is bounded: where too much
// is on its way the run waits for it between two batches. A reader that does not take that in a minute keeps no mail waiting:
// the run goes on, and says how it stands in place of the lines that went by.
import {Gate} from '../engine/link/gate.ts';
import type {JoinedLines} from '../lines/plain.ts';
import type {Listener} from './start-run.ts';
import type {System} from './system.ts';

/** Bytes on their way to the reader from which on it is waited for. */
const mostUnsent = 1024 * 1024;
/** ms */
const patient = 60_000;

/** @param lines writes to `stdout` */
export function pacedLines(
  lines: JoinedLines,
  {stdout, schedule}: Pick<System, 'stdout' | 'schedule'>,
): Listener {
  const telling = new Gate();
  /** It has missed events. */
  let behind = false;
  let cancel = () => {};
  const full = () => stdout.writableLength > mostUnsent;
  const goOn = () => {
    cancel();
    telling.open();
  };
  const wait = () => {
    if (telling.closedItself) return;
    telling.close();
    cancel = schedule(() => {
      behind = true;
      telling.open();
    }, patient);
  };
  // Who has left is not waited for.
  stdout.on('drain', goOn).on('error', goOn);
  return {
    telling,
    take(event, whole) {
      const isLast = event.type === 'run-finished';
      if (behind && full() && !isLast) return;
      if (behind) lines.stands(whole(), event.at);
      // The snapshot holds any other.
      if (!behind || isLast) lines.take(event);
      behind = false;
      if (full()) wait();
    },
    tick: now => lines.tick(now),
  };
}
