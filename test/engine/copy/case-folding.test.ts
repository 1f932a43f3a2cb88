// Destinations that take "Work" and "work" for one folder, without being Exchange: none gets the mail of another, and none
// is missing.
import {expect, it, onTestFinished} from 'vitest';
import {type Folder, Mailbox} from '../../../source/demo/server/store.ts';
import {freshState, type JobOptions, job, runEngine} from '../../helpers/engine.ts';
import {type Hostility, smallMail, startHostile} from '../../servers/hostile.ts';

/** Finds a folder in any case. */
class Folding extends Mailbox {
  override find(name: string): Folder | undefined {
    return this.folders.find(each => each.name.toLowerCase() === name.toLowerCase());
  }
}

const honest: Hostility = () => undefined;
/** Tells how a folder stands under the name that it was asked by, not under its own. */
const echoing: Hostility = ({command, reply}) => {
  const asked = /^STATUS ("[^"]*")/.exec(command)?.[1];
  return asked === undefined ? undefined : reply.replace(/^\* STATUS (?:"[^"]*"|\S+)/, `* STATUS ${asked}`);
};

const [one, other] = ['ann@baya.com', 'bob@vault.example'];
type Mail = Readonly<Record<string, readonly number[]>>;

async function carrier(mail: Mail, mailbox: Mailbox, lies: Hostility, there: Mail = {}) {
  const filled = (numbers: Mail) =>
    Object.fromEntries(
      Object.entries(numbers).map(([name, each]) => [name, each.map(number => smallMail(number))]),
    );
  let asked: string[] = [];
  const source = await startHostile(one, filled(mail), honest);
  const listen: Hostility = exchanged => {
    asked.push(exchanged.command.split(' ')[0] ?? '');
    return lies(exchanged);
  };
  const destination = await startHostile(other, filled(there), listen, mailbox);
  onTestFinished(async () => {
    await Promise.all([source.stop(), destination.stop()]);
  });
  return async (options: JobOptions = {}, state = freshState()) => {
    const what = job(
      {server: source, user: one, provider: 'imap'},
      {server: destination, user: other},
      options,
    );
    asked = [];
    const {exitCode, totals, rows} = await runEngine([what], {limits: {connections: 1}, state});
    const arrived: Record<string, string> = {};
    for (const {name, messages} of mailbox.folders)
      if (messages.length > 0)
        arrived[name] = messages.map(({bytes}) => /Subject: m (\d+)/.exec(bytes.toString())?.[1]).join(' ');
    return {exitCode, copied: totals.copied, arrived, results: rows.map(({result}) => result), asked};
  };
}

const answers = [
  ['the name that it was asked by', echoing],
  ['the name that the folder has', honest],
] as const;

it.each(answers)(
  'folders that differ in case only do not mix where the destination tells %s',
  async (_, lies) => {
    const carry = await carrier({Work: [1], work: [2], 'work/deep': [3]}, new Folding('pass'), lies);
    const apart = {
      'Data17012018/Work': '1',
      'Data17012018/work (659)': '2',
      'Data17012018/work (659)/deep': '3',
    };
    expect(await carry()).toMatchObject({exitCode: 0, copied: 3, arrived: apart});
    // Nor does who has forgotten it all.
    expect(await carry()).toMatchObject({exitCode: 0, copied: 0, arrived: apart});
  },
);

it('folders that differ in case only keep their names where the destination tells them apart', async () => {
  const carry = await carrier({Work: [1], work: [2]}, new Mailbox('pass'), honest);
  const apart = {'Data17012018/Work': '1', 'Data17012018/work': '2'};
  expect(await carry()).toMatchObject({exitCode: 0, copied: 2, arrived: apart});
  expect(await carry()).toMatchObject({exitCode: 0, copied: 0, arrived: apart});
});

it.each(answers)(
  'a folder goes into the one that stands there in another case where it tells %s',
  async (_, lies) => {
    const there = {'Data17012018/Work': [9]};
    const carry = await carrier({work: [1]}, new Folding('pass'), lies, there);
    const state = freshState();
    const into = {'Data17012018/Work': '9 1'};
    expect(await carry({}, state)).toMatchObject({exitCode: 0, arrived: into, results: ['copied', 'other']});
    const again = await carry({}, state);
    expect(again).toMatchObject({exitCode: 0, copied: 0, arrived: into});
    // It is known how it stands.
    expect(again.asked.filter(command => ['CREATE', 'SELECT'].includes(command))).toEqual([]);
  },
);

it.each(['imap', 'o365'] as const)(
  'a folder typed in another case is not carried into itself: %s',
  async provider => {
    const mailbox = new Folding('pass');
    const server = await startHostile(one, {INBOX: [smallMail(1)]}, honest, mailbox);
    onTestFinished(() => server.stop());
    const end = {server, user: one, provider};
    const carry = async (destinationFolder: string) =>
      (await runEngine([job(end, end, {destinationFolder})], {limits: {connections: 1}})).totals;
    expect(await carry('Data17012018')).toMatchObject({selected: 1, copied: 1});
    expect(await carry('DATA17012018')).toMatchObject({selected: 1, copied: 0, failed: 0});
    expect(mailbox.folders.map(({name}) => name)).toEqual(['INBOX', 'Data17012018', 'Data17012018/INBOX']);
  },
);
