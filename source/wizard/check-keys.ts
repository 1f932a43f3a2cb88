// The keys of the check.
import type {Binding} from '../ui/keys.ts';
import {moveBindings} from '../ui/move-keys.ts';
import type {Move} from '../ui/virtual-list.ts';

export type CheckKey =
  | Move
  | 'next'
  | 'fix'
  | 'back'
  | 'toggle'
  | 'toggle-all'
  | 'problems'
  | 'messages'
  | 'folders'
  | 'again'
  | 'sign-in'
  | 'save'
  | 'help';

export type CheckPlace = 'looking' | 'failed' | 'found';

const checkBack: Binding<CheckKey> = {
  action: 'back',
  keys: ['esc'],
  label: 'back',
  help: 'Back to the filters. Every answer is kept.',
  footer: 2,
};
const again: Binding<CheckKey> = {
  action: 'again',
  keys: ['r'],
  label: 'look again',
  help: 'Signs in and lists the folders once more.',
  footer: 4,
};
/** Also of the check of many. */
export const signInAnew: Binding<'sign-in'> = {
  action: 'sign-in',
  keys: ['s'],
  label: 'sign in anew',
  help: 'Forgets who has signed in to Microsoft for it, and asks anew: as somebody else, or after a right was given.',
  footer: 3,
};
const checkHelp: Binding<CheckKey> = {
  action: 'help',
  keys: ['?', 'ctrl+g'],
  label: 'help',
  help: 'These keys.',
};

/** What there is to be seen beside the folders. */
export type CheckSights = {
  readonly problems: number;
  /** That will be refused. */
  readonly messages: number;
  /** They are on the screen. */
  readonly inMessages?: boolean;
  /** A new sign-in may open what did not. */
  readonly mayAnew?: boolean;
};

export function checkBindings(
  place: CheckPlace,
  {problems, messages, inMessages = false, mayAnew = false}: CheckSights,
): readonly Binding<CheckKey>[] {
  if (place === 'looking') {
    return [{...checkBack, label: 'call it off', help: 'Calls the check off and goes back.'}, checkHelp];
  }
  if (place === 'failed') {
    return [
      {
        action: 'fix',
        keys: ['enter'],
        label: 'mend it',
        help: 'To the answers of the mailbox that could not be opened.',
        footer: 1,
      },
      checkBack,
      ...(mayAnew ? [signInAnew] : []),
      again,
      checkHelp,
    ];
  }
  if (inMessages)
    return [
      {
        action: 'folders',
        keys: ['esc', 'm', 'enter'],
        label: 'the folders',
        help: 'Back to the folders.',
        footer: 1,
      },
      ...moveBindings('message', 2),
      checkHelp,
    ];
  return [
    {
      action: 'next',
      keys: ['enter'],
      label: 'next',
      help: 'On to the review. Nothing is written yet.',
      footer: 1,
    },
    checkBack,
    {
      action: 'toggle',
      keys: ['space'],
      label: 'copy or not',
      help: 'Takes the folder in or leaves it out.',
      footer: 3,
    },
    {
      action: 'toggle-all',
      keys: ['a'],
      label: 'all',
      help: 'All folders the rule takes; pressed again, none.',
      footer: 5,
    },
    ...moveBindings('folder', 6),
    ...(messages > 0
      ? [
          {
            action: 'messages',
            keys: ['m'],
            label: 'messages',
            help: 'The messages that the destination will refuse, one by one, with what to do.',
            footer: 3,
          } as const,
        ]
      : []),
    ...(problems > 0
      ? [
          {
            action: 'problems',
            keys: ['p'],
            label: 'problems',
            help: 'All that is to be known, with what to do; again for the folders.',
            footer: 4,
          } as const,
        ]
      : []),
    {...again, footer: 7},
    {
      action: 'save',
      keys: ['ctrl+s'],
      label: 'save as profile',
      help: 'Keeps the answers under a name, without passwords.',
      footer: 8,
    },
    checkHelp,
  ];
}
