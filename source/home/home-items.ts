// What can be done from the start, and what each does. Pure.
import {countOf} from '../format/count.ts';
import {formatStamp} from '../format/date.ts';
import type {NamedProfile} from '../profiles/store.ts';
import type {UnfinishedRun} from '../services.ts';
import {foreign} from '../ui/cells.ts';
import {symbols} from '../ui/theme.ts';
import {summaryOf} from '../wizard/steps.ts';

export type Item = {
  readonly id: string;
  /** Opens it at once. */
  readonly letter?: string;
  readonly label: string;
  readonly text: string;
  /** False where there is nothing behind it yet. */
  readonly isOpen: boolean;
};

/**
 * The entries of the start screen; saved profiles and unfinished runs only where there are any. `runs` is undefined
 * while they are looked for.
 */
export function homeItems(
  profiles: readonly NamedProfile[],
  runs: readonly UnfinishedRun[] | undefined,
): readonly Item[] {
  const unfinished = runs ?? [];
  const [latest] = unfinished;
  return [
    {
      id: 'new',
      letter: 'n',
      label: 'New request',
      text: 'One mailbox: a few questions, a check, then it goes.',
      isOpen: true,
    },
    {
      id: 'csv',
      letter: 'c',
      label: 'Requests from a CSV',
      text: 'Many mailboxes; every row is checked before it runs.',
      isOpen: true,
    },
    ...(profiles.length === 0
      ? []
      : [
          {
            id: 'profiles',
            letter: 'p',
            label: 'Saved profile',
            text: `${countOf(profiles.length, 'profile')}: ${profiles.map(({name}) => foreign(name)).join(', ')}`,
            isOpen: true,
          },
        ]),
    ...(latest === undefined
      ? []
      : [
          {
            id: 'runs',
            letter: 'u',
            label: unfinished.some(({isRunning}) => isRunning) ? 'Runs' : 'Unfinished run',
            text: runsText(unfinished),
            isOpen: true,
          },
        ]),
    {
      id: 'demo',
      letter: 'd',
      label: 'Demo',
      text: 'Made-up mail, copied between two built-in servers.',
      isOpen: true,
    },
  ];
}

function runsText(runs: readonly UnfinishedRun[]): string {
  const running = runs.filter(({isRunning}) => isRunning).length;
  const left = runs.length - running;
  const goOn = `${countOf(left, 'run')} to go on with; nothing is copied twice.`;
  if (running === 0) return goOn;
  return `${countOf(running, 'run')} at work, to be watched${left === 0 ? '.' : `; ${goOn}`}`;
}

export function profileItems(profiles: readonly NamedProfile[]): readonly Item[] {
  return profiles.map(({name, profile}) => ({
    id: name,
    label: foreign(name),
    text:
      profile.kind === 'csv'
        ? `requests of ${foreign(profile.path)}`
        : foreign(
            `${summaryOf('type', profile.answers)}  ${summaryOf('source', profile.answers)} ${symbols.arrow} ${summaryOf('destination', profile.answers)}`,
          ),
    isOpen: true,
  }));
}

export function runItems(runs: readonly UnfinishedRun[]): readonly Item[] {
  return runs.map(({run, startedAt, from, requests, processed, isRunning}) => ({
    id: run,
    label: formatStamp(startedAt).slice(0, 16),
    text: `${isRunning ? 'at work: ' : ''}${foreign(from)}, ${processed} of ${countOf(requests, 'request')} done`,
    isOpen: true,
  }));
}
