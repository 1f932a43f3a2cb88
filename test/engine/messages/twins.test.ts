// Messages that are hard to tell apart, and servers that write them anew: none is lost, none is brought twice, and no two
// are taken for one.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {asSent, type Described, render, type Style} from '../../helpers/mail-rendered.ts';
import {type Stored, toCopy} from '../../helpers/matched.ts';

const described: fc.Arbitrary<Described> = fc.record({
  id: fc.constantFrom('', 'one@example.org', 'two@example.org', 'three@example.org'),
  date: fc.constantFrom(undefined, 1_500_000_000, 1_500_000_060),
  from: fc.constantFrom('ann@example.org', 'bob@example.org'),
  subject: fc.constantFrom('', 'Plain', 'Grüße aus Łódź'),
  body: fc.constantFrom(undefined, '', 'Short.\r\n', 'A longer text.\r\nZoë\r\n'),
  noted: fc.constantFrom('', '1.5', 'relay-7'),
});

const style: fc.Arbitrary<Style> = fc.record({
  zone: fc.constantFrom(0, -480, 330, 765),
  words: fc.constantFrom('B', 'Q', 'raw'),
  fold: fc.boolean(),
  reverse: fc.boolean(),
  names: fc.constantFrom('usual', 'lower', 'upper'),
  body: fc.constantFrom('as it is', 'base64', 'quoted-printable'),
  adds: fc.boolean(),
  completes: fc.boolean(),
});

const dates = fc.array(fc.constantFrom(1, 2, 3), {minLength: 14, maxLength: 14});
const mailbox = fc.array(described, {minLength: 1, maxLength: 14});
const seed = 20_261_125;

const stored = (
  messages: readonly Described[],
  received: readonly number[],
  styles: readonly Style[],
): Stored[] =>
  messages.map((message, index) => ({
    bytes: render(message, styles[index % styles.length] ?? asSent, index),
    received: received[index] ?? 1,
  }));

function shuffled<Item>(items: readonly Item[], order: readonly number[]): Item[] {
  return items
    .map((item, index) => ({item, at: order[index % order.length] ?? 0}))
    .sort((one, other) => one.at - other.at)
    .map(({item}) => item);
}

test('a destination that writes each message anew in its own way: a rerun without the ledger copies none', async () => {
  await fc.assert(
    fc.asyncProperty(
      mailbox,
      dates,
      fc.array(style, {minLength: 1, maxLength: 4}),
      fc.array(fc.nat(), {minLength: 5, maxLength: 14}),
      async (messages, received, styles, order) => {
        const source = stored(messages, received, [asSent]);
        expect(await toCopy(source, shuffled(stored(messages, received, styles), order))).toEqual([]);
      },
    ),
    {seed, numRuns: 400},
  );
});

test('a run that broke off and lost its ledger: the next one brings what is missing, and only that', async () => {
  await fc.assert(
    fc.asyncProperty(
      mailbox,
      dates,
      fc.array(fc.boolean(), {minLength: 14, maxLength: 14}),
      async (messages, received, there) => {
        const source = stored(messages, received, [asSent]);
        const before = source.filter((_, index) => there[index]);
        const after = [...before, ...(await toCopy(source, before)).map(index => source[index] as Stored)];
        const names = (all: readonly Stored[]) =>
          all.map(({bytes, received: at}) => `${at} ${bytes.toString()}`).sort();
        expect(names(after)).toEqual(names(source));
        expect(await toCopy(source, after)).toEqual([]);
      },
    ),
    {seed, numRuns: 400},
  );
});

test('a destination that has some of it, each written anew in its own way: what is missing comes, and only that', async () => {
  // As a reader sees it: what was noted on the way does not tell messages apart.
  const shown = (message: Described, received: number) =>
    JSON.stringify([{...message, noted: '', body: message.body ?? ''}, received]);
  await fc.assert(
    fc.asyncProperty(
      mailbox,
      dates,
      fc.array(style, {minLength: 1, maxLength: 4}),
      fc.array(fc.boolean(), {minLength: 14, maxLength: 14}),
      fc.array(fc.nat(), {minLength: 5, maxLength: 14}),
      async (messages, received, styles, kept, order) => {
        const source = stored(messages, received, [asSent]);
        const names = messages.map((message, index) => shown(message, received[index] ?? 1));
        const there = shuffled(
          stored(messages, received, styles).map((message, index) => ({message, index})),
          order,
        ).filter(({index}) => kept[index]);
        const copied = await toCopy(
          source,
          there.map(({message}) => message),
        );
        const after = [...there.map(({index}) => index), ...copied].map(index => names[index]);
        expect(after.sort()).toEqual(names.toSorted());
      },
    ),
    {seed, numRuns: 2_000},
  );
});

test('another text under the same Message-ID, Date and sender is never taken for the message', async () => {
  const message = (id: string, body: string): Stored => ({
    bytes: render(
      {id, date: 1_500_000_000, from: 'ann@example.org', subject: 'Plain', body, noted: ''},
      asSent,
      0,
    ),
    received: 1,
  });
  const source = [
    message('one', 'The text.\r\n'),
    message('two', 'Other.\r\n'),
    message('three', 'More.\r\n'),
  ];
  const there = [message('one', 'The text, and a footer.\r\n'), ...source.slice(1)];
  expect(await toCopy(source, there)).toEqual([0]);
});

test('texts of one length under the same Message-ID, Date and sender are told apart where there are several', async () => {
  const text = (body: string): Stored => ({
    bytes: render(
      {id: 'one', date: 1_500_000_000, from: 'ann@example.org', subject: 'Plain', body, noted: ''},
      asSent,
      0,
    ),
    received: 1,
  });
  const [one, two, three] = [text('Text 1.\r\n'), text('Text 2.\r\n'), text('Text 3.\r\n')];
  expect(await toCopy([one, two], [one, three])).toEqual([1]);
  expect(await toCopy([two], [one, three])).toEqual([0]);
  expect(await toCopy([one, two], [two, one])).toEqual([]);
  expect(await toCopy([one, one, two], [two, one, one])).toEqual([]);
  expect(await toCopy([one, one], [one, two])).toEqual([1]);
});

test('sent again at another time it is another message, also beside one of which that is not known', async () => {
  const text = (date: number | undefined, from: string, body: string): Stored => ({
    bytes: render({id: 'one', date, from, subject: 'Plain', body, noted: ''}, asSent, 0),
    received: 1,
  });
  const source = [
    text(1_500_000_000, 'ann@example.org', 'A.\r\n'),
    text(undefined, 'ann@example.org', 'B.\r\n'),
  ];
  const there = [
    text(1_500_000_060, 'ann@example.org', 'A.\r\n'),
    text(undefined, 'bob@example.org', 'C.\r\n'),
  ];
  expect(await toCopy(source, there)).toEqual([0, 1]);
});
