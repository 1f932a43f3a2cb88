// Copies that get another UID at the destination, as where somebody moves them away and back: they are there.
import {expect, it} from 'vitest';
import type {PassPoint} from '../../../source/engine/points.ts';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {type Exchanged, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const name = 'Data17012018/INBOX';
const all = [1, 2, 3].map(number => smallMail(number));

/** Nothing but their texts tells them apart. */
const unnamed = [1, 2, 3].map(number => ({
  bytes: Buffer.from(`From: a@example.org\r\nSubject: the same\r\n\r\nText ${number}\r\n`),
}));

/** @param meddle told of each command at the destination, when it has been carried out there */
async function mailbox(
  copied: boolean,
  meddle: (exchanged: Exchanged) => void = () => undefined,
  mail = all,
) {
  const source = await startHostile(user, {INBOX: mail}, () => undefined);
  const destination = await startHostile(user, copied ? {Data17012018: [], [name]: mail} : {}, exchanged => {
    meddle(exchanged);
    return undefined;
  });
  stopAfterwards(source, destination);
  const state = freshState();
  const folder = () => destination.mailbox.find(name);
  return {
    /** The first copy gets the UID after the last one's. */
    moves: () => {
      const [first] = folder()?.messages.splice(0, 1) ?? [];
      if (first !== undefined) folder()?.add(first);
    },
    strangerComes: () =>
      folder()?.add({bytes: smallMail(9).bytes, flags: [], date: '17-Jul-1996 02:44:25 -0700'}),
    goes: () => folder()?.messages.splice(0, 1),
    run: async (passed: PassPoint = () => undefined) => {
      const done = await runEngine([job({server: source, user}, {server: destination, user})], {
        limits: {connections: 1},
        ports: {passed},
        state,
      });
      const notes = eventsOf(done, 'note').map(({problem}) => problem.code);
      return {
        ...done.totals,
        told: notes.filter(code => code === 'copies-deleted' || code === 'copied-by-others'),
        others: done.rows.filter(({result}) => result === 'other').length,
      };
    },
  };
}

const present = {copied: 0, alreadyPresent: 3, skipped: 0, told: [], others: 0};

it('a copy that gets another UID when its header has been read is neither deleted nor a stranger’s', async () => {
  let moved = false;
  const {run, moves} = await mailbox(true, ({command}) => {
    if (moved || !/^UID FETCH .*HEADER/.test(command)) return;
    moved = true;
    moves();
  });
  expect(await run()).toMatchObject(present);
  expect(moved).toBe(true);
  expect(await run()).toMatchObject(present);
});

it('nor is one that got another UID between two runs', async () => {
  const {run, moves} = await mailbox(false);
  await run();
  moves();
  for (let times = 0; times < 2; times++) expect(await run()).toMatchObject(present);
});

it.each([false, true])(
  'nor one without a Message-ID (there before the first run: %s), also after a run that saw it and was broken off',
  async there => {
    const {run, moves, strangerComes} = await mailbox(there, () => undefined, unnamed);
    await run();
    strangerComes();
    moves();
    await run(point => {
      if (point === 'settle-done') throw new Error('Broken off');
    });
    for (let times = 0; times < 2; times++) expect(await run()).toMatchObject({...present, others: 1});
  },
);

it('a copy that is deleted is none of those that others brought', async () => {
  const {run, goes, strangerComes} = await mailbox(false);
  await run();
  goes();
  strangerComes();
  expect(await run()).toMatchObject({
    ...present,
    ...{alreadyPresent: 2, skipped: 1, told: ['copies-deleted'], others: 1},
  });
});
