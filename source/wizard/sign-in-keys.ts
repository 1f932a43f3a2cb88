// The keys while somebody signs in to Microsoft.
import type {Binding} from '../ui/keys.ts';

export type SignInKey = 'back' | 'again' | 'skip' | 'help';

export function signInBindings(failed: boolean): readonly Binding<SignInKey>[] {
  return [
    ...(failed
      ? [
          {
            action: 'again',
            keys: ['r', 'enter'],
            label: 'try again',
            help: 'Asks Microsoft for a new code or page.',
            footer: 1,
          } as const,
          {
            action: 'skip',
            keys: ['s'],
            label: 'go on without',
            help: 'Goes on; the mailboxes of this sign-in cannot be opened.',
            footer: 3,
          } as const,
        ]
      : []),
    {
      action: 'back',
      keys: ['esc'],
      label: failed ? 'back' : 'call it off',
      help: 'Calls the sign-in off and goes back. Nothing was changed.',
      footer: 2,
    },
    {action: 'help', keys: ['?', 'ctrl+g'], label: 'help', help: 'These keys.'},
  ];
}
