import {Text} from 'ink';
import {useEffect, useState} from 'react';
import {afterEach, describe, expect, it} from 'vitest';
import type {Binding} from '../../source/ui/keys.ts';
import {pastedLine, useKeys} from '../../source/ui/use-keys.ts';
import {cleanup, renderScreen} from '../helpers/render.tsx';

afterEach(cleanup);

const bindings: readonly Binding<'next' | 'back' | 'all' | 'save'>[] = [
  {action: 'next', keys: ['enter'], label: 'next'},
  {action: 'back', keys: ['esc'], label: 'back'},
  {action: 'all', keys: ['a'], label: 'all'},
  {action: 'save', keys: ['ctrl+s'], label: 'save'},
];

function Probe({typing}: {readonly typing: boolean}) {
  const [seen, setSeen] = useState<readonly string[]>([]);
  const add = (what: string) => setSeen(before => [...before, what]);
  useKeys({
    bindings,
    onAction: action => add(`<${action}>`),
    ...(typing
      ? {
          text: {
            edit: (key: string) => {
              if (key === 'left') add('<left>');
              return key === 'left';
            },
            insert: (text: string) => add(text),
          },
        }
      : {}),
  });
  return <Text>{seen.join(' ')}|</Text>;
}

/** Takes as long to draw as a large screen on a slow machine: React leaves what comes after for a later turn then. */
function Slow({name, onAction}: {readonly name: string; readonly onAction: (action: string) => void}) {
  useKeys({bindings, onAction});
  const begin = performance.now();
  while (performance.now() - begin < 20);
  return <Text>{name}</Text>;
}

/** From one screen to the other without a key, as when an answer has come. */
function Two({answer, heard}: {readonly answer: Promise<void>; readonly heard: string[]}) {
  const [name, setName] = useState('first');
  useEffect(() => {
    answer.then(() => setName('second'));
  }, [answer]);
  return <Slow key={name} name={name} onAction={action => heard.push(`${name} ${action}`)} />;
}

describe('useKeys', () => {
  it('takes a key that is pressed the moment its screen is seen', async () => {
    const {promise: answer, resolve} = Promise.withResolvers<void>();
    const heard: string[] = [];
    const screen = renderScreen(<Two answer={answer} heard={heard} />);
    await screen.waitFor('first');
    const pressed = screen.pressWhenSeen('second', 'a');
    resolve();
    await pressed;
    await expect.poll(() => heard).toEqual(['second all']);
  });

  it('acts on the bound keys', async () => {
    const screen = renderScreen(<Probe typing={false} />);
    await screen.press('enter', 'esc', 'a', 'x', 'ctrl+s');
    expect(screen.frame()).toBe('<next> <back> <all> <save>|');
  });

  it('takes a lone escape byte', async () => {
    const screen = renderScreen(<Probe typing={false} />);
    await screen.send('\u001B');
    await screen.waitFor('<back>');
  });

  it('never acts on letters while text is typed', async () => {
    const screen = renderScreen(<Probe typing />);
    await screen.press('a', 'space', 'left', 'enter');
    expect(screen.frame()).toBe('a   <left> <next>|');
  });

  it('splits keys that came in one chunk', async () => {
    const screen = renderScreen(<Probe typing />);
    await screen.send('john\r');
    expect(screen.frame()).toBe('john <next>|');
    const list = renderScreen(<Probe typing={false} />);
    await list.send('aa\u0013');
    expect(list.frame()).toBe('<all> <all> <save>|');
  });

  it('inserts a bracketed paste as one line and submits nothing', async () => {
    const screen = renderScreen(<Probe typing />);
    await screen.paste('john\n');
    expect(screen.frame()).toBe('john|');
    const list = renderScreen(<Probe typing={false} />);
    await list.paste('a\n');
    expect(list.frame()).toBe('|');
  });
});

describe('pastedLine', () => {
  it('joins lines and drops control characters', () => {
    expect(pastedLine('a\r\nb\u001B[31mc\n')).toBe('a b[31mc');
  });
});
