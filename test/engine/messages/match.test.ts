import fc from 'fast-check';
import {expect, test} from 'vitest';
import {settleAmbiguous, settleByNumber, settleInRounds} from '../../../source/engine/messages/by-content.ts';
import {parseHeaders} from '../../../source/engine/messages/headers.ts';
import {headerKey} from '../../../source/engine/messages/identity.ts';
import type {KeyedMessage} from '../../../source/engine/messages/match.ts';
import {matchAll, matchMessages} from '../../../source/engine/messages/match.ts';

const strong = (uid: number, key: string, ...hints: string[]): KeyedMessage => ({
  uid,
  key,
  strong: true,
  hints,
});
const weak = (uid: number, key: string): KeyedMessage => ({uid, key, strong: false, hints: [key]});

test('one message with a strong key is settled without its body', () => {
  const result = matchMessages({
    source: [strong(1, 'a'), strong(2, 'b')],
    destination: [strong(10, 'a'), strong(11, 'a'), strong(12, 'c')],
  });
  expect(result).toMatchObject({matched: [[1, 10]], ambiguous: [], unmatchedSource: [2]});
});

test('sizes say nothing where most of what is the same differs in them', () => {
  const sized = (uid: number, key: string, size: number) => ({...strong(uid, key), size});
  const ends = (messages: number) => {
    const uids = Array.from({length: messages}, (_, uid) => uid + 1);
    const source = uids.map(uid => sized(uid, `${uid}`, 10));
    const destination = uids.map(uid => sized(uid + 100, `${uid}`, uid === 1 ? 10 : 20));
    return {source, destination};
  };
  expect(matchMessages({...ends(18), exactSizes: true})).toMatchObject({
    sizesTell: false,
    ambiguous: [],
    unmatchedSource: [],
  });
  // A few may be other messages.
  expect(matchMessages({...ends(3), exactSizes: true})).toMatchObject({
    sizesTell: false,
    matched: [[1, 101]],
    ambiguous: [
      {key: '2', sourceUids: [2], destinationUids: [102], rewritten: true},
      {key: '3', sourceUids: [3], destinationUids: [103], rewritten: true},
    ],
  });
  expect(matchMessages(ends(3)).ambiguous).toEqual([]);
});

test('several of one key need the bodies, whatever the number', () => {
  const source = [strong(1, 'a'), strong(2, 'a')];
  const there = [strong(10, 'a'), strong(11, 'a')];
  for (const destination of [there, there.slice(1)]) {
    const destinationUids = destination.map(({uid}) => uid);
    expect(matchMessages({source, destination})).toMatchObject({
      matched: [],
      ambiguous: [{key: 'a', sourceUids: [1, 2], destinationUids}],
    });
  }
  expect(matchMessages({source: source.slice(1), destination: there}).matched).toEqual([[2, 10]]);
});

test('where sizes tell, one of a key that is there twice needs the bodies, and stays in need of them', () => {
  const sized = (uid: number, key: string): KeyedMessage => ({...strong(uid, key), size: 500});
  const source = [sized(1, 'a'), sized(2, 'b')];
  const destination = [sized(10, 'a'), sized(11, 'b'), sized(12, 'b')];
  const group = {key: 'b', sourceUids: [2], destinationUids: [11, 12]};
  expect(matchMessages({source, destination, exactSizes: true})).toMatchObject({
    matched: [[1, 10]],
    ambiguous: [group],
  });
  expect(matchMessages({source, destination}).ambiguous).toEqual([]);
  const left = {source: [sized(2, 'b')], destination: [sized(12, 'b')]};
  expect(matchMessages({...left, compared: new Set(['b'])})).toMatchObject({
    matched: [],
    ambiguous: [{key: 'b'}],
  });
});

test('without a Message-ID the body decides, whatever the number', () => {
  expect(matchMessages({source: [weak(1, 'w')], destination: [weak(9, 'w')]}).ambiguous).toHaveLength(1);
});

test('equal Message-ID alone merges nothing: it is only a reason to look', () => {
  const {matched, ambiguous} = matchMessages({
    source: [strong(1, 'a', 'id')],
    destination: [strong(9, 'b', 'id')],
  });
  expect(matched).toEqual([]);
  expect(ambiguous).toEqual([{key: 'id', sourceUids: [1], destinationUids: [9], strict: true}]);
  const digests = {source: new Map([[1, 'x']]), destination: new Map([[9, 'y']])};
  expect(settleAmbiguous(ambiguous, digests)).toEqual({matched: [], unmatchedSource: [1]});
  expect(settleByNumber(ambiguous, () => false)).toEqual([]);
});

test('what was sent at another time is not compared; where the time is not known it is', () => {
  const at = (message: KeyedMessage, sentAt: number): KeyedMessage => ({...message, sentAt});
  const source = [at(strong(1, 'a', 'id'), 1), at(strong(2, 'b', 'id'), 2)];
  const others = (...destination: KeyedMessage[]) => matchMessages({source, destination}).ambiguous;
  expect(others(at(strong(9, 'c', 'id'), 3))).toEqual([]);
  expect(others(at(strong(9, 'c', 'id'), 2))).toMatchObject([{sourceUids: [2], destinationUids: [9]}]);
  expect(others(at(strong(9, 'c', 'id'), 3), strong(10, 'd', 'id'))).toMatchObject([
    {sourceUids: [1, 2], destinationUids: [10]},
  ]);
});

test('a Message-ID added by the destination is seen through', () => {
  const {ambiguous} = matchMessages({source: [weak(1, 'head')], destination: [strong(9, 'k', 'id', 'head')]});
  expect(ambiguous).toEqual([{key: 'head', sourceUids: [1], destinationUids: [9]}]);
});

test('a row of the ledger without hints is found under an added Message-ID all the same', () => {
  const row: KeyedMessage = {uid: 1, key: 'head', strong: false};
  const destination = [strong(9, 'k', 'id', 'head')];
  expect(matchMessages({source: [row], destination}).ambiguous).toHaveLength(1);
});

test('contents are paired one to one; unknown content is copied', () => {
  const group = [{key: 'w', sourceUids: [1, 2, 3, 4], destinationUids: [9, 10, 11]}];
  expect(
    settleAmbiguous(group, {
      source: new Map([
        [1, 'x'],
        [2, 'x'],
        [3, 'y'],
      ]),
      destination: new Map([
        [9, 'y'],
        [10, 'x'],
        [11, 'z'],
      ]),
    }),
  ).toEqual({
    matched: [
      [1, 10],
      [3, 9],
    ],
    unmatchedSource: [2, 4],
  });
});

test('of two with one key and content, as the ledger knows them, the one that is there is found', async () => {
  const mail = (subject: string) =>
    parseHeaders(
      Buffer.from(
        `From: a@example.org\r\nSubject: ${subject}\r\nDate: Fri, 14 Jul 2017 02:40:00 +0000\r\nMessage-ID: <m@example.org>\r\n\r\n`,
      ),
    );
  const ends = {
    source: [1, 2].map(uid => ({uid, ...headerKey(mail(`Number ${uid}`))})),
    destination: [{uid: 9, ...headerKey(mail('Number 2'), true)}],
  };
  const digests = {
    source: new Map([
      [1, 'same'],
      [2, 'same'],
    ]),
    destination: new Map([[9, 'same']]),
  };
  const dates = {source: new Map<number, number>(), destination: new Map<number, number>()};
  const pairs = await matchAll(ends, async ambiguous => settleInRounds(ambiguous, [{digests}], ends, dates));
  expect(pairs).toEqual([[2, 9]]);
});

test('a destination that writes mail anew: complete by number is complete but for other messages, fewer are copied', () => {
  const complete = [{key: 'w', sourceUids: [1, 2], destinationUids: [9, 10]}];
  const pairs = [
    [1, 9],
    [2, 10],
  ];
  expect(settleByNumber(complete, () => false)).toEqual(pairs);
  expect(settleByNumber(complete, (mine, theirs) => mine === 1 && theirs === 9)).toEqual([
    [1, 10],
    [2, 9],
  ]);
  expect(settleByNumber(complete, mine => mine === 1)).toEqual([[2, 9]]);
  const fewer = [{key: 'w', sourceUids: [1, 2], destinationUids: [9]}];
  expect(settleByNumber(fewer, () => false)).toEqual([]);
});

// A world of messages: same Message-ID for different bodies, none at all, copies. The key follows from the header.
const content = fc.record({
  id: fc.constantFrom('', 'm1', 'm2'),
  head: fc.constantFrom('h1', 'h2'),
  body: fc.constantFrom('x', 'y'),
});
type Content = {id: string; head: string; body: string};
const keyed = ({id, head}: Content, uid: number): KeyedMessage =>
  id === ''
    ? {uid, key: head, strong: false, hints: [head]}
    : {uid, key: `${id} ${head}`, strong: true, hints: [id, head]};

function run(source: readonly Content[], destination: readonly Content[]) {
  const first = matchMessages({
    source: source.map((each, i) => keyed(each, i + 1)),
    destination: destination.map((each, i) => keyed(each, i + 101)),
  });
  const second = settleAmbiguous(first.ambiguous, {
    source: new Map(source.map((each, i) => [i + 1, each.body])),
    destination: new Map(destination.map((each, i) => [i + 101, each.body])),
  });
  return {
    first,
    matched: [...first.matched, ...second.matched],
    toCopy: [...first.unmatchedSource, ...second.unmatchedSource],
  };
}

test('every source message comes out once, no destination message is used twice', () => {
  fc.assert(
    fc.property(
      fc.array(content, {maxLength: 12}),
      fc.array(content, {maxLength: 12}),
      (source, destination) => {
        const {matched, toCopy} = run(source, destination);
        const all = [...matched.map(([uid]) => uid), ...toCopy].sort((a, b) => a - b);
        expect(all).toEqual(source.map((_, i) => i + 1));
        expect(new Set(matched.map(([, uid]) => uid)).size).toBe(matched.length);
      },
    ),
  );
});

test('nothing twice, nothing lost: after copying what is missing, a rerun copies none', () => {
  // A destination that holds any part of the source, as an interrupted run leaves it.
  const interrupted = fc
    .array(content, {maxLength: 12})
    .chain(source => fc.tuple(fc.constant(source), fc.subarray(source)));
  fc.assert(
    fc.property(interrupted, ([source, part]) => {
      const {toCopy} = run(source, part);
      const after = [...part, ...toCopy.map(uid => source[uid - 1] as Content)];
      expect(run(source, after).toCopy).toEqual([]);
      // Distinct messages of the source are all there, unless one strong key covers them (same ID, date, sender).
      const bodies = (list: readonly Content[]) => list.map(each => JSON.stringify(each)).sort();
      const oneKeyTwoBodies = source.some(a =>
        source.some(b => a.id !== '' && a.id === b.id && a.head === b.head && a.body !== b.body),
      );
      if (!oneKeyTwoBodies) expect(bodies(after)).toEqual(bodies(source));
    }),
  );
});

test('a message without a Date is looked for among those to which the destination has given one', () => {
  const mail = (text: string, looking: boolean) => headerKey(parseHeaders(Buffer.from(text)), looking);
  const there = mail(
    'From: ann@baya.com\r\nSubject: Hi\r\nDate: Thu, 01 Oct 2020 10:00:00 +0000\r\nMessage-ID: <x@outlook>\r\n\r\n',
    true,
  );
  for (const date of ['', 'Date: yesterday\r\n']) {
    const mine = mail(`From: Ann <ann@baya.com>\r\n${date}Subject: Hi\r\n\r\n`, false);
    const {ambiguous} = matchMessages({source: [{uid: 1, ...mine}], destination: [{uid: 9, ...there}]});
    expect(ambiguous.map(each => [each.sourceUids, each.destinationUids])).toEqual([[[1], [9]]]);
  }
  // With a Date of its own it is another message.
  const dated = mail(
    'From: ann@baya.com\r\nSubject: Hi\r\nDate: Fri, 02 Oct 2020 10:00:00 +0000\r\n\r\n',
    false,
  );
  expect(
    matchMessages({source: [{uid: 1, ...dated}], destination: [{uid: 9, ...there}]}).unmatchedSource,
  ).toEqual([1]);
});
