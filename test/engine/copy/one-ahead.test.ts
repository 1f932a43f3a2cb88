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

/**
 * Messages, and a folder that is there already. Told: when they are asked for, and when the first arrives.
 * @param refused so many, the first
 */
async function mailbox(
  asked: () => void = () => undefined,
  arrives: () => void = () => undefined,
  refused = 0,
  messages = 5,
) {
  const numbers = Array.from({length: messages}, (_, index) => index + 1);
  const read: string[] = [];
  /** How many have come together. */
  const stored: number[] = [];
  const source = await startHostile(user, {INBOX: numbers.map(number => smallMail(number))}, ({command}) => {
    if (/^UID FETCH .*BODY\.PEEK\[\]/.test(command)) {
      read.push(command.split(' ')[2] ?? '');
      asked();
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
    if (before === 0) arrives();
    return undefined;
  });
  stopAfterwards(source, destination);
  const state = freshState();
  const jobs = [job({server: source, user}, {server: destination, user})];
  return {read, stored, jobs, options: {state, limits: {connections: 1}}};
}

it('one message goes alone, and the others together, out of one answer of the source', async () => {
  const {read, stored, jobs, options} = await mailbox();
  expect((await runEngine(jobs, options)).totals.copied).toBe(5);
  expect([read, stored]).toEqual([['1:5'], [1, 4]]);
});

it.each([
  ['stopped', false],
  ['halted before, and stopped', true],
])('where the run is %s meanwhile, the others are not sent any more', async (_, halted) => {
  let handle: BatchHandle | undefined;
  const {stored, jobs, options} = await mailbox(
    () => halted && handle?.pause(),
    () => handle?.stop(),
  );
  const first = await runEngine(jobs, {
    ...options,
    on: (_event, given) => {
      handle = given;
    },
  });
  expect([first.totals.copied, stored]).toEqual([1, [1]]);
  expect((await runEngine(jobs, options)).totals).toMatchObject({copied: 4, alreadyPresent: 1});
});

it.each(['run', 'mailbox'])(
  'nor is what was read behind them, where the mailbox is halted and the %s stopped',
  async what => {
    let handle: BatchHandle | undefined;
    const {stored, jobs, options} = await mailbox(
      () => handle?.pause(0),
      () => handle?.stop(...(what === 'run' ? [] : [0])),
      0,
      150,
    );
    const first = await runEngine(jobs, {
      ...options,
      on: (_event, given) => {
        handle = given;
      },
    });
    expect([first.totals.copied, stored]).toEqual([1, [1]]);
    expect((await runEngine(jobs, options)).totals).toMatchObject({copied: 149, alreadyPresent: 1});
  },
);

it('where it is not stored, the next ones are read and sent one at a time', async () => {
  const {read, jobs, options} = await mailbox(undefined, undefined, 2);
  const {totals} = await runEngine(jobs, options);
  expect(totals).toMatchObject({copied: 3, failed: 2});
  expect(read).toEqual(['1:5', '2', '3', '4', '5']);
});

it('those that wait for it are written down when they go: what is older is looked for no longer', async () => {
  let later = 0;
  const {jobs, options} = await mailbox(undefined, () => {
    later = 600_000;
  });
  const began = Date.now();
  await runEngine(jobs, {...options, ports: {now: () => Date.now() + later}});
  const file = readdirSync(options.state).find(name => name.endsWith('.sqlite')) ?? '';
  const ledger = new DatabaseSync(join(options.state, file), {readOnly: true});
  const times = ledger.prepare('SELECT at FROM message ORDER BY uid').all();
  ledger.close();
  expect(times.map(({at}) => Number(at) - began > 600_000 / 2)).toEqual([false, true, true, true, true]);
});
