// The keys of the CSV screens.
import type {Binding} from '../ui/keys.ts';
import {moveBindings} from '../ui/move-keys.ts';
import type {Move} from '../ui/virtual-list.ts';

export type PickKey = 'open' | 'complete' | 'down' | 'up' | 'back' | 'help';

export const pickBindings: readonly Binding<PickKey>[] = [
  {
    action: 'open',
    keys: ['enter'],
    label: 'read it',
    help: 'Reads the file; into the directory, where it is one.',
    footer: 1,
  },
  {action: 'back', keys: ['esc'], label: 'home', help: 'Back to the start.', footer: 2},
  {
    action: 'complete',
    keys: ['tab'],
    label: 'complete',
    help: 'Completes the path as far as it is clear.',
    footer: 3,
  },
  {
    action: 'down',
    keys: ['down'],
    shown: 'up/down',
    label: 'choose',
    help: 'To the next file in the list.',
    footer: 4,
  },
  {action: 'up', keys: ['up', 'shift+tab'], label: 'up', help: 'To the file before.'},
  {action: 'help', keys: ['ctrl+g'], label: 'help', help: 'These keys.'},
];

export type RowsKey = Move | 'next' | 'back' | 'only-bad' | 'again' | 'help';

export function rowsBindings(onlyBad: boolean): readonly Binding<RowsKey>[] {
  return [
    {
      action: 'next',
      keys: ['enter'],
      label: 'next',
      help: 'On to the review, once no line has an error.',
      footer: 1,
    },
    {
      action: 'back',
      keys: ['esc'],
      label: 'another file',
      help: 'Back to the choice of the file.',
      footer: 2,
    },
    {
      action: 'only-bad',
      keys: ['f'],
      label: onlyBad ? 'all lines' : 'only errors',
      help: 'Shows only the lines with errors; again to show all.',
      footer: 3,
    },
    {
      action: 'again',
      keys: ['r'],
      label: 'read again',
      help: 'Reads the file once more, after you have changed it.',
      footer: 4,
    },
    ...moveBindings('line', 5),
    {action: 'help', keys: ['?', 'ctrl+g'], label: 'help', help: 'These keys.'},
  ];
}

export const secretBindings: readonly Binding<'next' | 'back'>[] = [
  {action: 'next', keys: ['enter'], label: 'next', help: 'Takes the password.', footer: 1},
  {
    action: 'back',
    keys: ['esc'],
    label: 'back',
    help: 'To the password before, or back to the list.',
    footer: 2,
  },
];

export const startBindings: readonly Binding<'start' | 'back' | 'check' | 'save' | 'help'>[] = [
  {action: 'start', keys: ['enter'], label: 'start', help: 'Starts copying all of them.', footer: 1},
  {action: 'back', keys: ['esc'], label: 'back', help: 'Back to the lines of the file.', footer: 2},
  {
    action: 'check',
    keys: ['c'],
    label: 'check all',
    help: 'Signs in to every mailbox and lists it first. Nothing is written.',
    footer: 3,
  },
  {
    action: 'save',
    keys: ['ctrl+s'],
    label: 'save as profile',
    help: 'Keeps the path of the file under a name; passwords stay where they are.',
    footer: 4,
  },
  {action: 'help', keys: ['?', 'ctrl+g'], label: 'help', help: 'These keys.'},
];

export type CheckAllKey = Move | 'start' | 'back' | 'only-bad' | 'again' | 'help';

export function checkAllBindings(onlyBad: boolean): readonly Binding<CheckAllKey>[] {
  return [
    {
      action: 'start',
      keys: ['enter'],
      label: 'start',
      help: 'Starts copying all of them; one that cannot is named, and the others go on.',
      footer: 1,
    },
    {action: 'back', keys: ['esc'], label: 'back', help: 'Back to the review.', footer: 2},
    {
      action: 'only-bad',
      keys: ['f'],
      label: onlyBad ? 'all requests' : 'only problems',
      help: 'Shows only the requests that cannot be copied; again to show all.',
      footer: 3,
    },
    {
      action: 'again',
      keys: ['r'],
      label: 'check again',
      help: 'Signs in to all of them once more.',
      footer: 4,
    },
    ...moveBindings('request', 5),
    {action: 'help', keys: ['?', 'ctrl+g'], label: 'help', help: 'These keys.'},
  ];
}
