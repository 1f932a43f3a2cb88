// Keys are data: one list per screen gives the handler, the footer and the help overlay, so they cannot drift apart.
import type {Key} from 'ink';

export type Binding<Action extends string = string> = {
  readonly action: Action;
  /** Names as people read them: 'enter', 'esc', 'tab', 'shift+tab', 'up', 'down', 'left', 'right', 'pgup', 'pgdn', 'home', 'end', 'space', 'backspace', 'delete', 'ctrl+s', or a single character. */
  readonly keys: readonly string[];
  /** How the footer writes the keys, where that is shorter than listing them ('↑↓'). */
  readonly shown?: string;
  /** One or two words: 'move', 'next', 'stop'. */
  readonly label: string;
  /** A full sentence for the help overlay. */
  readonly help?: string;
  /** Lower numbers stay longest in a narrow footer. Without it the binding is only in the help. */
  readonly footer?: number;
};

/** The name of the key that was pressed, in the words of `Binding.keys`. */
export function keyName(input: string, key: Key): string {
  if (key.return) return 'enter';
  if (key.escape) return 'esc';
  if (key.tab) return key.shift ? 'shift+tab' : 'tab';
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pgup';
  if (key.pageDown) return 'pgdn';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.backspace) return 'backspace';
  if (key.delete) return 'delete';
  if (key.ctrl) return `ctrl+${input}`;
  if (input === ' ') return 'space';
  return input;
}

/** The action bound to a key, if any. */
export function actionFor<Action extends string>(
  bindings: readonly Binding<Action>[],
  name: string,
): Action | undefined {
  return bindings.find(binding => binding.keys.includes(name))?.action;
}
