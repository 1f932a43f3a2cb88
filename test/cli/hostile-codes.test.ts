// Servers that refuse with text meant to hurt, through the real program: it ends with the code that the contract has for
// what they refuse, which the last line and the summary tell too, whatever it prints for.
import {expect, it, onTestFinished} from 'vitest';
import {type Hostility, smallMail, startHostile} from '../servers/hostile.ts';
import {evil, utf8} from '../servers/hostile-text.ts';
import {jsonLines, lastSummary, newPlace, requestRow} from './place.ts';

const hurting = utf8(evil.replaceAll(/[\r\n]/g, ''));

/** Refuses each command that begins so. */
const refusing =
  (beginning: RegExp, code = ''): Hostility =>
  ({command, tag}) =>
    beginning.test(command) ? `${tag} NO ${code}${hurting}\r\n` : undefined;
const honest: Hostility = () => undefined;
const signIn = refusing(/^(AUTHENTICATE|LOGIN)/, '[AUTHENTICATIONFAILED] ');

it.each<[string, Hostility, Hostility, number]>([
  [
    'nothing, but greets with such text',
    ({reply, turn}) => (turn === 0 ? `* OK ${hurting}\r\n` : reply),
    honest,
    0,
  ],
  ['the sign-in at the source', signIn, honest, 4],
  ['the sign-in at the destination', honest, signIn, 4],
  ['a folder', refusing(/^EXAMINE "b"/), honest, 3],
  ['every message', refusing(/^UID FETCH .*BODY\.PEEK\[\]/), honest, 3],
  // It has them all the same: what it says is not believed.
  ['what it has stored', honest, refusing(/^APPEND/), 0],
])('a server that refuses %s', async (_, atSource, atDestination, code) => {
  const [source, destination] = await Promise.all([
    startHostile('ann@baya.com', {INBOX: [smallMail(1)], b: [smallMail(2)]}, atSource),
    startHostile('ann@vault.example', {}, atDestination),
  ]);
  onTestFinished(async () => {
    await Promise.all([source.stop(), destination.stop()]);
  });
  for (const output of ['plain', 'jsonl', 'quiet']) {
    const place = newPlace();
    const file = place.csv([requestRow(source, destination, 'ann')]);
    const args = ['run', file, '--yes', '--output', output];
    // As a process where a script would read it.
    const run = await (output === 'jsonl' ? place.run(args) : place.here(args));
    expect([output, run.code, run.signal]).toEqual([output, code, null]);
    expect(lastSummary(place).exitCode).toBe(code);
    if (output === 'jsonl') expect(jsonLines(run.stdout).at(-1)).toMatchObject({exitCode: code});
  }
});
