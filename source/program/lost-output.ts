// What becomes of standard output that cannot be written. Mail is worth more than lines about it: a run goes on.
import {cleanText} from '../format/clean.ts';
import type {System} from './system.ts';

/** The reader has left (| head), or the terminal has: its right, and nothing to tell. */
const left: ReadonlySet<string | undefined> = new Set(['EPIPE', 'EIO']);
const full: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Says once on standard error why lines are missing.
 * @param more what is done all the same, a sentence; '' for nothing
 * @returns whether lines are missing that somebody waits for
 */
export function tellLostOutput(
  {stdout, stderr}: Pick<System, 'stdout' | 'stderr'>,
  more: string,
): () => boolean {
  let lost = false;
  stdout.on('error', ({code, message}: NodeJS.ErrnoException) => {
    if (lost || left.has(code)) return;
    lost = true;
    const why = full.has(code) ? 'no space is left for it' : cleanText(message, 200);
    stderr.write(`${[`Standard output cannot be written: ${why}.`, more].join(' ').trim()}\n`);
  });
  // There is nowhere left to say it.
  stderr.on('error', () => undefined);
  return () => lost;
}
