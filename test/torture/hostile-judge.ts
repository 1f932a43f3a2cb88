// What became of one request under attack, judged by what lies at the destination and what the run says of it. Pure.
import type {Attack} from '../servers/hostile-says.ts';
import {isSentence} from './sentence.ts';

export type Assault = {readonly attack: Attack; readonly end: 'source' | 'destination'};

export const nameOf = ({attack, end}: Assault) => `${end}: ${attack.name}`;

/** What the run says of a request. */
export type RequestTold = {
  readonly state: string;
  /** -1, as all counts, where it never told them. */
  readonly selected: number;
  readonly copied: number;
  readonly alreadyPresent: number;
  readonly skipped: number;
  readonly failed: number;
  readonly failedFolders: number;
  /** Codes of its notes, each once. */
  readonly notes: readonly string[];
  readonly sentence: string;
  readonly detail: string;
  readonly code: string;
};

export type Judgement = {
  /** Promises that were broken, in words. */
  readonly broken: readonly string[];
  readonly lost: number;
  readonly doubled: number;
};

/** Notes that say that mail may be missing. Others, as of keywords, are no word about it. */
const warnings: ReadonlySet<string> = new Set([
  'copies-deleted',
  'folder-incomplete',
  'headers-left-out',
  'messages-too-large',
]);

/** It says by nothing at all that a message may be missing. */
export function endsWell({state, skipped, failed, failedFolders, notes}: RequestTold): boolean {
  return (
    state === 'Processed' &&
    skipped === 0 &&
    failed === 0 &&
    failedFolders === 0 &&
    !notes.some(code => warnings.has(code))
  );
}

export type Found = {
  /** Messages that the source really holds. */
  readonly truth: number;
  /** Names of those that the destination holds, each as often as it does. */
  readonly stored: readonly string[];
  /** All that the destination holds, known by name or not. */
  readonly messages: number;
};

/** @param assault undefined: both servers are honest */
export function judgeRequest(
  assault: Assault | undefined,
  told: RequestTold,
  {truth, stored, messages}: Found,
): Judgement {
  const broken: string[] = [];
  const name = assault === undefined ? 'the honest one' : nameOf(assault);
  const {state, selected, copied, alreadyPresent, skipped, failed, sentence, detail, code} = told;
  if (code === 'internal-error') broken.push(`${name}: ${sentence} ${detail}`);
  if (state !== 'Processed' && !isSentence(sentence))
    broken.push(`${name}: it ended as "${state}", and says only "${sentence}"`);
  // Deleted ones are among the skipped.
  if (copied + alreadyPresent + skipped + failed !== selected || (selected < 0 && state === 'Processed'))
    broken.push(
      `${name}: ${copied} copied, ${alreadyPresent} present, ${skipped} skipped and ${failed} failed are not ${selected} selected`,
    );
  const once = new Set(stored).size;
  if (assault === undefined && (!endsWell(told) || once !== truth))
    broken.push(`${name}: ${state}, ${once} of ${truth}: ${sentence}`);
  const hidden = assault === undefined ? undefined : unseen.get(nameOf(assault))?.hides;
  const there = hidden === 'content' ? messages : once;
  // What the destination says changes nothing of what the source has: words about some are no word about the others.
  const expected = endsWell(told)
    ? hidden === 'choice'
      ? selected
      : truth
    : assault?.end === 'destination' && state === 'Processed'
      ? selected - skipped - failed
      : 0;
  return {
    broken,
    lost: Math.max(0, expected - there),
    // A source may send a message under as many UIDs as it likes.
    doubled: assault?.end === 'source' || hidden === 'copies' ? 0 : stored.length - once,
  };
}

type Unseen = {
  /**
   * content: messages are counted, whatever is in them; copies: what it holds already is copied again; choice: what is
   * asked for, so that no more is expected than was selected.
   */
  readonly hides: 'content' | 'copies' | 'choice';
  readonly why: string;
};

/** Lies that no client can see through. Each says why. */
export const unseen: ReadonlyMap<string, Unseen> = new Map<string, Unseen>([
  [
    'source: nothing found (search, half is there)',
    {hides: 'choice', why: 'mail is of the dates asked for where the search for them says so'},
  ],
  [
    'source: one found fewer (search, half is there)',
    {hides: 'choice', why: 'as above: the folder may well hold mail of other dates'},
  ],
  [
    'source: bodies of 8 MB that were announced small (bodies)',
    {
      hides: 'content',
      why: 'what the source sends as the body is the message; Exchange too announces other sizes',
    },
  ],
  [
    'source: headers of each other (headers, half is there)',
    {hides: 'content', why: 'what is there already is known by headers; only all bodies would tell'},
  ],
  [
    'destination: headers of other mail (headers, half is there)',
    {hides: 'copies', why: 'it holds other mail for all that it says; only all bodies would tell'},
  ],
  [
    'destination: headers with escapes (headers, half is there)',
    {hides: 'copies', why: 'as above: whole and well-formed headers of mail that nobody has sent'},
  ],
]);
