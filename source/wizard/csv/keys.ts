// The keys of the CSV screens.
import type {Binding} from '../../ui/keys.ts';
import {moveBindings} from '../../ui/move-keys.ts';
import type {Move} from '../../ui/virtual-list.ts';
import {signInAnew} from '../check-keys.ts';

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

export type RowsKey =
  | Move
  | 'next'
  | 'back'
  | 'edit'
  | 'fix'
  | 'fix-all'
  | 'remove'
  | 'undo'
  | 'save'
  | 'only-bad'
  | 'next-bad'
  | 'again'
  | 'help';

export type RowsPlace = {
  readonly onlyBad: boolean;
  /** Some line has an error; else notes are what is looked for. */
  readonly errors: boolean;
  /** Some line has an error or a note. */
  readonly notable: boolean;
  /** The line can be changed here: a row, or the header, which gives answers for all rows. */
  readonly editable: boolean;
  readonly removable: boolean;
  /** Something is offered for the line. */
  readonly fix: boolean;
  /** Something can be mended without asking. */
  readonly sure: boolean;
  readonly undo: boolean;
  /** There are changes that no file has. */
  readonly changed: boolean;
};

const only = <Each>(when: boolean, ...bindings: readonly Each[]): readonly Each[] => (when ? bindings : []);

export function rowsBindings(place: RowsPlace): readonly Binding<RowsKey>[] {
  return [
    {
      action: 'next',
      keys: ['enter'],
      label: 'next',
      help: 'On to the review, once no line has an error and what was changed is saved.',
      footer: 1,
    },
    ...only<Binding<RowsKey>>(place.editable, {
      action: 'edit',
      keys: ['e', 'right', 'l'],
      label: 'edit',
      help: 'Changes the cells of this line; at the header: gives one answer for all lines.',
      footer: 2,
    }),
    ...only<Binding<RowsKey>>(place.fix, {
      action: 'fix',
      keys: ['tab'],
      label: 'take it over',
      help: 'Takes over what is offered for this line.',
      footer: 3,
    }),
    ...only<Binding<RowsKey>>(place.sure, {
      action: 'fix-all',
      keys: ['a'],
      label: 'mend all',
      help: 'Mends every line where only one thing can have been meant.',
      footer: 4,
    }),
    ...only<Binding<RowsKey>>(place.undo, {
      action: 'undo',
      keys: ['u', 'ctrl+z'],
      label: 'undo',
      help: 'Takes the last change back; again for the one before it.',
      footer: 5,
    }),
    ...only<Binding<RowsKey>>(place.changed, {
      action: 'save',
      keys: ['ctrl+s'],
      label: 'save',
      help: 'Writes the file, back or under another name.',
      footer: 3,
    }),
    // Looked at alone, the lines may have been mended meanwhile: the key leads back to all.
    ...only<Binding<RowsKey>>(place.notable || place.onlyBad, {
      action: 'only-bad',
      keys: ['f'],
      label: place.onlyBad ? 'all lines' : place.errors ? 'only errors' : 'only notes',
      help: 'Shows only the lines with errors, or where there are none those with notes; again to show all.',
      footer: 6,
    }),
    ...only<Binding<RowsKey>>(place.notable, {
      action: 'next-bad',
      keys: ['n'],
      label: 'next error',
      help: 'To the next line with an error, or where there is none with a note.',
    }),
    ...only<Binding<RowsKey>>(place.removable, {
      action: 'remove',
      keys: ['d', 'delete'],
      label: 'remove',
      help: 'Takes this line out of the file.',
    }),
    {
      action: 'again',
      keys: ['r'],
      label: 'read again',
      help: 'Reads the file once more, after you have changed it elsewhere.',
      footer: 8,
    },
    {
      action: 'back',
      keys: ['esc'],
      label: 'another file',
      help: 'Back to the choice of the file.',
      footer: 7,
    },
    ...moveBindings('line', 9).map(({footer: _, ...binding}) => binding),
    {action: 'help', keys: ['?', 'ctrl+g'], label: 'help', help: 'These keys.'},
  ];
}

export type RowKey = 'done' | 'cancel' | 'fix' | 'next' | 'down' | 'up' | 'add-cell' | 'drop-cell' | 'help';

/** @param place `bare`: cells that stand in no column yet */
export function rowBindings(place: {
  readonly fix: boolean;
  readonly bare: boolean;
}): readonly Binding<RowKey>[] {
  return [
    {
      action: 'done',
      keys: ['enter'],
      label: 'done',
      help: 'Keeps the changes; u takes them back.',
      footer: 1,
    },
    {action: 'cancel', keys: ['esc'], label: 'leave as it was', help: 'Drops the changes.', footer: 2},
    place.fix
      ? {
          action: 'fix',
          keys: ['tab'],
          label: 'take it over',
          help: 'Takes over what is offered under the cell.',
          footer: 3,
        }
      : {action: 'next', keys: ['tab'], label: 'next cell', help: 'To the next cell.', footer: 4},
    {action: 'down', keys: ['down'], label: 'next cell', help: 'To the next cell.'},
    {action: 'up', keys: ['shift+tab', 'up'], label: 'cell before', help: 'To the cell before.'},
    ...only<Binding<RowKey>>(
      place.bare,
      {
        action: 'drop-cell',
        keys: ['ctrl+x'],
        label: 'take out',
        help: 'Takes this cell out; those behind it move up.',
        footer: 3,
      },
      {
        action: 'add-cell',
        keys: ['ctrl+n'],
        label: 'put in',
        help: 'Puts an empty cell before this one; those behind it move down.',
        footer: 3,
      },
    ),
    {action: 'help', keys: ['ctrl+g'], label: 'help', help: 'These keys.'},
  ];
}

export const saveCsvBindings: readonly Binding<'save' | 'cancel'>[] = [
  {action: 'save', keys: ['enter'], label: 'save', help: 'Writes the file.', footer: 1},
  {action: 'cancel', keys: ['esc'], label: 'do not save', help: 'Back without writing.', footer: 2},
];

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

export type CheckAllKey = Move | 'start' | 'back' | 'only-bad' | 'again' | 'sign-in' | 'help';

/** @param mayAnew a new sign-in may open what the cursor is on */
export function checkAllBindings(onlyBad: boolean, mayAnew: boolean): readonly Binding<CheckAllKey>[] {
  return [
    {
      action: 'start',
      keys: ['enter'],
      label: 'start',
      help: 'Starts copying all of them; one that cannot is named, and the others go on.',
      footer: 1,
    },
    {action: 'back', keys: ['esc'], label: 'back', help: 'Back to the review.', footer: 2},
    ...only<Binding<CheckAllKey>>(mayAnew, signInAnew),
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
