// Why Exchange refuses a message: its words say next to nothing, so the message decides. Pure.
import type {Problem} from '../problems/problems.ts';
import {problem} from '../problems/problems.ts';
import {mostParts as mostLooked} from './entity.ts';
import {deepestLook, exchangeLimits, type Findings} from './examine.ts';

/** What Exchange Online takes where nobody has changed it (exchange-online-limits): 36 MB. */
export const usualExchangeLimit = 36 * 1024 * 1024;

export type RefusedMessage = {
  /** Bytes. */
  readonly size: number;
  /** What was seen of it: of a message too large to be kept its lines alone. */
  readonly findings?: Findings | Pick<Findings, 'longestLine' | 'hasNul'>;
  /** What the destination says it takes at most, in bytes. */
  readonly limit?: number;
};

/** What Cyrus and its kin say of the bytes of a message. */
const bytesBlamed: readonly (readonly [RegExp, 'message-has-nul' | 'message-has-bare-lines'])[] = [
  [/\bNUL (characters|bytes)\b/i, 'message-has-nul'],
  [/\bbare (newlines|line ?feeds|LF)\b/i, 'message-has-bare-lines'],
];

/** Words that mean that the message is to blame, or may be. */
const blame = /Command Argument Error\. 11|Command Error\. 10|command line limit exceeded/i;

/**
 * The reason in place of "the destination refuses this message"; undefined where the words are none that are known.
 * @param words the server's answer behind NO or BAD
 */
export function explainRefusal(words: string, {size, findings, limit}: RefusedMessage): Problem | undefined {
  const more = {detail: words};
  for (const [pattern, code] of bytesBlamed) if (pattern.test(words)) return problem(code, {}, more);
  if (!blame.test(words)) return undefined;
  if (size > (limit ?? usualExchangeLimit))
    return problem('message-too-large', {size, limit: limit ?? usualExchangeLimit}, more);
  if (findings === undefined) return problem('message-refused-unexplained', {}, more);
  const {longestLine, hasNul} = findings;
  const {line, parts: mostParts, depth: deepest} = exchangeLimits;
  if (longestLine > line) return problem('message-line-too-long', {bytes: longestLine, most: line}, more);
  if (!('parts' in findings))
    return hasNul
      ? problem('message-has-nul', {}, more)
      : problem('message-refused-unexplained', {onlyLines: true}, more);
  const {parts, depth, unknownCharset, isReport} = findings;
  if (parts > mostParts)
    return problem('message-too-many-parts', {parts, most: mostParts, atLeast: parts > mostLooked}, more);
  if (depth > deepest)
    return problem('message-too-deep', {depth, most: deepest, atLeast: depth >= deepestLook}, more);
  if (unknownCharset !== undefined)
    return problem('message-charset-unknown', {charset: unknownCharset}, more);
  if (isReport) return problem('message-is-receipt', {}, more);
  if (hasNul) return problem('message-has-nul', {}, more);
  return problem('message-refused-unexplained', {}, more);
}
