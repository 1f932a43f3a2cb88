// What a server says to people, as it arrives on the screens: UTF-8 where it is that, else latin1, and cleaned.
import {afterAll, expect, it} from 'vitest';
import {humanText} from '../../../source/engine/imap/human-text.ts';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {type HostileServer, type Hostility, hangUp, smallMail, startHostile} from '../../servers/hostile.ts';

const japanese = '認証に失敗しました';
const utf8 = Buffer.from(`${japanese}\u202e!`).toString('latin1');

it.each([
  ['ASCII', 'Failed.', 'Failed.'],
  ['UTF-8', utf8, `${japanese}\u202e!`],
  ['latin1', 'Verf\xfcgbar', 'Verf\xfcgbar'],
  ['UTF-8 that is cut off', utf8.slice(0, 4), utf8.slice(0, 4)],
  ['a surrogate in UTF-8', '\xed\xa0\x80', '\xed\xa0\x80'],
])('%s', (_, bytes, text) => {
  expect(humanText(bytes)).toBe(text);
});

const servers: HostileServer[] = [];
afterAll(() => Promise.all(servers.map(server => server.stop())));

/** Details of all problems that a run tells of, its destination being so. */
async function told(lies: Hostility): Promise<readonly string[]> {
  const mail = {INBOX: [smallMail(1)]};
  const [source, destination] = await Promise.all([
    startHostile('ann@baya.com', mail, () => undefined),
    startHostile('ann@vault.example', {}, lies),
  ]);
  servers.push(source, destination);
  const ends = [
    {server: source, user: 'ann@baya.com'},
    {server: destination, user: 'ann@vault.example'},
  ] as const;
  const run = await runEngine([job(...ends)], {limits: {reconnects: 1}});
  const problems = [
    ...eventsOf(run, 'message-failed').map(({problem}) => problem),
    ...eventsOf(run, 'request-state').map(({problem}) => problem),
    ...eventsOf(run, 'connection-lost').map(({problem}) => problem),
  ];
  return problems.flatMap(problem => problem?.detail ?? []);
}

it.each<[string, Hostility]>([
  ['a refused message', ({command, tag}) => (/^APPEND/.test(command) ? `${tag} NO ${utf8}\r\n` : undefined)],
  ['a refused sign-in', ({command, tag}) => (/^LOGIN/.test(command) ? `${tag} NO ${utf8}\r\n` : undefined)],
  ['a BYE', ({command}) => (/^APPEND/.test(command) ? [`* BYE ${utf8}\r\n`, hangUp] : undefined)],
])('%s in Japanese is told in Japanese, without what turns it round', async (_, lies) => {
  const details = await told(lies);
  expect(details.join(' ')).toContain(`${japanese}!`);
  expect(details.join(' ')).not.toMatch(/\u202e|\xe8/);
});
