// What a run and those who watch it say to each other over its socket, one JSON value a line.
import type {RunEvent} from '../engine/events.ts';
import {isSnapshot} from '../progress/shape.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import type {RunControl, RunOutcome} from '../services.ts';
import type {Patch} from './patch.ts';

/** Raised when a side could misunderstand the other. */
export const protocolVersion = 1;

/**
 * The watcher's first line. `events`: each event as it happens in place of patches; a snapshot takes the place of those
 * that a slow watcher has missed. `orders`: it only has something to ask for, and wants to hear nothing but the end;
 * however many watch, it is let in.
 */
export type Hello = {
  readonly version: number;
  readonly token: string;
  readonly events?: boolean;
  readonly orders?: boolean;
};

const verbs = ['stop', 'pause', 'resume', 'retryFailed', 'first', 'changeMailboxes'] as const;
export type Verb = (typeof verbs)[number];

/** `about`: the request; with changeMailboxes, how many more. */
export type Command = {readonly do: Verb; readonly about?: number};

export type FromRun =
  | {readonly refused: string}
  /** Comes first, and the snapshot is whole. */
  | {readonly snapshot: Snapshot}
  | {readonly patch: Patch}
  | {readonly event: RunEvent}
  /** The run has ended; nothing comes after. */
  | {readonly ended: Omit<RunOutcome, 'snapshot'>}
  /** The run could not begin, or broke. */
  | {readonly broke: string};

/** What a patch holds is looked at where it is applied. @throws TypeError where it is none of them */
export function readFromRun(value: unknown): FromRun {
  const message = (value ?? {}) as Readonly<Record<string, unknown>>;
  const {refused, snapshot, patch, event, ended, broke} = message;
  if (typeof refused === 'string') return {refused};
  if (typeof broke === 'string') return {broke};
  if (isSnapshot(snapshot)) return {snapshot};
  if (isForm(patch)) return {patch: patch as Patch};
  if (isForm(event) && typeof event['type'] === 'string') return {event: event as RunEvent};
  if (isForm(ended) && typeof ended['exitCode'] === 'number')
    return {ended: ended as Extract<FromRun, {ended: unknown}>['ended']};
  throw new TypeError('It is nothing that a run says');
}

function isForm(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** Undefined where it is none. Whether its version and token are the run's is for who asks. */
export function readHello(value: unknown): Hello | undefined {
  const {version, token, events, orders} = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof version !== 'number' || typeof token !== 'string') return undefined;
  return {version, token, events: events === true, orders: orders === true};
}

/** Undefined where it is none. */
export function readCommand(value: unknown): Command | undefined {
  const {do: word, about} = (value ?? {}) as Readonly<Record<string, unknown>>;
  const verb = verbs.find(each => each === word);
  if (verb === undefined) return undefined;
  if (about === undefined) return {do: verb};
  return typeof about === 'number' && Number.isInteger(about) ? {do: verb, about} : undefined;
}

/** What needs an `about` and has none is passed over. */
export function obey(command: Command, control: RunControl): void {
  const {about} = command;
  switch (command.do) {
    case 'first':
      if (about !== undefined) control.first(about);
      return;
    case 'changeMailboxes':
      if (about !== undefined) control.changeMailboxes(about);
      return;
    default:
      control[command.do](about);
  }
}
