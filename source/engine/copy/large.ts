// A message too large for memory: held against what the destination says it takes, streamed, and where it is refused
// for its bytes and the request asks for that, streamed once more, mended.
import type {Appended} from '../imap/append.ts';
import type {PassPoint} from '../points.ts';
import {problem} from '../problems/problems.ts';
import {withChange, withMends} from './changes.ts';
import type {FolderWork} from './folder-work.ts';
import type {Streaming} from './mending.ts';
import {intendedRow} from './message-row.ts';
import type {Sessions} from './open-ends.ts';
import type {FolderRecords} from './records.ts';
import {type Streamed, streamMessage} from './stream-message.ts';
import {whyUnsent} from './unsent.ts';
import {StrategyRefused, type Writer} from './writer.ts';

export type LargeParts = {
  readonly work: FolderWork;
  readonly sessions: Sessions;
  readonly records: FolderRecords;
  readonly writer: Writer;
  /** Called when the source has sent all of it. */
  readonly arrived: () => void;
  readonly passed: PassPoint | undefined;
};

/** Bytes of a message in which its header ends. */
const headBytes = 64 * 1024;

/**
 * Both folders are open. False where the source sent nothing.
 * @throws StrategyRefused, ConnectionLost, ServerRefused
 */
export async function carryLarge(uid: number, parts: LargeParts): Promise<boolean> {
  const {work, sessions, records, writer} = parts;
  const {source, target} = sessions;
  const limit = target.signedIn.appendLimit;
  const told = work.sizes.get(uid) ?? 0;
  // What is too large is not even fetched. Sizes may be estimates: one byte behind the limit says it for sure.
  if (limit !== undefined && told > limit && (await isLonger(uid, limit, source))) {
    const head = await source.beginning(uid, headBytes);
    if (head?.body === undefined) return false;
    const size = source.exchange ? limit + 1 : told;
    const row = intendedRow(head, head.body, size, records.now());
    records.name({...row, state: 'failed'}, problem('message-too-large', {size, limit}));
    return true;
  }
  let kept: readonly string[] = [];
  const stream = (mended?: Streaming) =>
    streamMessage(uid, sessions, work.into, {
      begin: (message, head) => {
        kept = records.flags(message.flags, target.exchange);
        const {body, why} = records.changes.outgoing(uid, head, message.flags, target.exchange);
        const whole = message.size + body.length - head.length;
        const row = withChange(intendedRow(message, body, whole, records.now()), why);
        const size = mended?.size ?? whole;
        return {
          flags: kept,
          body,
          size,
          row: mended === undefined ? row : withMends(row, mended.mends),
          unsent: whyUnsent(body, {size, exchange: source.exchange, limit}),
        };
      },
      intend: row => records.intend([row]),
      unsettled: () => {
        // The source may have sent other bytes than before.
        work.mail.mending.cleared(uid);
        records.lost();
      },
      strategy: writer.strategy,
      passed: parts.passed,
      kinds: records.changes.kinds,
      mended: mended !== undefined,
    });
  const refused = work.mail.mending.missing(uid);
  const first = await stream(refused?.streamed);
  if (first === undefined) return false;
  parts.arrived();
  const {unsent} = first;
  if (unsent !== undefined)
    records.name({...first.row, ...unsent.about, state: 'failed'}, refused?.why ?? unsent.problem);
  if (first.answer === undefined) return true;
  let [sent, answer]: [Streamed, Appended] = [first, await first.answer];
  parts.passed?.('answer-received');
  const blamed = writer.blamesFlag(kept, answer);
  if (blamed !== undefined) {
    records.doubt([sent.row], false);
    throw new StrategyRefused(writer.strategy, blamed);
  }
  const {mender} = first;
  const why = refusalOf(sent, answer, records);
  if (
    !answer.stored &&
    refused?.streamed === undefined &&
    mender?.changed === true &&
    records.changes.mayMend(why)
  ) {
    const streamed = {size: mender.length, mends: mender.mends};
    if (await writer.holdsMore()) {
      records.postpone(sent.row, {why, streamed});
      return true;
    }
    const again = await stream(streamed);
    const second = await again?.answer;
    parts.passed?.('answer-received');
    // Refused once more, it is named for what it was refused for first.
    if (again !== undefined && second !== undefined && (second.stored || !isOwnFault(again, second, records)))
      [sent, answer] = [again, second];
  }
  records.record([{...sent, refusedFor: refused?.why}], [answer]);
  await writer.stored(kept, answer);
  return true;
}

/** The server sends one byte at most. */
async function isLonger(uid: number, bytes: number, source: Sessions['source']): Promise<boolean> {
  return ((await source.beginning(uid, 1, bytes))?.body?.length ?? 0) > 0;
}

function refusalOf(sent: Streamed, answer: Appended, records: FolderRecords) {
  return records.refusal(sent, answer.stored ? undefined : answer.error);
}

function isOwnFault(sent: Streamed, answer: Appended, records: FolderRecords): boolean {
  const {scope, verdict} = refusalOf(sent, answer, records);
  return scope === 'message' && verdict === 'skip';
}
