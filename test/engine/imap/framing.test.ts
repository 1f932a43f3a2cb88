import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {
  Framing,
  FramingError,
  type LiteralSink,
  type WireResponse,
} from '../../../source/engine/imap/framing.ts';

type Seen = {responses: WireResponse[]; failures: unknown[]; holds: number; releases: number};

function framing(literal: (size: number, before: () => string) => LiteralSink | undefined = () => undefined) {
  const seen: Seen = {responses: [], failures: [], holds: 0, releases: 0};
  const frames = new Framing({
    response: response => seen.responses.push(response),
    literal,
    hold: () => {
      seen.holds++;
    },
    release: () => {
      seen.releases++;
    },
    failed: error => seen.failures.push(error),
  });
  return {frames, seen};
}

const text = (responses: readonly WireResponse[]) =>
  responses.map(({lines, literals}) => ({
    lines,
    literals: literals.map(bytes => bytes.bytes.toString('latin1')),
  }));

describe('framing', () => {
  it('keeps the bytes of what is not done, however much that is done makes room around it', () => {
    const {frames, seen} = framing();
    const body = (index: number) => `${index}`.repeat(9000);
    const kept: number[] = [];
    for (let index = 10; index < 400; index++) {
      const bytes = Buffer.from(`* 1 FETCH (BODY[] {${body(index).length}}\r\n${body(index)})\r\n`, 'latin1');
      for (let at = 0; at < bytes.length; at += 7001) frames.push(bytes.subarray(at, at + 7001));
      if (index % 10 === 3) kept.push(index);
      else seen.responses.at(-1)?.literals[0]?.done();
    }
    const bodies = kept.map(index => seen.responses[index - 10]?.literals[0]?.bytes.toString('latin1'));
    expect(bodies).toEqual(kept.map(body));
  });

  it('gives the same responses however the bytes are cut', () => {
    const item = fc.oneof(
      fc.constantFrom('* 1 EXISTS', 'F1 OK done', '+ go on', '* LIST () "/" "{3}x"'),
      fc
        .array(fc.string({unit: 'grapheme-ascii', maxLength: 12}), {minLength: 1, maxLength: 3})
        .map(literals =>
          literals
            .map(literal => `BODY[] {${literal.length}}\r\n${literal}`)
            .join(' ')
            .concat(')'),
        ),
    );
    fc.assert(
      fc.property(
        fc.array(item, {maxLength: 8}),
        fc.array(fc.nat({max: 20}), {maxLength: 60}),
        (items, cuts) => {
          const bytes = Buffer.from(items.map(each => `${each}\r\n`).join(''), 'latin1');
          const whole = framing();
          whole.frames.push(bytes);
          const pieces = framing();
          let at = 0;
          for (const cut of cuts) {
            pieces.frames.push(bytes.subarray(at, at + cut));
            at += cut;
          }
          pieces.frames.push(bytes.subarray(at));
          expect(text(pieces.seen.responses)).toEqual(text(whole.seen.responses));
          expect(whole.seen.responses).toHaveLength(items.length);
          expect(pieces.seen.failures).toEqual([]);
        },
      ),
    );
  });

  it('never throws and never hangs on arbitrary bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 400}), bytes => {
        const {frames, seen} = framing();
        frames.push(Buffer.from(bytes));
        expect(seen.failures.every(error => error instanceof FramingError)).toBe(true);
      }),
    );
  });

  it('refuses a literal larger than memory allows, before its bytes come', () => {
    const {frames, seen} = framing();
    frames.push(Buffer.from('* 1 FETCH (BODY[] {999999999999}\r\n'));
    expect(seen.failures).toMatchObject([{code: 'LiteralTooLarge'}]);
    frames.push(Buffer.from('* 2 EXISTS\r\n'));
    expect(seen.responses).toEqual([]);
  });

  it('refuses a line that never ends, and a response of endless literals', () => {
    const line = framing();
    const block = Buffer.alloc(1024 * 1024, 'x');
    for (let index = 0; index < 40 && line.seen.failures.length === 0; index++) line.frames.push(block);
    expect(line.seen.failures).toMatchObject([{code: 'LineTooLarge'}]);

    const literals = framing();
    literals.frames.push(Buffer.from('x {1}\r\ny'.repeat(110_000)));
    expect(literals.seen.failures).toMatchObject([{code: 'TooManyTokens'}]);
  });

  it('takes the many literals of a message with many names, and refuses to look again and again at long ones', () => {
    const names = framing();
    for (let index = 0; index < 5000; index++) names.frames.push(Buffer.from('("text" {2}\r\n\xe4)'));
    names.frames.push(Buffer.from(')\r\n'));
    expect([names.seen.failures, names.seen.responses[0]?.literals.length]).toEqual([[], 5000]);
    let looks = 0;
    const long = framing((_size, before) => {
      before();
      looks++;
      return undefined;
    });
    long.frames.push(Buffer.from('x'.repeat(8 * 1024 * 1024)));
    for (let index = 0; index < 1000; index++) long.frames.push(Buffer.from(' {1}\r\ny'));
    expect(long.seen.failures).toMatchObject([{code: 'TooManyTokens'}]);
    expect(looks).toBeLessThan(100);
  });

  it('refuses literals that are each small enough and together too large for memory', () => {
    const {frames, seen} = framing();
    const literal = Buffer.concat([
      Buffer.from(`x {${20 * 1024 * 1024}}\r\n`),
      Buffer.alloc(20 * 1024 * 1024),
    ]);
    for (let count = 0; count < 4; count++) frames.push(literal);
    expect(seen.failures).toMatchObject([{code: 'LiteralTooLarge'}]);
  });

  it('refuses small literals in lines that are together too long for memory', () => {
    const {frames, seen} = framing();
    const long = Buffer.from(`${'x'.repeat(8 * 1024 * 1024)} {1}\r\ny`);
    for (let count = 0; count < 5; count++) frames.push(long);
    expect(seen.failures).toMatchObject([{code: 'LiteralTooLarge'}]);
  });

  it('counts anew with each response', () => {
    const {frames, seen} = framing((_size, before) => {
      before();
      return undefined;
    });
    for (let count = 0; count < 2; count++) {
      frames.push(Buffer.from('x'.repeat(8 * 1024 * 1024)));
      frames.push(Buffer.from(`${' {1}\r\ny'.repeat(40)} {${9 * 1024 * 1024}}\r\n`));
      frames.push(Buffer.alloc(9 * 1024 * 1024));
      frames.push(Buffer.from('\r\n'));
    }
    expect([seen.failures, seen.responses.length]).toEqual([[], 2]);
  });

  it('hands a literal to its sink piece by piece, and reads nothing more while the sink holds', () => {
    const pieces: string[] = [];
    let resume: (() => void) | undefined;
    const {frames, seen} = framing((size, before) => {
      expect([size, before()]).toEqual([10, '* 7 FETCH (UID 9 BODY[] {10}']);
      return {
        write: (chunk, goOn) => {
          pieces.push(chunk.toString());
          resume = goOn;
          return false;
        },
        end: () => pieces.push('end'),
      };
    });
    frames.push(Buffer.from('* 7 FETCH (UID 9 BODY[] {10}\r\nabcd'));
    expect([pieces, frames.held, seen.holds]).toEqual([['abcd'], true, 1]);
    frames.push(Buffer.from('efghij)\r\nF2 OK\r\n'));
    expect(pieces).toEqual(['abcd']);
    resume?.();
    expect(pieces).toEqual(['abcd', 'efghij', 'end']);
    expect(seen.responses).toEqual([]);
    resume?.();
    expect(text(seen.responses)).toEqual([
      {lines: ['* 7 FETCH (UID 9 BODY[] {10}', ')'], literals: ['']},
      {lines: ['F2 OK'], literals: []},
    ]);
    expect(seen.releases).toBe(1);
  });

  it('tells what a sink throws, also after a pause', () => {
    let resume: (() => void) | undefined;
    let calls = 0;
    const {frames, seen} = framing(() => ({
      write: (_chunk, goOn) => {
        resume = goOn;
        calls++;
        if (calls === 2) throw new Error('disk full');
        return false;
      },
      end: () => undefined,
    }));
    frames.push(Buffer.from('x {4}\r\nab'));
    frames.push(Buffer.from('cd\r\n'));
    resume?.();
    expect(seen.failures).toMatchObject([{message: 'disk full'}]);
  });
});
