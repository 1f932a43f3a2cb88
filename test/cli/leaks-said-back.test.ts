// No secret leaves the program where a server says it back: in the refusal of the sign-in, in clear or as it was sent, and
// in what it says later. The rest of its words is kept.
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it, onTestFinished} from 'vitest';
import {Mailbox} from '../../source/demo/server/store.ts';
import {type Exchanged, type Hostility, smallMail, startHostile} from '../servers/hostile.ts';
import {leaks, marked} from './marked-secrets.ts';
import {newPlace, type Row, requestRow} from './place.ts';

const secret = marked('right');
const quoted = secret.replaceAll(/["\\]/g, '\\$&');
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** What is said for the first command of that kind, behind its tag. */
const on =
  (which: RegExp, words: string): Hostility =>
  ({command, tag}) =>
    which.test(command) ? `${tag} ${words}\r\n` : undefined;

/** The same where the server takes passwords with AUTHENTICATE. */
const sasl =
  (offered: string, lie: Hostility): Hostility =>
  (exchanged: Exchanged) =>
    exchanged.command === ''
      ? exchanged.reply.replace('* OK', `* OK [CAPABILITY IMAP4rev1 ${offered}]`)
      : lie(exchanged);

const offered = base64(secret);
/** What is kept of the destination's words. */
const stored = 'may not store this';

/** By user: what the source says, and what is kept of it. */
const atSource: Readonly<Record<string, readonly [Hostility, string]>> = {
  bad: [on(/^LOGIN/, `BAD Unknown command: LOGIN "bad@baya.com" "${quoted}"`), 'Unknown command: LOGIN'],
  no: [on(/^LOGIN/, `NO [AUTHENTICATIONFAILED] ${secret} is not the one`), 'is not the one'],
  code: [on(/^LOGIN/, `NO [${base64(secret)}] Not with that code`), 'Not with that code'],
  plain: [
    sasl(
      'AUTH=PLAIN SASL-IR',
      on(/^AUTHENTICATE/, `NO No such answer: ${base64(`\0plain@baya.com\0${secret}`)} (PLAIN)`),
    ),
    'No such answer:',
  ],
  cut: [
    on(/^LOGIN/, `BAD Line too long: ${base64(`\0cut@baya.com\0${secret}`).slice(0, -4)}`),
    'Line too long:',
  ],
  list: [on(/^(LIST|EXAMINE)/, `NO Who signs in by ${secret} lists nothing`), 'lists nothing'],
  offers: [
    ({command, reply}) => (/^LOGIN/.test(command) ? reply.replace(']', ` ${offered}]`) : undefined),
    'offers@baya.com',
  ],
};

it('nor where a server says it back', async () => {
  const place = newPlace();
  const serve = async (user: string, lies: Hostility, folders = {}) => {
    const server = await startHostile(user, folders, lies, new Mailbox(secret));
    onTestFinished(() => server.stop());
    return server;
  };
  const mail = {INBOX: [smallMail(1), smallMail(2)]};
  const rows: Row[] = [];
  const pair = async (user: string, source: Hostility, destination: Hostility) =>
    rows.push(
      requestRow(
        await serve(`${user}@baya.com`, source, mail),
        await serve(`${user}@vault.example`, destination),
        user,
        {'Source user password': secret, 'Destination user password': secret},
      ),
    );
  const honest = () => undefined;
  for (const [user, [lies]] of Object.entries(atSource)) await pair(user, lies, honest);
  await pair('append', honest, on(/^APPEND/, `NO ${secret} ${stored}`));
  const home = join(place.directory, 'home');
  mkdirSync(home);
  const env = {HOME: home};
  const printed: Record<string, string> = {};
  const holding: string[] = [];
  for (const output of ['plain', 'jsonl']) {
    // What an honest server behind the other has stored is there the next time.
    const folder = {'Destination folder': `Data ${output}`};
    const csv = place.csv(
      rows.map(row => ({...row, ...folder})),
      `${output}.csv`,
    );
    holding.push(csv);
    for (const command of ['check', 'run']) {
      const args = [command, csv, '--yes', '--no-input', '--output', output];
      const {code, stdout, stderr} = await place.here(args, {env});
      const name = `${command} ${output}`;
      printed[name] = stdout + stderr;
      expect([name, code]).toEqual([name, 3]);
      // What is alike is told once to people.
      const words = Object.values(atSource).map(([, each]) => each);
      const kept = output === 'plain' ? words.slice(0, 1) : command === 'run' ? [...words, stored] : words;
      for (const each of kept) expect(printed[name]).toContain(each);
    }
  }
  expect(leaks(place, printed, holding)).toEqual([]);
  // Capabilities are kept in upper case.
  for (const text of Object.values(printed)) expect(text.toLowerCase()).not.toContain(offered.toLowerCase());
});
