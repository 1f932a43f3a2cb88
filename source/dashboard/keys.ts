// The keys of the dashboard: handler, footer and help are made from these lists.
import type {Binding} from '../ui/keys.ts';
import {moveBindings} from '../ui/move-keys.ts';
import {symbols} from '../ui/theme.ts';
import type {Move} from '../ui/virtual-list.ts';

export type Action =
  | Move
  | 'open'
  | 'back'
  | 'pause'
  | 'pause-one'
  | 'retry'
  | 'retry-one'
  | 'goes-next'
  | 'stop-one'
  | 'more'
  | 'fewer'
  | 'detach'
  | 'filter'
  | 'sort'
  | 'only-failures'
  | 'help'
  | 'quit'
  | 'leave'
  | 'stop';

export type Place = {
  readonly level: 'users' | 'user' | 'folder';
  readonly ended: boolean;
  /** The run has one mailbox: its folders are the first level a person sees. */
  readonly single: boolean;
  readonly paused: boolean;
  readonly stopping: boolean;
  /** The run goes on without this program where it is left. */
  readonly detachable: boolean;
  /** A filter is set, or only failures are shown: Esc first undoes that. */
  readonly narrowed: boolean;
};

/** The bindings that work at this place. */
export function bindingsFor(place: Place): readonly Binding<Action>[] {
  const {level, ended, single, paused, stopping, detachable, narrowed} = place;
  const leaving = ended && entersSummary(place);
  return [
    ...moveBindings('row', 3),
    ...(leaving ? [leave] : []),
    ...(level === 'folder' ? [] : [open(level, leaving)]),
    ...(level === 'users' && !narrowed ? [] : [narrowed ? showAll : back]),
    ...(ended || stopping ? [] : [pause(paused)]),
    ...(ended || stopping ? [] : single ? [retry] : [pauseOne, retry, retryOne, first, stopOne, more, fewer]),
    filter,
    sort,
    onlyFailures,
    help,
    ...(ended ? [] : [quit(stopping)]),
    ...(ended || !detachable ? [] : [detach]),
    ...(ended ? [] : [stop]),
    ...(ended && !leaving ? [leaveFurtherIn] : []),
  ];
}

/** Where Enter goes on to the summary once the run has ended: at the level a person starts from. */
export function entersSummary({level, single}: Pick<Place, 'level' | 'single'>): boolean {
  return level === 'users' || (level === 'user' && single);
}

function open(level: 'users' | 'user', toSummary: boolean): Binding<Action> {
  return {
    action: 'open',
    keys: toSummary ? ['right', 'l'] : ['enter', 'right', 'l'],
    ...(toSummary ? {shown: symbols.arrow} : {}),
    label: level === 'users' ? 'folders' : 'failures',
    help: level === 'users' ? 'The folders of this mailbox.' : 'What failed in this folder, and why.',
    footer: 4,
  };
}

const back: Binding<Action> = {
  action: 'back',
  keys: ['esc', 'left', 'h'],
  shown: 'esc',
  label: 'back',
  help: 'One level out. Never leaves the program.',
  footer: 2,
};
const showAll: Binding<Action> = {
  action: 'back',
  keys: ['esc'],
  label: 'show all',
  help: 'Clear the filter and show every row.',
  footer: 2,
};

function pause(paused: boolean): Binding<Action> {
  return {
    action: 'pause',
    keys: ['p'],
    label: paused ? 'resume' : 'pause',
    help: paused ? 'Go on copying.' : 'Finish what is in flight, then wait.',
    footer: 5,
  };
}

const pauseOne: Binding<Action> = {
  action: 'pause-one',
  keys: ['space'],
  label: 'pause this',
  help: 'Pause this mailbox alone, or let it go on.',
  footer: 10,
};
const retry: Binding<Action> = {
  action: 'retry',
  keys: ['r'],
  label: 'retry failed',
  help: 'Try again what failed: mailboxes, and single messages of others.',
  footer: 7,
};
const retryOne: Binding<Action> = {
  action: 'retry-one',
  keys: ['R'],
  label: 'retry this',
  help: 'Try this mailbox again, if it failed or was stopped.',
  footer: 13,
};
const first: Binding<Action> = {
  action: 'goes-next',
  keys: ['n'],
  label: 'next',
  help: 'This mailbox goes next, before all others that wait.',
  footer: 12,
};
const stopOne: Binding<Action> = {
  action: 'stop-one',
  keys: ['x'],
  label: 'stop this',
  help: 'Ask, then stop this mailbox alone.',
  footer: 14,
};
const more: Binding<Action> = {
  action: 'more',
  keys: ['+', '='],
  shown: '+-',
  label: 'at once',
  help: 'One mailbox more at once.',
  footer: 11,
};
const fewer: Binding<Action> = {
  action: 'fewer',
  keys: ['-'],
  label: 'fewer',
  help: 'One mailbox fewer at once; those at work are not interrupted.',
};
const detach: Binding<Action> = {
  action: 'detach',
  keys: ['d'],
  label: 'detach',
  help: 'Give the terminal back; the run goes on. It says there what shows it again.',
  footer: 6,
};
const filter: Binding<Action> = {
  action: 'filter',
  keys: ['/'],
  label: 'filter',
  help: 'Show only what holds a text; a leading ! shows the rest. Esc clears it.',
  footer: 8,
};
const sort: Binding<Action> = {
  action: 'sort',
  keys: ['s'],
  label: 'sort',
  help: 'Next order. The order then stays as it is until s is pressed again.',
  footer: 15,
};
const onlyFailures: Binding<Action> = {
  action: 'only-failures',
  keys: ['f'],
  label: 'failures',
  help: 'Show only what has failed; again to show all.',
  footer: 9,
};
const help: Binding<Action> = {action: 'help', keys: ['?'], label: 'help', help: 'These keys.'};

function quit(stopping: boolean): Binding<Action> {
  return {
    action: 'quit',
    keys: ['q'],
    label: stopping ? 'stop now' : 'stop',
    help: stopping ? 'Ask, then drop what is in flight.' : 'Ask, then finish what is in flight and stop.',
    footer: 1,
  };
}

const stop: Binding<Action> = {
  action: 'stop',
  keys: ['ctrl+c'],
  label: 'stop',
  help: 'Finish what is in flight and stop; again to stop now.',
};
const leave: Binding<Action> = {
  action: 'leave',
  keys: ['enter', 'q', 'ctrl+c'],
  label: 'summary',
  help: 'On to the summary.',
  footer: 1,
};
const leaveFurtherIn: Binding<Action> = {...leave, keys: ['q', 'ctrl+c']};

export type Answer = 'yes' | 'no' | 'detach' | 'stop';

/** While the question is open whether to stop. */
export function confirmBindings(mayDetach: boolean): readonly Binding<Answer>[] {
  return [
    {action: 'yes', keys: ['y', 'enter'], shown: 'y', label: 'yes, stop', footer: 1},
    ...(mayDetach ? [{action: 'detach' as const, keys: ['d'], label: 'leave it running', footer: 3}] : []),
    {action: 'no', keys: ['n', 'esc', 'q'], shown: 'n', label: 'no, go on', footer: 2},
    {action: 'stop', keys: ['ctrl+c'], label: 'stop'},
  ];
}

/** While the filter is typed. */
export const filterBindings: readonly Binding<'keep' | 'clear' | 'stop'>[] = [
  {action: 'keep', keys: ['enter'], label: 'keep', footer: 1},
  {action: 'clear', keys: ['esc'], label: 'clear', footer: 2},
  {action: 'stop', keys: ['ctrl+c'], label: 'stop'},
];

/** While the keys are shown. */
export const helpBindings: readonly Binding<'close' | 'stop'>[] = [
  {action: 'close', keys: ['esc', '?', 'q', 'enter'], shown: 'esc', label: 'close', footer: 1},
  {action: 'stop', keys: ['ctrl+c'], label: 'stop'},
];
