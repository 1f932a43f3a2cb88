// How many folders, and of what size, a server may list: what holds for every honest mailbox, and fits in memory.
import type {End} from '../events.ts';
import {FramingError} from './framing.ts';

/** Bytes of a name on the wire, all levels. Servers end at a few hundred. */
const longestName = 8192;
/** Exchange allows 300. */
const mostLevels = 300;
const mostFolders = 200_000;
/** Bytes of all names together. */
const mostBytes = 32 * 1024 * 1024;
/** The levels of each folder, squared and added up: every level above one is held with its whole path. */
const mostWeight = 20_000_000;

/** What is brought lies below a folder of the destination: there it is read again, a little deeper than at the source. */
const roomBelow = 2;

export class ListBounds {
  readonly #room: number;
  #folders = 0;
  #bytes = 0;
  #weight = 0;

  constructor(end: End) {
    this.#room = end === 'destination' ? roomBelow : 1;
  }

  /** @throws FramingError where it is more than a mailbox can have */
  add(wire: string, delimiter: string): void {
    if (wire.length > longestName * this.#room)
      throw new FramingError('LineTooLarge', `The server lists a folder with a name of ${wire.length} bytes`);
    const levels = delimiter === '' ? 1 : wire.split(delimiter).length;
    if (levels > mostLevels * this.#room)
      throw new FramingError('TooManyTokens', `The server lists a folder ${levels} levels deep`);
    this.#folders++;
    this.#bytes += wire.length;
    this.#weight += levels * levels;
    const isMore = (held: number, most: number) => held > most * this.#room;
    if (
      isMore(this.#folders, mostFolders) ||
      isMore(this.#bytes, mostBytes) ||
      isMore(this.#weight, mostWeight)
    )
      throw new FramingError('TooManyResponses', `The server lists more than ${this.#folders - 1} folders`);
  }
}
