// What can go wrong, said once: a code, how far it reaches, what to do about it. Screens, logs and reports
// all print these sentences.
import {cleanText} from '../../format/clean.ts';
import type {End} from '../events.ts';
import {connectionProblems} from './connection.ts';
import type {ProblemEntry} from './entry.ts';
import {folderProblems} from './folder.ts';
import {messageProblems} from './message.ts';
import {microsoftProblems} from './microsoft.ts';
import {runProblems} from './run.ts';
import {signInProblems} from './sign-in.ts';
import {tlsProblems} from './tls.ts';

/** How much is lost by it: one message, one folder, one mailbox (request), or the whole run. */
export type Scope = 'message' | 'folder' | 'mailbox' | 'run';

/** What the engine does next: try again, try again more slowly, leave this one out, or stop this scope. */
export type Verdict = 'again' | 'slower' | 'skip' | 'stop';

/** Plain data, safe to print anywhere: no secret, no control character, bounded length. */
export type Problem = {
  readonly code: string;
  readonly scope: Scope;
  readonly verdict: Verdict;
  /** The end it is about; absent where it is about both or neither. */
  readonly end?: End;
  /** What is wrong, one sentence for a person. */
  readonly sentence: string;
  /** What the person can do about it, one sentence. */
  readonly nextStep?: string;
  /** The server's own words, cleaned. */
  readonly detail?: string;
  /** A page that says more: Microsoft's documentation, or its look-up of an error code. */
  readonly link?: string;
};

const catalogue = {
  ...connectionProblems,
  ...tlsProblems,
  ...signInProblems,
  ...microsoftProblems,
  ...folderProblems,
  ...messageProblems,
  ...runProblems,
};

export type ProblemCode = keyof typeof catalogue;
export type ProblemParameters<C extends ProblemCode> = Parameters<(typeof catalogue)[C]['sentence']>[0];

/** All codes, for the tests. */
export const problemCodes = Object.keys(catalogue) as readonly ProblemCode[];

export type ProblemMore = {
  /** The server's own words; cleaned here. */
  readonly detail?: string;
  /** Where the place it happened decides how far it reaches. */
  readonly scope?: Scope;
  readonly verdict?: Verdict;
};

/** Fills in a line of the catalogue. Every text in `parameters` may come from a server: it is cleaned here. */
export function problem<C extends ProblemCode>(
  code: C,
  parameters: ProblemParameters<C>,
  more: ProblemMore = {},
): Problem {
  // Code and parameters belong together by the signature; the compiler cannot follow that through the union.
  const entry = catalogue[code] as ProblemEntry<never>;
  const safe = cleanParameters(parameters) as never;
  const nextStep = entry.nextStep?.(safe);
  const link = entry.link?.(safe);
  const end = 'end' in parameters ? (parameters.end as End) : undefined;
  const detail = more.detail === undefined ? '' : cleanText(more.detail, 500).trim();
  return {
    code,
    scope: more.scope ?? entry.scope,
    verdict: more.verdict ?? entry.verdict,
    ...(end === undefined ? {} : {end}),
    sentence: cleanText(entry.sentence(safe), 600),
    ...(nextStep === undefined ? {} : {nextStep: cleanText(nextStep, 900)}),
    ...(detail === '' ? {} : {detail}),
    ...(link === undefined ? {} : {link}),
  };
}

function cleanParameters(parameters: object): object {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, cleanValue(value)]));
}

function cleanValue(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value, 160);
  if (Array.isArray(value)) return value.slice(0, 5).map(cleanValue);
  return value;
}
