// Signing in to Microsoft once more, as somebody else or after a right was given: what was signed in with is forgotten
// first. A delegate opens other people's mailboxes by right, so that nobody is refused for the name alone.
import {useState} from 'react';
import type {Inspection} from '../engine/look/inspection.ts';
import type {Problem, ProblemCode} from '../engine/problems/problems.ts';
import {loginName} from '../request/endpoint.ts';
import {isPersonal} from '../request/personal.ts';
import type {Endpoint, Request} from '../request/schema.ts';
import type {MicrosoftPort} from '../services.ts';

/** What the sign-in of another person, or a new one of the same, may mend. */
const ofPerson = new Set<string>([
  'own-mailbox-refused',
  'full-access-missing',
  'mailbox-missing',
  'mailbox-not-connected',
  'imap-permission-missing',
  'token-for-other-resource',
  'sign-in-needed',
] satisfies ProblemCode[]);

/** A mailbox that somebody's sign-in did not open, and why. */
export type Unopened = {readonly endpoint: Endpoint; readonly problem: Problem};

/** The ends of a look that a new sign-in may open. */
export function unopened(request: Request, {failed}: Inspection): readonly Unopened[] {
  return (['source', 'destination'] as const).flatMap(end => {
    const problem = failed?.[end]?.problem;
    return problem !== undefined && ofPerson.has(problem.code) && isPersonal(request[end])
      ? [{endpoint: request[end], problem}]
      : [];
  });
}

/** A turn of the gate. */
export type Turn = {
  /** Another one with each turn. */
  readonly number: number;
  /** Settles when what was signed in with is forgotten. */
  readonly forgotten: Promise<void>;
  /** Why, by mailbox. */
  readonly reasons: ReadonlyMap<string, Problem>;
};

/**
 * The turn the gate is at, and what begins another one: without anything to forget it only looks again who has to sign in.
 * What could not be forgotten counts on, and the look after it says so.
 */
export function useTurns(microsoft: MicrosoftPort) {
  const [turn, setTurn] = useState<Turn>({number: 0, forgotten: Promise.resolve(), reasons: new Map()});
  const begin = (ends: readonly Unopened[]) => {
    const forgotten = microsoft.forget(ends.map(({endpoint}) => endpoint)).catch(() => undefined);
    const reasons = new Map(ends.map(({endpoint, problem}) => [loginName(endpoint), problem]));
    setTurn(before => ({number: before.number + 1, forgotten, reasons}));
  };
  return [turn, begin] as const;
}
