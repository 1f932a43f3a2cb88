// A folder that nobody knows the history of: mail of earlier may turn up in it with the next that is stored, so one message
// goes alone, and the others, which are read by then, with its answer.
import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {expect, it} from 'vitest';
import type {BatchHandle} from '../../../source/engine/batch-control.ts';
import {freshState, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const name = 'Data17012018/INBOX';

type Told = (handle: BatchHandle | undefined) => void;
const nobody: Told = () => undefined;

/** Messages, and a folder that is there already. Told: when they are first asked for, and when the first arrives. */
async function mailbox({asked = nobody, arrives = nobody, refused = 0, messages = 5, now = Date.now} = {}) {
  let handle: BatchHandle | undefined;
  const numbers = Array.from({length: messages}, (_, index) => index + 1);
  const read: string[] = [];
  /** How many have come together. */
  const stored: number[] = [];
  const source = await startHostile(user, {INBOX: numbers.map(number => smallMail(number))}, ({command}) => {
    if (/^UID FETCH .*BODY\.PEEK\[\]/.test(command)) {
      read.push(command.split(' ')[2] ?? '');
      if (read.length === 1) asked(handle);
    }
    return undefined;
  });
  let left = refused;
  const destination = await startHostile(user, {[name]: []}, ({command, tag}) => {
    if (!command.startsWith('APPEND')) return undefined;
    if (left > 0) {
      left--;
      destination.mailbox.find(name)?.messages.pop();
      return `${tag} NO Message contains bare newlines\r\n`;
    }
    const before = stored.reduce((sum, each) => sum + each, 0);
    const more = (destination.mailbox.find(name)?.messages.length ?? 0) - before;
    if (more > 0) stored.push(more);
    if (before === 0) arrives(handle);
    return undefined;
  });
  stopAfterwards(source, destination);
  const state = freshState();
  const jobs = [job({server: source, user}, {server: destination, user})];
  const run = () =>
    runEngine(jobs, {
      state,
      limits: {connections: 1},
      ports: {now},
      on: (_event, given) => {
        handle = given;
      },
    });
  return {read, stored, state, run};
}

it('one message goes alone, and the others together, out of one answer of the source', async () => {
  const {read, stored, run} = await mailbox();
  expect((await run()).totals.copied).toBe(5);
  expect([read, stored]).toEqual([['1:5'], [1, 4]]);
});

it.each<readonly [string, Told, Told, number]>([
  ['the run is stopped', nobody, handle => handle?.stop(), 5],
  ['it is halted before, and stopped', handle => handle?.pause(), handle => handle?.stop(), 5],
  // What was read behind them waits for the halt.
  [
    'the mailbox is halted before, and the run stopped',
    handle => handle?.pause(0),
    handle => handle?.stop(),
    150,
  ],
  ['the mailbox is halted before, and stopped', handle => handle?.pause(0), handle => handle?.stop(0), 150],
])('where %s meanwhile, the others are not sent any more', async (_, asked, arrives, messages) => {
  const {stored, run} = await mailbox({asked, arrives, messages});
  expect([(await run()).totals.copied, stored]).toEqual([1, [1]]);
  expect((await run()).totals).toMatchObject({copied: messages - 1, alreadyPresent: 1});
});

it('where it is not stored, the next ones are read and sent one at a time', async () => {
  const {read, run} = await mailbox({refused: 2});
  expect((await run()).totals).toMatchObject({copied: 3, failed: 2});
  expect(read).toEqual(['1:5', '2', '3', '4', '5']);
});

it('those that wait for it are written down when they go: what is older is looked for no longer', async () => {
  let later = 0;
  const arrives = () => {
    later = 600_000;
  };
  const {state, run} = await mailbox({arrives, now: () => Date.now() + later});
  const began = Date.now();
  await run();
  const file = readdirSync(state).find(name => name.endsWith('.sqlite')) ?? '';
  const ledger = new DatabaseSync(join(state, file), {readOnly: true});
  const times = ledger.prepare('SELECT at FROM message ORDER BY uid').all();
  ledger.close();
  expect(times.map(({at}) => Number(at) - began > 600_000 / 2)).toEqual([false, true, true, true, true]);
});
