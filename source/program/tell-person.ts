// What people read on standard error: in a terminal broken between words, in a file each line whole.
import {breakLine} from '../ui/cells.ts';
import type {System} from './system.ts';

/** @param text lines for a person; a line end comes behind it. @param written called once it is out */
export function tellPerson(
  text: string,
  {stderr}: {readonly stderr: Pick<System['stderr'], 'isTTY' | 'columns' | 'write'>},
  written?: () => void,
): void {
  const lines = text.split('\n');
  const shown = stderr.isTTY ? lines.flatMap(line => breakLine(line, stderr.columns ?? 80)) : lines;
  stderr.write(`${shown.join('\n')}\n`, written);
}
