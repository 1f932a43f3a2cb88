import fc from 'fast-check';
import {expect, test} from 'vitest';
import {contentDigest} from '../../../source/engine/messages/content.ts';
import {Mender, mended, mendKinds} from '../../../source/engine/messages/mend.ts';

const all = mendKinds.all;
const of = (text: string, kinds = all) => {
  const result = mended(Buffer.from(text, 'latin1'), kinds);
  return result === undefined ? undefined : Buffer.concat(result.pieces).toString('latin1');
};
const head = 'Subject: x\r\n\r\n';
const longest = (text: string) => Math.max(...text.split(/\r?\n/).map(line => line.length));

test('what is right already stays as it is', () => {
  for (const text of ['', head, `${head}hello\r\n`, `${head}${'x'.repeat(10_239)}\r\n`])
    expect(of(text)).toBeUndefined();
});

test('a long line is broken before a blank, and nothing else of it changes', () => {
  const words = 'word '.repeat(5000);
  const out = of(`${head}${words}\r\n`) ?? '';
  expect(longest(out)).toBeLessThanOrEqual(10_239);
  expect(out.replaceAll('\r\n ', ' ')).toBe(`${head}${words}\r\n`);
});

test('a long header is folded, also where it has no blank', () => {
  const out = of(`References: ${'r'.repeat(25_000)}\r\nSubject: x\r\n\r\nbody`) ?? '';
  const [fields = '', body] = out.split('\r\n\r\n');
  expect(body).toBe('body');
  expect(longest(fields)).toBeLessThanOrEqual(10_239);
  expect(
    fields
      .split('\r\n')
      .slice(1)
      .filter(line => !line.startsWith(' ')),
  ).toEqual(['Subject: x']);
});

test('no character and no escape is cut in two', () => {
  for (let shift = 0; shift < 4; shift++) {
    const text = `${'a'.repeat(shift)}${'äö€'.repeat(9000)}`;
    const result = mended(Buffer.from(`${head}${text}`), ['lines']);
    const out = Buffer.concat(result?.pieces ?? []).toString();
    expect(out).not.toContain('\ufffd');
    expect(out.replaceAll('\r\n', '')).toBe(`${head}${text}`.replaceAll('\r\n', ''));
    const escaped = of(`${head}${'a'.repeat(shift)}${'=E4'.repeat(9000)}`) ?? '';
    expect(escaped.split('\r\n').slice(2).join('|')).toMatch(/^a*(=E4)+(\|(=E4)+)+$/);
  }
});

test('bare line feeds and NUL bytes are mended each by its own kind', () => {
  expect(of(`A: b\n\nx\r\ny\n`, mendKinds.bytes)).toBe('A: b\r\n\r\nx\r\ny\r\n');
  expect(of(`${head}a\0b\0`, mendKinds.bytes)).toBe(`${head}ab`);
  expect(of(`A: b\n\nx\0`, mendKinds.lines)).toBeUndefined();
});

test('whatever the bytes and however they come in: the same comes out, and mending it again changes nothing', () => {
  const piece = fc.constantFrom(
    '\r\n',
    '\n',
    '\r',
    '\0',
    ' ',
    'x',
    'x'.repeat(9899),
    '=E4',
    ' y '.repeat(4000),
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof(piece, fc.string()), {maxLength: 12}),
      fc.array(fc.integer({min: 1, max: 12_000}), {minLength: 1, maxLength: 8}),
      (pieces, cuts) => {
        const message = Buffer.from(pieces.join(''), 'latin1');
        const whole = new Mender(all);
        const expected = Buffer.concat([...whole.push(message), ...whole.end()]);
        const streamed = new Mender(all);
        const out: Buffer[] = [];
        for (let at = 0, turn = 0; at < message.length; turn++) {
          const size = cuts[turn % cuts.length] ?? 1;
          out.push(...streamed.push(message.subarray(at, at + size)));
          at += size;
        }
        out.push(...streamed.end());
        expect(Buffer.concat(out).equals(expected)).toBe(true);
        expect(streamed.length).toBe(expected.length);
        expect(streamed.mends).toEqual(whole.mends);
        expect(mended(expected, all)).toBeUndefined();
        if (!whole.changed) expect(expected.equals(message)).toBe(true);
        expect(longest(expected.toString('latin1'))).toBeLessThanOrEqual(10_239);
        const bare = (bytes: Buffer) => bytes.toString('latin1').replaceAll(/[\0\r\n ]/g, '');
        expect(bare(expected)).toBe(bare(message));
      },
    ),
    {numRuns: 200},
  );
});

test('what was mended is known as the same message by its content, without a Message-ID too', () => {
  for (const body of ['word '.repeat(9000), 'w'.repeat(30_000), 'a\0b\nc\r\n']) {
    const message = Buffer.from(`${head}${body}\r\n`);
    const pieces = mended(message, all)?.pieces ?? [];
    expect(contentDigest(Buffer.concat(pieces))).toBe(contentDigest(message));
  }
  expect(contentDigest(Buffer.from(`${head}ab`))).not.toBe(contentDigest(Buffer.from(`${head}a b`)));
});

test('a line that never ends is not kept where lines may be of any length', () => {
  const mender = new Mender(mendKinds.bytes);
  const block = Buffer.from(`${'x'.repeat(65_534)}\0\r`);
  // What is kept would be copied with each block that comes.
  for (let blocks = 1; blocks <= 50; blocks++) {
    mender.push(block);
    expect(mender.length).toBeGreaterThan(blocks * (block.length - 1) - 2);
  }
  expect(Buffer.concat(mender.push(Buffer.from('\n\0\n'))).toString()).toBe('\r\n\r\n');
  expect(mender.mends).toEqual({lines: 0, lineEnds: 1, nuls: 51});
});
