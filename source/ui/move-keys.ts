// The keys that move through a list, the same on every screen.
import type {Binding} from './keys.ts';
import {symbols} from './theme.ts';
import type {Move} from './virtual-list.ts';

/** `thing`: what a row is, for the help: 'folder'. `footer`: how soon the hint gives way where it is narrow. */
export function moveBindings(thing: string, footer: number): readonly Binding<Move>[] {
  return [
    {
      action: 'up',
      keys: ['up', 'k'],
      shown: `${symbols.up}${symbols.down}`,
      label: 'move',
      help: `One ${thing} up.`,
      footer,
    },
    {action: 'down', keys: ['down', 'j'], label: 'down', help: `One ${thing} down.`},
    {action: 'page-up', keys: ['pgup', 'ctrl+u'], label: 'page up', help: 'One page up.'},
    {action: 'page-down', keys: ['pgdn', 'ctrl+d'], label: 'page down', help: 'One page down.'},
    {action: 'first', keys: ['home', 'g'], label: 'first', help: `To the first ${thing}.`},
    {action: 'last', keys: ['end', 'G'], label: 'last', help: `To the last ${thing}.`},
  ];
}
