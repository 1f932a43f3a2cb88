// What a FETCH brings: messages and headers in memory, within a bound, and one message as a stream.
import {type Keep, KeptBodies} from './kept-bodies.ts';
import {
  aboutBefore,
  discard,
  type FetchedMessage,
  type ReadMessage,
  readFetch,
  type StreamedMessage,
  uidInLine,
} from './responses.ts';
import {uidSets} from './uid-set.ts';
import type {LiteralSink, Wire} from './wire.ts';

/**
 * Items of messages in the open mailbox, in the order of the UIDs. What the server does not send is missing.
 * @param items as the command takes them: '(UID FLAGS)'
 */
export async function fetchAll(
  wire: Wire,
  uids: readonly number[],
  items: string,
  keep: Keep,
): Promise<FetchedMessage[]> {
  const wanted = new Set(uids);
  const kept = new KeptBodies(wanted, keep);
  const fetched = new Map<number, FetchedMessage>();
  /** What came of a message before its body: a server may tell the parts of an answer one by one. */
  const parts = new Map<number, ReadMessage>();
  await Promise.all(
    uidSets(uids).map(set =>
      wire.command(`UID FETCH ${set} ${items}`, {
        // A server may send a message more than once, and flags between them.
        most: uids.length * 4 + 1000,
        literal: (size, before, alone) => kept.sink(size, before, alone),
        untagged: response => {
          const cut = kept.takeCut();
          // Another command's answer is seen at a glance; it is read once, by the one it is for.
          const named = uidInLine.exec(response.lines[0] ?? '')?.[1];
          if (named !== undefined && !wanted.has(Number(named))) return false;
          const read = readFetch(response);
          if (read === undefined || !wanted.has(read.uid)) return false;
          if (!kept.took(response)) {
            fetched.set(read.uid, {uid: read.uid, flags: [], internalDate: '', oversize: true});
            return true;
          }
          const message = joined(fetched.get(read.uid) ?? parts.get(read.uid), read);
          // It has no body where nobody asked for it (FLAGS …), or the body comes by itself.
          if (items.includes('BODY') && read.body === undefined) {
            if (fetched.has(read.uid)) fetched.set(read.uid, message);
            else parts.set(read.uid, message);
            return false;
          }
          if (cut === undefined) fetched.set(message.uid, message);
          else if (keep.beginning === undefined) fetched.set(message.uid, {...message, oversize: true});
          else fetched.set(message.uid, {...message, body: cut});
          return true;
        },
      }),
    ),
  );
  return uids.flatMap(uid => fetched.get(uid) ?? []);
}

/** @param before what was told of the message before `read` */
function joined(before: FetchedMessage | ReadMessage | undefined, read: ReadMessage): FetchedMessage {
  if (before === undefined && read.flags !== undefined) return {...read, flags: read.flags};
  const internalDate = read.internalDate || (before?.internalDate ?? '');
  return {...before, ...read, flags: read.flags ?? before?.flags ?? [], internalDate};
}

/** As `Session.stream`. */
export async function fetchStream(
  wire: Wire,
  uid: number,
  begin: (message: StreamedMessage) => LiteralSink,
): Promise<boolean> {
  const first = await streamItems(wire, uid, '(UID FLAGS INTERNALDATE BODY.PEEK[])', aboutBefore, begin);
  if (first !== 'unordered') return first === 'begun';
  // This server names the body before the rest: the rest is asked for first.
  const about = (await fetchAll(wire, [uid], '(UID FLAGS INTERNALDATE)', {all: 0}))[0];
  if (about === undefined) return false;
  return (await streamItems(wire, uid, '(UID BODY.PEEK[])', () => about, begin)) === 'begun';
}

async function streamItems(
  wire: Wire,
  uid: number,
  items: string,
  aboutOf: (before: string) => Pick<StreamedMessage, 'flags' | 'internalDate'> | undefined,
  begin: (message: StreamedMessage) => LiteralSink,
): Promise<'begun' | 'unordered' | 'nothing'> {
  let outcome: 'begun' | 'unordered' | 'nothing' = 'nothing';
  await wire.command(`UID FETCH ${uid} ${items}`, {
    literal: (size, before, alone) => {
      if (outcome !== 'nothing' || !/BODY\[\] \{\d+\+?\}$/i.test(before)) return undefined;
      // A server may name the UID behind the body; then it is ours only where nothing else is asked for.
      const named = uidInLine.exec(before)?.[1];
      if (named === undefined ? !alone : Number(named) !== uid) return undefined;
      const about = aboutOf(before);
      outcome = about === undefined ? 'unordered' : 'begun';
      return about === undefined ? discard : begin({uid, size, ...about});
    },
  });
  return outcome;
}
