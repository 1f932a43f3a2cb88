// How far a check has come, on standard error: one line that changes in a terminal, now and then a line in a log.
import {countOf, formatCount} from '../format/count.ts';
import {short} from '../ui/cells.ts';
import type {System} from './system.ts';

const logEveryMs = 30_000;
/** ms between two drawings. */
const drawEveryMs = 100;

export type CheckProgress = {
  started(mailbox: string): void;
  ended(mailbox: string, good: boolean): void;
  /** Takes the line away, so that the result stands alone. */
  close(): void;
};

/** @param quiet draws nothing */
export function showProgress(
  total: number,
  {stderr, now, env, schedule}: Pick<System, 'stderr' | 'now' | 'env' | 'schedule'>,
  quiet: boolean,
): CheckProgress {
  const live = stderr.isTTY === true && env['TERM'] !== 'dumb';
  const under = new Set<string>();
  let done = 0;
  let bad = 0;
  let told = now();
  let closed = false;

  const text = () => {
    const failed = bad === 0 ? '' : `, ${formatCount(bad)} with problems`;
    return `${formatCount(done)} of ${countOf(total, 'mailbox', 'mailboxes')} checked${failed}`;
  };
  const draw = () => {
    const [first] = under;
    const at = first === undefined ? '' : `  ${first}${under.size > 1 ? ` and ${under.size - 1} more` : ''}`;
    stderr.write(`\r\x1b[2K${short(`${text()}${at}`, Math.max(20, (stderr.columns ?? 80) - 1))}`);
  };
  let cancel: () => void = () => undefined;
  const beat = () => {
    if (closed) return;
    if (live) draw();
    else if (now() - told >= logEveryMs) {
      told = now();
      stderr.write(`${text()}\n`);
    }
    cancel = schedule(beat, live ? drawEveryMs : 1000);
  };
  if (!quiet) beat();

  return {
    started: mailbox => void under.add(mailbox),
    ended: (mailbox, good) => {
      under.delete(mailbox);
      done++;
      if (!good) bad++;
    },
    close: () => {
      closed = true;
      cancel();
      if (live && !quiet) stderr.write('\r\x1b[2K');
    },
  };
}
