// Questions before the screens: what is typed, what is shown of it, and how the terminal is left.
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {askSecrets, askUnseen, confirm} from '../../source/program/ask.ts';
import {endingOf} from '../../source/program/endings.ts';
import type {System} from '../../source/program/system.ts';
import {secretReferenceOf} from '../../source/request/secret-text.ts';
import {request} from '../check/sample.ts';
import {fakeTerminal} from './fake-terminal.ts';

const questions = [
  ['a password', (system: System) => askUnseen('Password: ', system, 'Cancelled; nothing was copied.')],
  ['a last yes', (system: System) => confirm('Copy?', system, 'Cancelled; nothing was copied.')],
] as const;

describe.each(questions)('%s', (_, ask) => {
  it.each([
    ['Ctrl+C', '\u0003'],
    ['Ctrl+C behind what was typed', 'hal\u0003'],
    ['Ctrl+D', '\u0004'],
  ])('is cancelled by %s, with the exit code of a stop and the terminal as before', async (_, keys) => {
    const {system, keyboard} = fakeTerminal();
    const answer = ask(system).catch((error: unknown) => error);
    expect(keyboard.isRaw).toBe(true);
    keyboard.write(keys);
    expect(endingOf(await answer)).toMatchObject({exitCode: 130, words: 'Cancelled; nothing was copied.'});
    expect(keyboard.modes).toEqual([true, false]);
  });

  it('is cancelled where the terminal goes, and waits no longer', async () => {
    const {system, keyboard} = fakeTerminal();
    const answer = ask(system).catch((error: unknown) => error);
    keyboard.end();
    expect(endingOf(await answer)).toMatchObject({exitCode: 130});
  });

  it('leaves the keyboard to whoever asks next', async () => {
    const {system, keyboard} = fakeTerminal();
    const first = ask(system);
    keyboard.write('y\r');
    await first;
    expect(keyboard.modes).toEqual([true, false]);
    expect(keyboard.isPaused()).toBe(true);
    const second = ask(system);
    keyboard.write('n\r');
    await second;
    expect(keyboard.listenerCount('keypress')).toBe(0);
  });
});

it('a password is not shown, nor any of its keys', async () => {
  const {system, keyboard, shown} = fakeTerminal();
  const answer = askUnseen('Password: ', system, '');
  keyboard.write('s3crt\u001b[De\r');
  expect(await answer).toBe('s3cret');
  expect(shown()).toBe('Password: \n');
});

it.each([
  ['y', true],
  ['YES', true],
  ['', false],
  ['n', false],
  ['yesterday', false],
])('%j to a last yes is %s', async (typed, yes) => {
  const {system, keyboard} = fakeTerminal();
  const answer = confirm('Copy?', system, '');
  keyboard.write(`${typed}\r`);
  expect(await answer).toBe(yes);
});

it.each([
  ['strict', 'p;w', 'The password policy "strict" refuses these characters'],
  ['advise', 'ENV:P', 'Write env: in small letters.'],
  ['advise', '', 'The password is missing. Type it, or where it is:'],
] as const)(
  'under the policy %s %s is refused where it is typed, and asked for again',
  async (policy, typed, said) => {
    const {system, keyboard, shown, waitFor} = fakeTerminal();
    const asking = request('john', {auth: 'password'});
    const destination = {...asking.destination, secret: secretReferenceOf('env:THERE')};
    const answer = askSecrets([{...asking, destination}], system, {noInput: false, passwordPolicy: policy});
    keyboard.write(`${typed}\r`);
    await waitFor(said);
    keyboard.write('p-w\r');
    const [filled] = await answer;
    const secret = filled?.source.secret;
    expect(secret?.kind === 'value' && secret.secret.reveal()).toBe('p-w');
    if (typed !== '') expect(shown()).not.toContain(typed);
  },
);

it('a file that is typed is meant from here, wherever the run was first started', async () => {
  const {system, keyboard} = fakeTerminal();
  const asking = request('john', {auth: 'password'});
  const destination = {...asking.destination, secret: secretReferenceOf('env:THERE')};
  const settings = {noInput: false, passwordPolicy: 'advise'} as const;
  const answer = askSecrets([{...asking, destination}], system, settings);
  keyboard.write('file:pw.txt\r');
  const path = join(system.files.workingDirectory, 'pw.txt');
  expect((await answer)[0]?.source.secret).toEqual({kind: 'file', path});
});
