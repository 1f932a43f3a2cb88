// Turns what the terminal sends into the actions of a screen's bindings.
import {type Key, useInput, usePaste} from 'ink';
import {useLayoutEffect, useReducer} from 'react';
import {actionFor, type Binding, keyName} from './keys.ts';

/** What has the focus and takes typed text. While it is given, letters never reach the bindings. */
export type TextTarget = {
  /** True where the key edits the text ('left', 'backspace', 'ctrl+u'); it then goes no further. */
  readonly edit: (key: string) => boolean;
  readonly insert: (text: string) => void;
};

type Options<Action extends string> = {
  readonly bindings: readonly Binding<Action>[];
  readonly onAction: (action: Action) => void;
  /** Absent where no text field has the focus. */
  readonly text?: TextTarget;
  readonly isActive?: boolean;
};

type Stroke = {readonly kind: 'key'; readonly name: string} | {readonly kind: 'text'; readonly text: string};

const noKey: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

/** The key behind one control character, by its name. */
function controlName(character: string): string {
  if (character === '\r' || character === '\n') return 'enter';
  if (character === '\t') return 'tab';
  if (character === '\u001B') return 'esc';
  if (character === '\u007F' || character === '\b') return 'backspace';
  return keyName(String.fromCharCode(character.charCodeAt(0) + 96), {...noKey, ctrl: true});
}

/**
 * The strokes in one chunk of input. A slow line brings several keys in one chunk ('john' and Enter together);
 * a paste comes in brackets and never gets here.
 */
function strokesOf(input: string, key: Key): Stroke[] {
  const named = keyName(input, key);
  if (key.meta && input.length > 0) return [];
  if (named !== input) return [{kind: 'key', name: named}];
  const strokes: Stroke[] = [];
  for (const part of input.split(/([\u0000-\u001F\u007F])/)) {
    if (part === '') continue;
    if (/^[\u0000-\u001F\u007F]$/.test(part)) strokes.push({kind: 'key', name: controlName(part)});
    else strokes.push({kind: 'text', text: part});
  }
  return strokes;
}

/** Pasted text as a one-line field takes it: no line break, so nothing is submitted; no control character. */
export function pastedLine(text: string): string {
  return text
    .replace(/^[\r\n]+|[\r\n]+$/g, '')
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\u0000-\u001F\u007F-\u009F]/g, '');
}

/**
 * Ink listens from an effect, and React may run effects well after the frame is on the screen: a key pressed meanwhile
 * would still go to the screen before, and be lost. An update from a layout effect is done in the same turn as the
 * frame, and before it React runs every effect that is due.
 */
function useEarsAtOnce(isActive: boolean): void {
  const [, again] = useReducer((times: number) => times + 1, 0);
  useLayoutEffect(again, [isActive]);
}

/** Calls `onAction` for the bound keys; text and editing keys go to `text` where that is given. */
export function useKeys<Action extends string>({bindings, onAction, text, isActive = true}: Options<Action>) {
  const act = (name: string) => {
    const action = actionFor(bindings, name);
    if (action !== undefined) onAction(action);
  };
  useInput(
    (input, key) => {
      if (key.eventType === 'release') return;
      for (const stroke of strokesOf(input, key)) {
        if (stroke.kind === 'text') {
          if (text) text.insert(stroke.text);
          else for (const letter of stroke.text) act(letter === ' ' ? 'space' : letter);
        } else if (text && stroke.name === 'space') text.insert(' ');
        else if (!text?.edit(stroke.name)) act(stroke.name);
      }
    },
    {isActive},
  );
  usePaste(
    pasted => {
      const line = pastedLine(pasted);
      if (line !== '') text?.insert(line);
    },
    {isActive},
  );
  useEarsAtOnce(isActive);
}
