// The help of a screen: opened by its 'help' binding, closed by the next key.
import {useState} from 'react';
import type {Binding} from './keys.ts';
import {type TextTarget, useKeys} from './use-keys.ts';

type Options<Action extends string> = {
  readonly bindings: readonly Binding<Action | 'help'>[];
  readonly onAction: (action: Exclude<Action, 'help'>) => void;
  readonly text?: TextTarget;
  /** False while something else takes the keys: a question. */
  readonly isActive?: boolean;
};

const closing: readonly Binding<'close'>[] = [
  {action: 'close', keys: ['esc', 'enter', 'space', '?', 'q', 'ctrl+c', 'ctrl+g'], label: 'close'},
];

/** `useKeys` for a whole screen; gives whether its help is open. */
export function useKeysWithHelp<Action extends string>({
  bindings,
  onAction,
  text,
  isActive = true,
}: Options<Action>): boolean {
  const [open, setOpen] = useState(false);
  useKeys({
    bindings,
    isActive: isActive && !open,
    onAction: action => {
      if (action === 'help') setOpen(true);
      else onAction(action as Exclude<Action, 'help'>);
    },
    ...(text === undefined ? {} : {text}),
  });
  useKeys({bindings: closing, isActive: open, onAction: () => setOpen(false)});
  return open;
}
