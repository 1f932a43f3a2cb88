// The keys of the start screen and of its lists.
import type {Binding} from '../ui/keys.ts';
import {symbols} from '../ui/theme.ts';
import type {Item} from './home-items.ts';

export type MenuKey =
  | 'open'
  | 'up'
  | 'down'
  | 'first'
  | 'last'
  | 'leave'
  | 'help'
  | 'remove'
  | `item ${string}`;

/** `leaving`: what esc does here. */
export function menuBindings(
  items: readonly Item[],
  leaving: 'quit' | 'back',
  removable = false,
): readonly Binding<MenuKey>[] {
  return [
    {
      action: 'open',
      keys: ['enter', 'right'],
      label: 'open',
      help: 'Opens the entry the pointer is on.',
      footer: 1,
    },
    {
      action: 'up',
      keys: ['up', 'k', 'shift+tab'],
      shown: `${symbols.up}${symbols.down}`,
      label: 'move',
      help: 'To the entry above.',
      footer: 3,
    },
    {action: 'down', keys: ['down', 'j', 'tab'], label: 'down', help: 'To the entry below.'},
    {action: 'first', keys: ['home', 'g'], label: 'first', help: 'To the first entry.'},
    {action: 'last', keys: ['end', 'G'], label: 'last', help: 'To the last entry.'},
    ...items.flatMap(({id, letter, label, isOpen}): Binding<MenuKey>[] =>
      letter === undefined || !isOpen
        ? []
        : [{action: `item ${id}`, keys: [letter], label, help: `${label}, at once.`}],
    ),
    ...(removable && items.length > 0 ? [remove] : []),
    leaving === 'quit'
      ? {action: 'leave', keys: ['q', 'esc'], shown: 'q', label: 'quit', help: 'Leaves mailferry.', footer: 2}
      : {
          action: 'leave',
          keys: ['esc', 'left', 'q'],
          shown: 'esc',
          label: 'back',
          help: 'Back to the start.',
          footer: 2,
        },
    {action: 'help', keys: ['?', 'ctrl+g'], label: 'help', help: 'These keys.'},
  ];
}

const remove: Binding<MenuKey> = {
  action: 'remove',
  keys: ['d', 'delete'],
  shown: 'd',
  label: 'delete',
  help: 'Asks, then deletes the entry the pointer is on.',
  footer: 4,
};

/** While the question is open. */
export const removeBindings: readonly Binding<'yes' | 'no'>[] = [
  {action: 'yes', keys: ['y'], label: 'yes, delete', footer: 1},
  {action: 'no', keys: ['n', 'esc', 'enter', 'q'], shown: 'n', label: 'no, keep', footer: 2},
];
