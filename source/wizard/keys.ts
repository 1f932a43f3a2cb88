// The keys of the wizard, step by step.
import type {Binding} from '../ui/keys.ts';
import {symbols} from '../ui/theme.ts';

export type WizardKey =
  | 'next'
  | 'back'
  | 'fix'
  | 'down'
  | 'up'
  | 'previous'
  | 'choose-next'
  | 'choose-previous'
  | 'edit'
  | 'save'
  | 'help';

export type FormPlace = {
  readonly kind: 'typing' | 'choice' | 'list';
  readonly fix: boolean;
  readonly first: boolean;
};

/** While text is typed '?' is a letter like any other. */
export function helpKey(kind: FormPlace['kind']): string {
  return kind === 'typing' ? 'ctrl+g' : '?';
}

const move = () => `${symbols.up}${symbols.down}`;

export function formBindings({kind, fix, first}: FormPlace): readonly Binding<WizardKey>[] {
  const next: Binding<WizardKey> = {
    action: 'next',
    keys: ['enter'],
    label: 'next',
    help: 'On to the next step; to the first field that is not right yet, if there is one.',
    footer: 1,
  };
  const back: Binding<WizardKey> = {
    action: 'back',
    keys: ['esc'],
    label: first ? 'home' : 'back',
    help: 'One step back. Every answer is kept.',
    footer: 2,
  };
  const tab: Binding<WizardKey> = fix
    ? {
        action: 'fix',
        keys: ['tab'],
        label: 'take it over',
        help: 'Takes over what is offered under the field.',
        footer: 3,
      }
    : {
        action: 'down',
        keys: ['tab', 'down'],
        shown: 'tab',
        label: 'next field',
        help: 'To the next field.',
        footer: 4,
      };
  const fields: readonly Binding<WizardKey>[] =
    kind === 'list'
      ? [
          {
            action: 'choose-next',
            keys: ['down'],
            shown: move(),
            label: 'choose',
            help: 'The next one in the list.',
            footer: 3,
          },
          {action: 'choose-previous', keys: ['up'], label: 'up', help: 'The one before it.'},
          {...tab, keys: ['tab']},
          {action: 'previous', keys: ['shift+tab'], label: 'field before', help: 'To the field before.'},
        ]
      : [
          tab,
          ...(fix
            ? [{action: 'down', keys: ['down'], label: 'next field', help: 'To the next field.'} as const]
            : []),
          {action: 'up', keys: ['shift+tab', 'up'], label: 'field before', help: 'To the field before.'},
        ];
  const choice: readonly Binding<WizardKey>[] =
    kind === 'choice'
      ? [
          {
            action: 'choose-next',
            keys: ['right', 'space'],
            shown: 'left/right',
            label: 'choose',
            help: 'The next value.',
            footer: 3,
          },
          {action: 'choose-previous', keys: ['left'], label: 'choose', help: 'The value before.'},
        ]
      : [];
  return [next, back, ...choice, ...fields, ...(kind === 'typing' ? editing : []), save, help(kind)];
}

/** For the help only: the field takes these keys before any binding sees them. */
const editing: readonly Binding<WizardKey>[] = [
  {
    action: 'edit',
    keys: ['ctrl+u', 'ctrl+k'],
    label: 'clear',
    help: 'Clears the text before or behind the cursor.',
  },
  {action: 'edit', keys: ['ctrl+w'], label: 'word', help: 'Deletes the word before the cursor.'},
  {
    action: 'edit',
    keys: ['right', 'end'],
    label: 'take',
    help: 'In an empty field: takes what is filled in, to be changed.',
  },
];

const save: Binding<WizardKey> = {
  action: 'save',
  keys: ['ctrl+s'],
  label: 'save as profile',
  help: 'Keeps the answers under a name, without passwords.',
  footer: 6,
};

const help = (kind: FormPlace['kind']): Binding<WizardKey> => ({
  action: 'help',
  keys: kind === 'typing' ? ['ctrl+g'] : ['?', 'ctrl+g'],
  label: 'help',
  help: 'These keys.',
});

export type ReviewKey = 'start' | 'back' | 'save' | 'help';

export const reviewBindings: readonly Binding<ReviewKey>[] = [
  {action: 'start', keys: ['enter'], label: 'start', help: 'Starts copying.', footer: 1},
  {action: 'back', keys: ['esc'], label: 'back', help: 'One step back.', footer: 2},
  {
    action: 'save',
    keys: ['ctrl+s'],
    label: 'save as profile',
    help: 'Keeps the answers under a name, without passwords.',
    footer: 3,
  },
  {action: 'help', keys: ['?', 'ctrl+g'], label: 'help', help: 'These keys.'},
];

/** Where a password was typed: whether it goes into the system's keychain. */
export const keepBindings: readonly Binding<'keep'>[] = [
  {
    action: 'keep',
    keys: ['tab'],
    label: 'keep passwords',
    help: 'In the system keychain, or not.',
    footer: 3,
  },
];

export const saveBindings: readonly Binding<'save' | 'cancel'>[] = [
  {action: 'save', keys: ['enter'], label: 'save', help: 'Saves the answers under this name.', footer: 1},
  {action: 'cancel', keys: ['esc'], label: 'do not save', help: 'Back without saving.', footer: 2},
];
