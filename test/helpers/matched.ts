// The pure steps by which the engine finds which messages are at the destination already, put together as it does.
import {type Digests, settleInRounds} from '../../source/engine/messages/by-content.ts';
import {contentDigest, contentDigests, exactDigest} from '../../source/engine/messages/content.ts';
import {parseHeaders} from '../../source/engine/messages/headers.ts';
import {headerKey} from '../../source/engine/messages/identity.ts';
import {type KeyedMessage, matchAll} from '../../source/engine/messages/match.ts';

/** `received`: its INTERNALDATE, in whatever unit. */
export type Stored = {readonly bytes: Buffer; readonly received: number};

/** Indices of source messages that would be sent, without a ledger. */
export async function toCopy(
  source: readonly Stored[],
  there: readonly Stored[],
): Promise<readonly number[]> {
  const keyed = (all: readonly Stored[]): KeyedMessage[] =>
    all.map(({bytes}, index) => ({
      uid: index + 1,
      ...headerKey(parseHeaders(bytes), true),
      size: bytes.length,
    }));
  const digests = (digest: (message: Stored) => string): Digests => {
    const of = (all: readonly Stored[]) =>
      new Map(all.map((message, index) => [index + 1, digest(message)] as const));
    return {source: of(source), destination: of(there)};
  };
  const exact = ({bytes}: Stored) => exactDigest(bytes);
  const content = ({bytes}: Stored) => contentDigest(bytes);
  const loose = ({bytes}: Stored) => contentDigests(bytes).loose;
  const rounds = [
    {digests: digests(exact), bytes: true as const},
    {digests: digests(content)},
    {digests: digests(loose)},
  ];
  const ends = {source: keyed(source), destination: keyed(there)};
  const received = (all: readonly Stored[]) => new Map(all.map(({received: at}, index) => [index + 1, at]));
  const dates = {source: received(source), destination: received(there)};
  const pairs = await matchAll({...ends, exactSizes: true}, async ambiguous =>
    settleInRounds(ambiguous, rounds, ends, dates),
  );
  const found = new Set(pairs.map(([uid]) => uid - 1));
  return source.map((_, index) => index).filter(index => !found.has(index));
}
