// How much a server may answer to one command of a session: what holds for every honest mailbox, and fits in memory.
import {FramingError} from './framing.ts';

/** In a folder: ten times what is ordinary work. */
export const mostMessages = 5_000_000;
/** Lines of a list, each folder's status among them. */
export const mostListed = 500_000;
/** Bytes of messages that the server had not announced, or announced too small. */
export const unannounced = 4 * 1024 * 1024;
/** Bytes of the headers of one command, and of one of them: as much as is ever read of one. */
export const mostHeaders = 64 * 1024 * 1024;
export const longestHeader = 256 * 1024;
/** Messages that a folder may list beyond twice what it says it holds: mail arrives meanwhile, but not that much. */
const mostUntold = 100_000;

/** @throws FramingError where a folder that told of so many lists far more */
export function boundListed(listed: number, told: number): void {
  if (listed > told * 2 + mostUntold)
    throw new FramingError('TooManyResponses', `The server lists ${listed} messages in a folder of ${told}`);
}

/** @throws FramingError where a search found more than a folder can hold */
export function boundFound(found: number): void {
  if (found > mostMessages)
    throw new FramingError('TooManyResponses', `The server found more than ${mostMessages} messages`);
}
