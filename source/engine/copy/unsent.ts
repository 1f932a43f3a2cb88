// Which messages are not even sent, and why. Pure.
import type {Literal} from '../imap/literal.ts';
import {longestStub, readStub, type Stub} from '../messages/stub.ts';
import {type Problem, problem} from '../problems/problems.ts';

export type Unsent = {
  readonly problem: Problem;
  /** What is known of the message that the source should have sent. */
  readonly about: Stub;
};

/** Bytes of a message that tell whether it is one of those. */
export const enoughToTell = longestStub + 1;

/**
 * @param body all of it, or its beginning: `enoughToTell` at least
 * @param size of all of it, bytes
 * @param exchange the source is Exchange, which puts a note in the place of what it cannot convert
 * @param limit bytes that the destination says it takes at most (RFC 7889)
 */
export function whyUnsent(
  body: Literal,
  {
    size,
    exchange,
    limit,
  }: {readonly size: number; readonly exchange: boolean; readonly limit: number | undefined},
): Unsent | undefined {
  if (limit !== undefined && size > limit)
    return {problem: problem('message-too-large', {size, limit}), about: {}};
  const stub = exchange && size <= longestStub ? readStub(body.bytes) : undefined;
  return stub === undefined ? undefined : {problem: problem('exchange-stub', {}), about: stub};
}
