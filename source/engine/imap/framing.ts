// Cuts the bytes a server sends into responses (RFC 9051 section 2.2): lines, with the literals inside them. No
// sockets, no commands. Bounded in every length and count a server announces.
import {emptyLiteral, Literal, Pieces} from './literal.ts';
import {Slabs, type Slot} from './slabs.ts';

/** `lines[0] literals[0] lines[1] literals[1] … lines[n]`: a response as it came, literals not copied. */
export type WireResponse = {readonly lines: readonly string[]; readonly literals: readonly Literal[]};

/** Takes a literal as it arrives. `write` false means: hold the server until `resume` is called. */
export type LiteralSink = {
  write(chunk: Buffer, resume: () => void): boolean;
  end(): void;
};

export type FramingHandlers = {
  readonly response: (response: WireResponse) => void;
  /** A literal of `size` bytes begins; a sink takes it instead of memory. `before` gives the response so far. */
  readonly literal: (size: number, before: () => string) => LiteralSink | undefined;
  /** A sink asks for a pause, then for more. */
  readonly hold: () => void;
  readonly release: () => void;
  /** Nothing more is read after this: a FramingError, or what a handler or sink threw. */
  readonly failed: (error: unknown) => void;
};

/** What no sound server sends; the connection cannot be used any more. */
export class FramingError extends Error {
  readonly code: 'LineTooLarge' | 'LiteralTooLarge' | 'TooManyTokens' | 'TooManyResponses';

  constructor(code: FramingError['code'], message: string) {
    super(message);
    this.name = 'FramingError';
    this.code = code;
  }
}

/** A longer line is an attack or a broken server: SEARCH over four million messages stays below it. */
const longestLine = 32 * 1024 * 1024;
/** Of a response in memory, with all its literals; larger ones need a sink. */
const largestResponse = 32 * 1024 * 1024;
/** Each attachment's name may be one, in what a message is made of: Dovecot sends so what is not ASCII. */
const mostLiterals = 100_000;
/** Bytes of responses so far that are looked at, all looks together: a look at each literal must not cost their square. */
const mostLooked = 512 * 1024 * 1024;
const literalAtEnd = /\{(\d+)\+?\}$/;
/** Sizes have 32 bits (RFC 3501 section 9, number), in a sink too: what is more can only be meant to go on for ever. */
const largestLiteral = 2 ** 32 - 1;

/** Most lines end sooner; so far a look at each byte costs less than a call. */
const usualLine = 256;

/** The next LF from `at` on; -1 where there is none. */
function lineEnd(chunk: Buffer, at: number): number {
  const near = Math.min(chunk.length, at + usualLine);
  for (let index = at; index < near; index++) if (chunk[index] === 10) return index;
  return near === chunk.length ? -1 : chunk.indexOf(10, near);
}

export class Framing {
  readonly #handlers: FramingHandlers;
  readonly #partial = new Pieces();
  #partialBytes = 0;
  #lines: string[] = [];
  #literals: Literal[] = [];
  #literalLeft = 0;
  readonly #literalChunks = new Pieces();
  readonly #slabs = new Slabs();
  #slot: Slot | undefined;
  /** Of the response so far that are kept: lines and literals. */
  #kept = 0;
  #before = '';
  #looked = 0;
  #sink: LiteralSink | undefined;
  #held = false;
  #failed = false;
  #waiting: Buffer[] = [];

  constructor(handlers: FramingHandlers) {
    this.#handlers = handlers;
  }

  /** A sink holds the server; silence is then its doing, not the server's. */
  get held(): boolean {
    return this.#held;
  }

  /** Never throws: what is wrong goes to `failed`. */
  push(chunk: Buffer): void {
    if (this.#failed) return;
    if (this.#held) this.#waiting.push(chunk);
    else this.#guard(() => this.#parse(chunk));
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.clear();
      this.#handlers.failed(error);
    }
  }

  /** Reads nothing more, drops what is waiting. */
  clear(): void {
    this.#failed = true;
    this.#waiting = [];
    this.#literalChunks.take();
    this.#partial.take();
    this.#slot = undefined;
    this.#lines = [];
    this.#literals = [];
    this.#before = '';
  }

  #parse(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#failed) {
      if (this.#literalLeft > 0) {
        const take = Math.min(this.#literalLeft, chunk.length - at);
        const piece = take === chunk.length ? chunk : chunk.subarray(at, at + take);
        at += take;
        const more = this.#takeLiteral(piece);
        this.#literalLeft -= take;
        if (this.#literalLeft === 0) this.#endLiteral();
        if (!more) {
          this.#hold(chunk.subarray(at));
          return;
        }
        continue;
      }
      const end = lineEnd(chunk, at);
      if (end === -1) {
        this.#keepPartial(chunk.subarray(at));
        return;
      }
      const line = this.#line(chunk, at, end);
      at = end + 1;
      this.#takeLine(line);
    }
  }

  #keepPartial(rest: Buffer): void {
    this.#partial.add(rest);
    this.#partialBytes += rest.length;
    if (this.#partialBytes > longestLine)
      throw new FramingError('LineTooLarge', 'The server sent a line without end');
  }

  /** Without its CRLF; a bare LF is taken for one. */
  #line(chunk: Buffer, from: number, to: number): string {
    if (this.#partial.empty)
      return chunk.toString('latin1', from, to > from && chunk[to - 1] === 13 ? to - 1 : to);
    const whole = Buffer.concat([...this.#partial.take(), chunk.subarray(from, to)]);
    this.#partialBytes = 0;
    return whole.toString('latin1', 0, whole.at(-1) === 13 ? whole.length - 1 : whole.length);
  }

  #takeLine(line: string): void {
    this.#lines.push(line);
    const literal = line.endsWith('}') ? literalAtEnd.exec(line) : null;
    if (literal?.[1] === undefined) {
      const response = {lines: this.#lines, literals: this.#literals};
      this.#lines = [];
      this.#literals = [];
      this.#kept = 0;
      this.#before = '';
      this.#looked = 0;
      this.#handlers.response(response);
      return;
    }
    const size = Number(literal[1]);
    if (size > largestLiteral)
      throw new FramingError(
        'LiteralTooLarge',
        `The server sent a literal of ${literal[1].slice(0, 20)} bytes`,
      );
    if (this.#literals.length >= mostLiterals)
      throw new FramingError('TooManyTokens', 'The server sent too many literals in one response');
    this.#before += line;
    this.#sink = this.#handlers.literal(size, () => this.#look());
    this.#kept += line.length + (this.#sink === undefined ? size : 0);
    if (this.#kept > largestResponse)
      throw new FramingError('LiteralTooLarge', `The server sent a literal of ${size} bytes`);
    this.#literalLeft = size;
    if (this.#sink === undefined) this.#slot = this.#slabs.take(size);
    if (size === 0) this.#endLiteral();
  }

  #look(): string {
    this.#looked += this.#before.length;
    if (this.#looked > mostLooked)
      throw new FramingError('TooManyTokens', 'The server sent too many literals in one response');
    return this.#before;
  }

  #takeLiteral(piece: Buffer): boolean {
    if (this.#sink !== undefined) return this.#sink.write(piece, () => this.#release());
    if (this.#slot === undefined) this.#literalChunks.add(piece);
    else this.#slot.bytes.set(piece, this.#slot.bytes.length - this.#literalLeft);
    return true;
  }

  #endLiteral(): void {
    const [sink, slot] = [this.#sink, this.#slot];
    this.#sink = undefined;
    this.#slot = undefined;
    if (sink !== undefined) this.#literals.push(emptyLiteral);
    else if (slot !== undefined) this.#literals.push(new Literal([slot.bytes], slot));
    else this.#literals.push(new Literal(this.#literalChunks.take()));
    sink?.end();
  }

  #hold(rest: Buffer): void {
    this.#held = true;
    if (rest.length > 0) this.#waiting.unshift(rest);
    this.#handlers.hold();
  }

  #release(): void {
    if (!this.#held || this.#failed) return;
    this.#held = false;
    while (!this.#held) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#guard(() => this.#parse(next));
    }
    if (!this.#held && !this.#failed) this.#handlers.release();
  }
}
