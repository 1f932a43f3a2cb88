// Why Exchange refuses a message: its words say next to nothing, so the message decides. Pure.
import type {Problem} from '../problems.ts';
import {problem} from '../problems.ts';
import {exchangeLimits, type Findings} from './examine.ts';

/** What Exchange Online takes where nobody has changed it (exchange-online-limits): 36 MB. */
export const usualExchangeLimit = 36 * 1024 * 1024;

export type RefusedMessage = {
  /** Bytes. */
  readonly size: number;
  /** Absent where the message was too large to be kept. */
  readonly findings?: Findings;
  /** What the destination says it takes at most, in bytes. */
  readonly limit?: number;
};

/** Words that mean that the message is to blame, or may be. */
const blame = /Command Argument Error\. 11|Command Error\. 10|command line limit exceeded/i;

/**
 * The reason in place of "the destination refuses this message"; undefined where the words are not Exchange's.
 * @param words the server's answer behind NO or BAD
 */
export function explainRefusal(words: string, {size, findings, limit}: RefusedMessage): Problem | undefined {
  if (!blame.test(words)) return undefined;
  const more = {detail: words};
  if (size > (limit ?? usualExchangeLimit))
    return problem('message-too-large', {size, limit: limit ?? usualExchangeLimit}, more);
  if (findings === undefined) return problem('message-refused-unexplained', {}, more);
  const {longestLine, parts, depth, unknownCharset, isReport, hasNul} = findings;
  const {line, parts: mostParts, depth: deepest} = exchangeLimits;
  if (longestLine > line) return problem('message-line-too-long', {bytes: longestLine, most: line}, more);
  if (parts > mostParts) return problem('message-too-many-parts', {parts, most: mostParts}, more);
  if (depth > deepest) return problem('message-too-deep', {depth, most: deepest}, more);
  if (unknownCharset !== undefined)
    return problem('message-charset-unknown', {charset: unknownCharset}, more);
  if (isReport) return problem('message-is-receipt', {}, more);
  if (hasNul) return problem('message-has-nul', {}, more);
  return problem('message-refused-unexplained', {}, more);
}
