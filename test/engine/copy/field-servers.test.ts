// What servers in the field say and do that no RFC foresees: it costs no more than the message or the folder it is about.
import {expect, it} from 'vitest';
import type {StoredMessage} from '../../../source/demo/server/store.ts';
import {type EngineRun, eventsOf, freshState, type JobOptions, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {type HostileMessage, type Hostility, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const honest: Hostility = () => undefined;

type Mail = Readonly<Record<string, readonly HostileMessage[]>>;

/** From a mailbox with this mail to an empty one. */
async function pair(mail: Mail, source: Hostility = honest, destination: Hostility = honest) {
  const from = await startHostile(user, mail, source);
  const to = await startHostile(user, {}, destination);
  stopAfterwards(from, to);
  const carry = (state?: string, options: JobOptions = {}) =>
    runEngine([job({server: from, user}, {server: to, user}, options)], {
      limits: {connections: 1},
      ...(state === undefined ? {} : {state}),
    });
  const arrived = (folder: string) => to.mailbox.find(`Data17012018/${folder}`)?.messages ?? [];
  return {carry, arrived, to};
}

/** The message that an answer to APPEND is about: several may be stored before the first answer is sent on. */
const storedBy = (reply: string, messages: readonly StoredMessage[]) => {
  const uid = Number(/APPENDUID \d+ (\d+)/.exec(reply)?.[1]);
  return messages.find(message => message.uid === uid);
};

function takeOut(message: StoredMessage | undefined, messages: StoredMessage[]): void {
  if (message !== undefined) messages.splice(messages.indexOf(message), 1);
}

const failed = (run: EngineRun) => eventsOf(run, 'message-failed').map(({problem}) => problem.code);

it('a destination that tells no UIDNEXT is asked for no UID 0, and what is new arrives', async () => {
  const untold: Hostility = ({command, tag, reply}) =>
    /^UID SEARCH UID 0:/.test(command)
      ? `${tag} BAD Invalid UID set\r\n`
      : reply.replaceAll(/ ?UIDNEXT \d+/g, '').replaceAll(/\* OK \[\][^\r]*\r\n/g, '');
  const from = await startHostile(user, {INBOX: [smallMail(1), smallMail(2)]}, honest);
  const to = await startHostile(user, {}, untold);
  stopAfterwards(from, to);
  const carry = (state: string) =>
    runEngine([job({server: from, user}, {server: to, user})], {limits: {connections: 1}, state});
  const state = freshState();
  expect((await carry(state)).totals).toMatchObject({copied: 2, failed: 0});
  const there = to.mailbox.find('Data17012018/INBOX');
  for (const folder of [from.mailbox.find('INBOX'), there])
    folder?.add({
      bytes: smallMail(there === folder ? 9 : 3).bytes,
      flags: [],
      date: '17-Jul-1996 02:44:25 -0700',
    });
  const second = await carry(state);
  expect([second.exitCode, second.totals]).toMatchObject([0, {copied: 1, failed: 0}]);
  expect(there?.messages).toHaveLength(4);
});

it('of many equal copies a destination keeps so many: the others are named, and all else is copied', async () => {
  const mail = [...Array.from({length: 5}, () => smallMail(1)), smallMail(2), smallMail(3)];
  // Cyrus 3.3 and Fastmail; 2 where Cyrus's own tests try it.
  const {carry, arrived} = await pair(
    {INBOX: mail, Notes2: [smallMail(4)]},
    honest,
    ({command, tag, reply}) => {
      if (!/^APPEND .*INBOX/.test(command)) return undefined;
      const stored = storedBy(reply, arrived('INBOX'));
      const before = arrived('INBOX').filter(({uid}) => uid < (stored?.uid ?? 0));
      if (before.filter(({bytes}) => stored?.bytes.equals(bytes)).length < 2) return undefined;
      takeOut(stored, arrived('INBOX'));
      return `${tag} NO [LIMIT] Too many identical emails\r\n`;
    },
  );
  const state = freshState();
  const first = await carry(state);
  expect(failed(first)).toEqual(Array.from({length: 3}, () => 'message-too-many-alike'));
  expect([first.exitCode, first.totals]).toMatchObject([3, {copied: 5, failed: 3}]);
  expect(eventsOf(first, 'request-state').at(-1)?.state).toBe('Processed');
  // As often as it is tried, with what is known of it or without.
  for (const known of [state, undefined]) {
    const again = await carry(known);
    expect(again.totals).toMatchObject({copied: 0, alreadyPresent: 5, failed: 3});
  }
  expect(arrived('INBOX')).toHaveLength(4);
});

it.each([
  ['ordinary', 1],
  ['large', 70_000],
])(
  'a destination that takes none marked as deleted gets it unmarked, and that is told: %s',
  async (_, lines) => {
    let refused = 0;
    // A repair would change it, and is not what it takes.
    const more = `\r\na bare\nline end\r\n${`${'x'.repeat(70)}\r\n`.repeat(lines)}`;
    const deleted = ['\\Deleted', '\\Seen'];
    const mail = [1, 2, 3, 4].map(number => ({
      ...smallMail(number, number % 2 === 0 ? more : ''),
      flags: number % 2 === 0 ? deleted : ['\\Seen'],
    }));
    // Yahoo and AOL.
    const {carry, arrived} = await pair({INBOX: mail}, honest, ({command, tag, reply}) => {
      if (!/^APPEND .*\\Deleted/.test(command)) return undefined;
      refused++;
      takeOut(storedBy(reply, arrived('INBOX')), arrived('INBOX'));
      return `${tag} NO [CANNOT] APPEND Contains Deleted flag\r\n`;
    });
    const run = await carry(undefined, {repair: 'all'});
    expect([failed(run), run.exitCode, run.totals]).toMatchObject([[], 0, {copied: 4, failed: 0}]);
    const sent = mail.map(({bytes}) => bytes.toString()).toSorted();
    expect(
      arrived('INBOX')
        .map(({bytes}) => bytes.toString())
        .toSorted(),
    ).toEqual(sent);
    expect(arrived('INBOX').map(({flags}) => flags)).toEqual(Array.from({length: 4}, () => ['\\Seen']));
    expect(eventsOf(run, 'note').map(({problem}) => problem.sentence)).toEqual([
      expect.stringContaining('\\Deleted'),
    ]);
    expect(refused).toBeLessThanOrEqual(2);
  },
);

/** hMailServer has neither LIST-STATUS nor a NO for what is not there or may not be read. */
const hMailServer: Hostility = ({command, tag, reply}) => {
  if (/^(STATUS|EXAMINE|SELECT) .*Locked/.test(command))
    return `${tag} BAD ACL: Read permission denied (Required for ${command.split(' ')[0]} command).\r\n`;
  if (/^(STATUS|EXAMINE|SELECT) /.test(command) && reply.includes(`${tag} NO`))
    return `${tag} BAD Folder could not be found.\r\n`;
  return reply.replaceAll(' LIST-STATUS', '');
};

it('a folder that may not be read fails alone where the source answers STATUS with BAD', async () => {
  const {carry, arrived} = await pair(
    {INBOX: [smallMail(1)], Locked: [smallMail(2)], Notes2: [smallMail(3)]},
    hMailServer,
  );
  const run = await carry();
  const states = eventsOf(run, 'folder-state').filter(({state}) => state === 'failed');
  expect(states.map(({problem}) => problem?.code)).toEqual(['folder-unreadable']);
  expect([run.exitCode, run.totals.copied]).toEqual([3, 2]);
  expect(arrived('Notes2')).toHaveLength(1);
});

it('and one at the destination is nothing to what goes elsewhere', async () => {
  const mail = {Work: [smallMail(1)], work: [smallMail(2)]};
  const {carry, arrived, to} = await pair(mail, honest, hMailServer);
  to.mailbox.create('Locked');
  const run = await carry();
  expect([run.exitCode, run.totals]).toMatchObject([0, {copied: 2}]);
  expect([arrived('Work').length, arrived('work').length]).toEqual([1, 1]);
});
