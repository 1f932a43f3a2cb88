// A source that is there, and refuses what it is asked for again and again: the run comes to an end, and one message that
// it fails at costs no other.
import {expect, it} from 'vitest';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {
  type Exchanged,
  type HostileMessage,
  hangUp,
  type Lie,
  smallMail,
  startHostile,
} from '../../servers/hostile.ts';

const user = 'ann@baya.com';

async function carry(mail: readonly HostileMessage[], hostility: (exchanged: Exchanged) => Lie) {
  const source = await startHostile(user, {INBOX: mail}, hostility);
  const destination = await startHostile(user, {}, () => undefined);
  stopAfterwards(source, destination);
  const run = await runEngine([job({server: source, user}, {server: destination, user})], {
    limits: {connections: 1},
    ports: {sleep: async () => undefined},
  });
  const arrived = destination.mailbox.folders.flatMap(({messages}) => messages);
  return {run, arrived: arrived.length};
}

const mail = Array.from({length: 9}, (_, number) => smallMail(number));
/** The UID set of a FETCH of whole messages. */
const setIn = (command: string) => /^UID FETCH (\S+) .*BODY\.PEEK\[\]/.exec(command)?.[1];

/** Refuses the messages, alone and among others. */
function refuses(uids: readonly number[], words: string) {
  let times = 0;
  const hostility = ({command, tag}: Exchanged): Lie => {
    const set = setIn(command);
    if (set === undefined) return undefined;
    const holds = set.split(',').some(range => {
      const [from = 0, to = from] = range.split(':').map(Number);
      return uids.some(uid => uid >= from && uid <= to);
    });
    if (!holds) return undefined;
    // Nobody asks so often but for ever.
    if (++times > 100) return hangUp;
    return `${tag} NO ${words}\r\n`;
  };
  return {hostility, times: () => times};
}

it('ends the run where every message is refused for now', async () => {
  const all = refuses([1, 2, 3, 4, 5, 6, 7, 8, 9], '[UNAVAILABLE] Try again later');
  const {run, arrived} = await carry(mail, all.hostility);
  expect(all.times()).toBeLessThan(20);
  expect([run.exitCode, arrived]).toEqual([3, 0]);
  expect(eventsOf(run, 'request-state').at(-1)).toMatchObject({problem: {code: 'server-unavailable'}});
  expect(eventsOf(run, 'message-failed')).toEqual([]);
});

it('names the one message that the source fails at, and copies the others', async () => {
  const one = refuses([3], '[SERVERBUG] Internal error occurred.');
  const {run, arrived} = await carry(mail, one.hostility);
  expect([run.exitCode, run.totals.copied, run.totals.failed, arrived]).toEqual([3, 8, 1, 8]);
  expect(eventsOf(run, 'message-failed')).toMatchObject([
    {
      message: {uid: 3},
      problem: {code: 'message-fails-server', sentence: expect.stringContaining('The source')},
    },
  ]);
});

it.each([
  ['[CANNOT] It cannot be read', 'message-unreadable'],
  ['[SERVERBUG] Internal error occurred.', 'message-fails-server'],
])(
  'names a large message that is refused with %s, and copies the others of its folder',
  async (words, code) => {
    const large = smallMail(10, `\r\n${`${'x'.repeat(70)}\r\n`.repeat(30_000)}`);
    const one = refuses([2], words);
    const {run, arrived} = await carry([smallMail(1), large, smallMail(3)], one.hostility);
    expect([run.exitCode, run.totals.copied, run.totals.failed, arrived]).toEqual([3, 2, 1, 2]);
    expect(eventsOf(run, 'message-failed')).toMatchObject([{message: {uid: 2}, problem: {code}}]);
  },
);

it('streams a large message that was refused once', async () => {
  // More than is ever taken into memory at once.
  const large = smallMail(10, `\r\n${`${'x'.repeat(70)}\r\n`.repeat(70_000)}`);
  let times = 0;
  const {run, arrived} = await carry([smallMail(1), large], ({command, tag}) =>
    setIn(command) === '2' && times++ === 0 ? `${tag} NO [UNAVAILABLE] Try again later\r\n` : undefined,
  );
  expect([run.exitCode, run.totals.copied, arrived]).toEqual([0, 2, 2]);
  expect(times).toBeGreaterThan(1);
});
