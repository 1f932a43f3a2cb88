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

/** Of the beginning of one, once there is no room left. */
const least = 16 * 1024;

export class KeptBodies {
  readonly #wanted: ReadonlySet<number>;
  readonly #keep: Keep;
  #left: number;
  #last: Buffer[] | undefined;

  constructor(wanted: ReadonlySet<number>, keep: Keep) {
    this.#wanted = wanted;
    this.#keep = keep;
    this.#left = keep.all;
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

  /** A whole response that is ours. Of literals in one response each by itself has fitted: together the reader bounds them. */
  took({literals}: WireResponse): void {
    for (const {length} of literals) this.#left = Math.max(0, this.#left - length);
  }

  /** Once the response is whole: the beginning of a body in it that did not fit; undefined where all did. */
  takeCut(): Literal | undefined {
    const pieces = this.#last;
    this.#last = undefined;
    return pieces === undefined ? undefined : new Literal(pieces);
  }
}
