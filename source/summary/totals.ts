// The totals of a run in words, for the summary screen and the text after it.
import {formatBytes} from '../format/bytes.ts';
import {countOf, formatCount, formatRate} from '../format/count.ts';
import {formatDuration} from '../format/duration.ts';
import {stoppedBefore} from '../progress/reached.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {skippedWords, wouldBeCopied} from '../report/verdict.ts';

/** '98,204 copied', '7,106 there already', '3 failed': what is zero is left out, except copied. */
export function countWords(snapshot: Snapshot): readonly string[] {
  const {totals, dryRun, requests} = snapshot;
  const {selected, copied, alreadyPresent, skipped, failed} = totals;
  const left = selected - copied - alreadyPresent - skipped - failed + stoppedBefore(requests);
  const word = (count: number, text: string) => (count > 0 ? [`${formatCount(count)} ${text}`] : []);
  return [
    `${formatCount(dryRun ? wouldBeCopied(snapshot) : copied)} ${dryRun ? 'to copy' : 'copied'}`,
    ...word(alreadyPresent, 'there already'),
    ...skippedWords(snapshot),
    ...word(failed, 'failed'),
    ...word(dryRun ? 0 : left, 'not reached'),
  ];
}

/** '40 mailboxes, 105,310 messages selected'. */
export function scopeWords({requests, totals}: Snapshot): string {
  const mailboxes = countOf(requests.length, 'mailbox', 'mailboxes');
  return `${mailboxes}, ${countOf(totals.selected, 'message')} selected`;
}

/** '9.8 GB in 14 min 32 s, 70 messages/s'; only the time where nothing was copied. */
export function paceWords({startedAt, endedAt, totals}: Snapshot): string {
  const took = Math.max(0, (endedAt ?? startedAt) - startedAt);
  if (totals.copied === 0) return `took ${formatDuration(took)}`;
  const rate = took >= 1000 ? `, ${formatRate((totals.copied * 1000) / took)} messages/s` : '';
  return `${formatBytes(totals.bytes)} in ${formatDuration(took)}${rate}`;
}
