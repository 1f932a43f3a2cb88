// How much of the answers to a FETCH is kept. A server that announces small messages and sends large ones must not fill
// the memory: what is beyond the bound runs through, and is known by its UID.
import {Literal} from './literal.ts';
import {uidInLine} from './responses.ts';
import type {LiteralSink, WireResponse} from './wire.ts';

export type Keep = {
  /** Bytes of all bodies together. */
  readonly all: number;
  /** Bytes kept of the beginning of one that is longer: where not given, only whole ones are of use. */
  readonly beginning?: number;
};

/** Of what is told of a message beside its body: flags, for the most part. */
const aboutOne = 4096;

/** Of the beginning of one, once there is no room left. */
const least = 16 * 1024;

export class KeptBodies {
  readonly #wanted: ReadonlySet<number>;
  readonly #keep: Keep;
  #left: number;
  #leftOfLines: number;
  #last: Buffer[] | undefined;

  constructor(wanted: ReadonlySet<number>, keep: Keep) {
    this.#wanted = wanted;
    this.#keep = keep;
    this.#left = keep.all;
    this.#leftOfLines = wanted.size * aboutOne;
  }

  /** For the literal that begins; undefined where it fits, or is not ours: only what does not fit is looked at closely. */
  sink(size: number, before: string, alone: boolean): LiteralSink | undefined {
    const {beginning} = this.#keep;
    if (size <= this.#left && (beginning === undefined || size <= beginning)) return undefined;
    const named = uidInLine.exec(before)?.[1];
    if (named === undefined ? !alone : !this.#wanted.has(Number(named))) return undefined;
    const pieces: Buffer[] = [];
    let room = beginning === undefined ? 0 : Math.min(beginning, Math.max(least, this.#left));
    this.#left = Math.max(0, this.#left - room);
    this.#last = pieces;
    return {
      write: chunk => {
        if (room > 0) pieces.push(Buffer.from(chunk.subarray(0, room)));
        room -= Math.min(room, chunk.length);
        return true;
      },
      end: () => undefined,
    };
  }

  /**
   * A whole response that is ours. False: it is not to be kept. Only now is it known whose it is where its UID stands behind
   * the body, and how long where that is no literal.
   */
  took({lines, literals}: WireResponse): boolean {
    for (const {length} of literals) this.#left -= length;
    for (const {length} of lines) this.#leftOfLines -= length;
    const fits = this.#left >= 0 && this.#leftOfLines >= 0;
    this.#left = Math.max(0, this.#left);
    this.#leftOfLines = Math.max(0, this.#leftOfLines);
    return fits || this.#keep.beginning !== undefined;
  }

  /** Once the response is whole: the beginning of a body in it that did not fit; undefined where all did. */
  takeCut(): Literal | undefined {
    const pieces = this.#last;
    this.#last = undefined;
    return pieces === undefined ? undefined : new Literal(pieces);
  }
}
