// Whatever the simulated Exchange writes into a message, it is known again: by its key, or by a hint and its content.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {settleAmbiguous} from '../../../source/engine/messages/by-content.ts';
import {contentDigest} from '../../../source/engine/messages/content.ts';
import {parseHeaders} from '../../../source/engine/messages/headers.ts';
import {headerKey} from '../../../source/engine/messages/identity.ts';
import {type KeyedMessage, matchMessages} from '../../../source/engine/messages/match.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {rewritten} from '../../servers/exchange/rewriting.ts';

const internalDate = '01-Jan-2020 00:00:00 +0000';

/** Source UIDs that would be sent again, of `source` against what Exchange has made of `stored`. */
function sentAgain(
  source: readonly Buffer[],
  stored: readonly Buffer[],
  mode: 'mime' | 'mapi',
): readonly number[] {
  const there = stored.map(bytes => rewritten(bytes, mode, internalDate));
  const keyed = (all: readonly Buffer[], looking: boolean): KeyedMessage[] =>
    all.map((bytes, index) => ({uid: index + 1, ...headerKey(parseHeaders(bytes), looking)}));
  const matching = matchMessages({source: keyed(source, false), destination: keyed(there, true)});
  const digests = (all: readonly Buffer[]) =>
    new Map(all.map((bytes, index) => [index + 1, contentDigest(bytes)]));
  const settled = settleAmbiguous(matching.ambiguous, {
    source: digests(source),
    destination: digests(there),
  });
  return [...matching.unmatchedSource, ...settled.unmatchedSource].sort((one, other) => one - other);
}

const mail = (seed: number, count: number) => corpus(count, {seed}).map(({bytes}) => Buffer.from(bytes));

test.each(['mime', 'mapi'] as const)('%s: nothing is sent again, in whatever order it lies there', mode => {
  fc.assert(
    fc.property(
      fc.integer({min: 1, max: 1e6}),
      fc.array(fc.nat(), {minLength: 40, maxLength: 40}),
      (seed, order) => {
        const source = mail(seed, 40);
        const stored = source
          .map((bytes, index) => ({bytes, at: order[index] ?? 0}))
          .sort((one, other) => one.at - other.at)
          .map(({bytes}) => bytes);
        expect(sentAgain(source, stored, mode)).toEqual([]);
      },
    ),
    {numRuns: 25},
  );
});

test.each(['mime', 'mapi'] as const)('%s: what is not there is sent, and only that', mode => {
  fc.assert(
    fc.property(fc.integer({min: 1, max: 1e6}), fc.integer({min: 0, max: 29}), (seed, missing) => {
      // Kinds with a Message-ID of their own: copies that are equal in all are counted, not told apart.
      const source = mail(seed, 60)
        .filter(bytes => /^Message-ID: <[^>\s]+>\r?$/im.test(bytes.toString('latin1')))
        .slice(0, 30);
      const at = missing % source.length;
      const stored = source.filter((_, index) => index !== at);
      expect(sentAgain(source, stored, mode)).toEqual([at + 1]);
    }),
    {numRuns: 25},
  );
});
