// Messages as they come off the wire: framing, literals and the reading of FETCH together.
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {Framing, FramingError} from '../../../source/engine/imap/framing.ts';
import {emptyLiteral, Literal} from '../../../source/engine/imap/literal.ts';
import {type ReadMessage, readFetch, readSize} from '../../../source/engine/imap/responses.ts';

type Item = {readonly text: string; readonly says: Partial<ReadMessage> & {readonly bytes?: string}};

const body = fc.string({unit: 'binary-ascii', maxLength: 200});
const item: fc.Arbitrary<Item> = fc.oneof(
  fc.subarray(['\\Seen', '\\Flagged', '$Label1', 'Ü}{3}', 'NIL']).map(flags => ({
    text: `FLAGS (${flags.join(' ')})`,
    says: {flags},
  })),
  fc.constant({
    text: 'INTERNALDATE "17-Jul-1996 02:44:25 -0700"',
    says: {internalDate: '17-Jul-1996 02:44:25 -0700'},
  }),
  fc.nat().map(size => ({text: `RFC822.SIZE ${size}`, says: {size}})),
  body.map(bytes => ({text: `BODY[] {${bytes.length}}\r\n${bytes}`, says: {bytes}})),
  fc
    .string({unit: fc.constantFrom('a', ' ', '(', '}', '{'), maxLength: 20})
    .map(bytes => ({text: `BODY[] "${bytes}"`, says: {bytes}})),
  fc.constant({text: 'BODY[] NIL', says: {}}),
  fc.constant({text: 'MODSEQ (17)', says: {}}),
);
const message = fc.record({
  uid: fc.integer({min: 1, max: 4_294_967_295}),
  items: fc.uniqueArray(item, {selector: each => each.text.split(' ')[0]}),
  at: fc.nat({max: 6}),
});

function textOf({uid, items, at}: {uid: number; items: readonly Item[]; at: number}): string {
  const parts = items.map(each => each.text);
  parts.splice(at, 0, `UID ${uid}`);
  return `* 7 FETCH (${parts.join(' ')})\r\n`;
}

/** Reads bytes cut into pieces of these sizes, over and over. */
function read(bytes: Buffer, sizes: readonly number[]) {
  const failures: unknown[] = [];
  const messages: (ReadMessage | undefined)[] = [];
  const frames = new Framing({
    response: response => messages.push(readFetch(response)),
    literal: () => undefined,
    hold: () => undefined,
    release: () => undefined,
    failed: error => failures.push(error),
  });
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    frames.push(bytes.subarray(at, at + size));
    at += size;
  }
  return {messages, failures};
}

const shown = ({messages, failures}: ReturnType<typeof read>) => ({
  messages: messages.map(each => ({...each, body: each?.body?.bytes.toString('latin1')})),
  failures: failures.map(String),
});

const cuts = fc.array(fc.integer({min: 1, max: 50}), {minLength: 1, maxLength: 20});

test('is the same however it is cut, a byte at a time too', () => {
  fc.assert(
    fc.property(fc.array(message, {maxLength: 5}), cuts, (sent, sizes) => {
      const bytes = Buffer.from(sent.map(textOf).join(''), 'latin1');
      for (const cut of [[bytes.length || 1], [1], sizes]) {
        const {messages, failures} = read(bytes, cut);
        expect(failures).toEqual([]);
        expect(
          messages.map(each => ({...each, body: each?.body?.bytes.toString('latin1'), size: each?.size})),
        ).toEqual(
          sent.map(({uid, items}) => {
            const says = Object.assign({}, ...items.map(each => each.says)) as Item['says'];
            const {flags, internalDate = '', size, bytes: content} = says;
            return {uid, flags, internalDate, size, body: content};
          }),
        );
      }
    }),
  );
});

test('garbage neither crashes nor hangs, and is the same however it is cut', () => {
  const token = fc.constantFrom(
    ...[
      '* 1 FETCH (',
      'UID 7',
      ' ',
      '(',
      ')',
      '"',
      '\\',
      '{',
      '}',
      '{3}',
      '{99999999999999}',
      '{0}',
      'BODY[',
      ']',
      '\r',
      '\n',
      'NIL',
      '\0',
      '\xff',
    ],
    '\r\n',
  );
  const damage = fc.record({at: fc.nat({max: 300}), with: token});
  const damaged = fc.tuple(message, fc.array(damage, {minLength: 1, maxLength: 6})).map(([sent, all]) => {
    let text = textOf(sent);
    for (const each of all) text = text.slice(0, each.at) + each.with + text.slice(each.at + 1);
    return text;
  });
  const tokens = fc.array(token, {maxLength: 60}).map(all => all.join(''));
  fc.assert(
    fc.property(fc.oneof(damaged, tokens), cuts, (text, sizes) => {
      const bytes = Buffer.from(`${text}\r\n`, 'latin1');
      const whole = read(bytes, [bytes.length]);
      const pieces = read(bytes, sizes);
      expect(shown(pieces)).toEqual(shown(whole));
      for (const error of whole.failures) expect(error).toBeInstanceOf(Error);
      if (whole.failures.some(error => error instanceof FramingError)) expect(whole.failures).toHaveLength(1);
    }),
  );
});

describe('a line that is read at a glance', () => {
  // Two blanks mean the same, and no line with them is read so.
  const spaced = (line: string) => line.replace(' FETCH (', ' FETCH  (');
  const hurtful = fc.constantFrom(
    ...[
      'a',
      '\\Seen',
      '$MDNSent',
      ' ',
      ' ',
      'nil',
      'NiL',
      '(',
      ')',
      '"',
      '\\',
      '[',
      ']',
      'BODY[',
      '{3}',
      '~',
    ],
    ...['\t', '\r', '\0', '\xff', 'UID 8', ' UID 8 ', 'FLAGS (b)'],
  );
  const nasty = fc.oneof(hurtful, fc.string({unit: hurtful, maxLength: 6}));
  const honest = fc.constantFrom('', '\\Seen', '\\Seen $Label1', 'NIL');
  const digits = fc.oneof(
    {weight: 4, arbitrary: fc.integer({min: 1, max: 4_294_967_295}).map(String)},
    fc.constantFrom('0', '007', '4294967296', '12345678901', '99999999999999999999', ''),
  );
  const line = fc
    .record({
      uid: digits,
      flags: fc.oneof(honest, nasty),
      date: fc.oneof(fc.constant('17-Jul-1996 02:44:25 -0700'), nasty),
      size: digits,
      plus: fc.constantFrom('', '', '', '+', '+ ', ' '),
    })
    .map(
      ({uid, flags, date, size, plus}) =>
        `* 7 FETCH (UID ${uid} FLAGS (${flags}) INTERNALDATE "${date}" BODY[] {${size}${plus}}`,
    );
  const damage = fc.option(fc.tuple(fc.nat({max: 110}), fc.nat({max: 3}), nasty), {freq: 3});
  const damaged = (text: string, hurt: readonly [number, number, string] | null) =>
    hurt === null || hurt[0] < 12 ? text : text.slice(0, hurt[0]) + hurt[2] + text.slice(hurt[0] + hurt[1]);

  test('says of a message what is read of it word by word', () => {
    const literals = fc.constantFrom([new Literal([Buffer.from('x')])], [], [emptyLiteral, emptyLiteral]);
    const rest = fc.constantFrom(
      [')'],
      [')'],
      [')'],
      [' )'],
      ['))'],
      [' UID 3)'],
      [' FLAGS (b))'],
      [''],
      [],
      [')', ')'],
    );
    fc.assert(
      fc.property(line, damage, rest, literals, (first, hurt, after, bodies) => {
        const whole = damaged(first, hurt);
        const read = (start: string) => readFetch({lines: [start, ...after], literals: bodies});
        expect(read(whole)).toStrictEqual(read(spaced(whole)));
      }),
      {numRuns: 3000},
    );
  });

  test('says of a size what is looked for in it', () => {
    const told = fc
      .record({uid: digits, size: digits})
      .map(({uid, size}) => `* 7 FETCH (UID ${uid} RFC822.SIZE ${size})`);
    const orError = (text: string) => {
      try {
        return readSize(text);
      } catch (error) {
        return String(error);
      }
    };
    fc.assert(
      fc.property(told, damage, (first, hurt) => {
        const whole = damaged(first, hurt);
        expect(orError(whole)).toStrictEqual(orError(spaced(whole)));
      }),
      {numRuns: 2000},
    );
  });
});
