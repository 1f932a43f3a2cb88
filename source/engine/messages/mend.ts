// Makes a message acceptable that a server has refused: breaks lines that are too long, gives bare line feeds their
// carriage return, takes NUL bytes out. As little as that takes, and piece by piece, so that a large message need not be
// whole in memory. What was mended once is not changed by mending it again. Asked for only after a refusal, where it is
// switched on.
import {exchangeLimits} from './examine.ts';

export type MendKind = 'lines' | 'line-ends' | 'nul';

/** What a request may ask for; none where it says nothing. */
export type Repair = 'lines' | 'bytes' | 'all';

export const mendKinds: Readonly<Record<Repair, readonly MendKind[]>> = {
  lines: ['lines'],
  bytes: ['line-ends', 'nul'],
  all: ['lines', 'line-ends', 'nul'],
};

/** How often each was done. */
export type Mends = {lines: number; lineEnds: number; nuls: number};

/** Bytes of what a line that is too long is broken into: imapsync's, below the limit of Exchange. */
const pieceOfLine = 9900;
const {line: longestLine} = exchangeLimits;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const lineBreak = Buffer.from('\r\n');
const foldedBreak = Buffer.from('\r\n ');
const carriage = Buffer.from('\r');

export class Mender {
  readonly mends: Mends = {lines: 0, lineEnds: 0, nuls: 0};
  readonly #kinds: ReadonlySet<MendKind>;
  #inHeader: boolean;
  /** The end of the line that has begun, as far as it has to be kept; never longer than a line may be. */
  #begun: Buffer = Buffer.alloc(0);
  /** Its first part has gone out already. */
  #broken = false;
  /** Bytes that have come out. */
  length = 0;

  /** @param begin where in a message the first bytes are from */
  constructor(kinds: Iterable<MendKind>, begin: 'header' | 'body' = 'header') {
    this.#kinds = new Set(kinds);
    this.#inHeader = begin === 'header';
  }

  get changed(): boolean {
    return this.mends.lines + this.mends.lineEnds + this.mends.nuls > 0;
  }

  push(chunk: Buffer): Buffer[] {
    const out: Buffer[] = [];
    const data = this.#withoutNuls(this.#begun.length === 0 ? chunk : Buffer.concat([this.#begun, chunk]));
    let start = 0;
    for (let at = data.indexOf(lineFeed); at !== -1; at = data.indexOf(lineFeed, start)) {
      const bare = at === start || data[at - 1] !== carriageReturn;
      const end = bare ? at : at - 1;
      out.push(this.#pieces(data.subarray(start, end), 0, out));
      if (bare && this.#kinds.has('line-ends')) {
        this.mends.lineEnds++;
        out.push(carriage);
      }
      out.push(data.subarray(end, at + 1));
      if (end === start && !this.#broken) this.#inHeader = false;
      this.#broken = false;
      start = at + 1;
    }
    // Its last byte may be the carriage return of its end.
    this.#begun = this.#pieces(data.subarray(start), 1, out);
    return this.#counted(out);
  }

  end(): Buffer[] {
    const out: Buffer[] = [];
    out.push(this.#pieces(this.#begun, 0, out));
    this.#begun = Buffer.alloc(0);
    return this.#counted(out);
  }

  #counted(out: Buffer[]): Buffer[] {
    for (const piece of out) this.length += piece.length;
    return out.filter(piece => piece.length > 0);
  }

  /**
   * Breaks off pieces until what is left is no longer than a line may be.
   * @param spare bytes that may be none of the line
   * @returns what is left
   */
  #pieces(line: Buffer, spare: number, out: Buffer[]): Buffer {
    if (!this.#kinds.has('lines')) return this.#passed(line, spare, out);
    let rest = line;
    while (rest.length > (this.#broken ? pieceOfLine : longestLine) + spare) {
      const at = placeToBreak(rest);
      out.push(rest.subarray(0, at), this.#inHeader && !isBlank(rest[at]) ? foldedBreak : lineBreak);
      rest = rest.subarray(at);
      this.mends.lines++;
      this.#broken = true;
    }
    return rest;
  }

  /** Lines may be of any length: what has come goes out at once, all but what may be the carriage return of the end. */
  #passed(line: Buffer, spare: number, out: Buffer[]): Buffer {
    if (spare === 0) return line;
    const kept = line.at(-1) === carriageReturn ? 1 : 0;
    const whole = line.subarray(0, line.length - kept);
    if (whole.length > 0) this.#broken = true;
    out.push(whole);
    return line.subarray(whole.length);
  }

  #withoutNuls(data: Buffer): Buffer {
    if (!this.#kinds.has('nul') || !data.includes(0)) return data;
    const kept = data.filter(byte => byte !== 0);
    this.mends.nuls += data.length - kept.length;
    return Buffer.from(kept.buffer, kept.byteOffset, kept.byteLength);
  }
}

/** Before a blank, so that in a header it is a fold and in a text no word is cut; else between two characters. */
function placeToBreak(line: Buffer): number {
  for (let at = pieceOfLine; at > pieceOfLine / 2; at--)
    if (isBlank(line[at]) && !isBlank(line[at + 1]) && !isBlank(line[at - 1])) return at;
  let at = pieceOfLine;
  // Not inside =E4 of quoted-printable, nor inside a character of UTF-8.
  for (let back = 1; back <= 2; back++) if (line[at - back] === 0x3d) at -= back;
  for (let back = 0; back < 3 && ((line[at] ?? 0) & 0xc0) === 0x80; back++) at--;
  return at;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

/** A whole message or the body of a part mended, in pieces; undefined where there is nothing to mend. */
export function mended(
  message: Buffer,
  kinds: Iterable<MendKind>,
  begin: 'header' | 'body' = 'header',
): {readonly pieces: readonly Buffer[]; readonly mends: Mends} | undefined {
  const mender = new Mender(kinds, begin);
  const pieces = [...mender.push(message), ...mender.end()];
  return mender.changed ? {pieces, mends: mender.mends} : undefined;
}
