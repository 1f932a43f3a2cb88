// What a run noted that keeps nothing from being carried, put together: the same note of many folders is told once. Pure.
import type {Problem} from '../engine/problems/problems.ts';
import {countOf} from '../format/count.ts';

/** `who` is '' where it is about the run as a whole; `said` has the next step. */
export type Note = {readonly who: string; readonly said: string};

export type NotedMailbox = {
  readonly who: string;
  readonly notes: readonly Problem[];
  /** Those that are copied. */
  readonly folders: readonly {readonly source: string; readonly notes: readonly string[]}[];
};

/**
 * About the run, then the mailboxes, then their folders; each in the order in which it first shows up.
 * @param mailboxes whether the same note of many mailboxes is told with the name of each, or of the first
 */
export function notesOf(
  run: readonly Problem[],
  noted: readonly NotedMailbox[],
  mailboxes: 'each' | 'first',
): readonly Note[] {
  const ofMailboxes = noted.flatMap(({who, notes}) => notes.map(note => ({who, said: withStep(note)})));
  const ofFolders = noted.flatMap(({who, folders}) =>
    folders.flatMap(({source, notes}) => notes.map(said => ({who: `${who}, folder ${source}`, said}))),
  );
  return [
    ...run.map(note => ({who: '', said: withStep(note)})),
    ...(mailboxes === 'each' ? ofMailboxes : together(ofMailboxes, 'more mailbox', 'more mailboxes')),
    ...together(ofFolders, 'more folder', 'more folders'),
  ];
}

function together(notes: readonly Note[], one: string, many: string): readonly Note[] {
  return [...Map.groupBy(notes, ({said}) => said)].map(([said, alike]) => {
    const {size} = new Set(alike.map(({who}) => who));
    return {who: `${alike[0]?.who ?? ''}${size > 1 ? ` and ${countOf(size - 1, one, many)}` : ''}`, said};
  });
}

function withStep({sentence, nextStep}: Problem): string {
  return nextStep === undefined ? sentence : `${sentence} ${nextStep}`;
}
