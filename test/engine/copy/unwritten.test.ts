// An answer that cannot be written down: the disk is full for a moment. What it was about is looked for before anything of
// it is sent again, by this run or the next.
import {afterEach, expect, it, vi} from 'vitest';
import {Budget} from '../../../source/engine/copy/budget.ts';
import {Writer} from '../../../source/engine/copy/writer.ts';
import {Ledger} from '../../../source/engine/ledger/ledger.ts';
import {freshState, job, runEngine} from '../../helpers/engine.ts';
import {meddledServers} from '../../helpers/meddled.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import {type Exchanged, hangUp, type Lie, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
afterEach(() => {
  vi.restoreAllMocks();
});

const full = () =>
  Object.assign(new Error('database or disk is full'), {code: 'ERR_SQLITE_ERROR', errcode: 13});

/** Answers fail to be written down as stored, once: the first time that `when` says so. */
function storesOnceNot(when: () => boolean = () => true, then: () => void = () => undefined): () => boolean {
  const {storedAll} = Ledger.prototype;
  let failed = false;
  vi.spyOn(Ledger.prototype, 'storedAll').mockImplementation(function (this: Ledger, folder, rows) {
    if (!failed && rows.length > 0 && when()) {
      failed = true;
      then();
      throw full();
    }
    storedAll.call(this, folder, rows);
  });
  return () => failed;
}

/** Answers fail to be written down as doubtful, once. */
function doubtsOnceNot(): () => boolean {
  const {putAll} = Ledger.prototype;
  let failed = false;
  vi.spyOn(Ledger.prototype, 'putAll').mockImplementation(function (this: Ledger, folder, rows) {
    if (!failed && rows.length > 0 && rows.every(({at}) => at === 0)) {
      failed = true;
      throw full();
    }
    putAll.call(this, folder, rows);
  });
  return () => failed;
}

type Says = (exchanged: Exchanged) => Lie;

/** A mailbox of so many messages, too large for one batch, between two servers. */
async function mailbox(count: number, says: {readonly from?: Says; readonly to?: Says}) {
  const mail = Array.from({length: count}, (_, number) =>
    smallMail(number, `X-Large: ${'x'.repeat(60_000)}\r\n`),
  );
  let honest = false;
  const first = (which: Says | undefined) => (each: Exchanged) => (honest ? undefined : which?.(each));
  const from = await startHostile(user, {INBOX: mail}, first(says.from));
  const to = await startHostile(user, {}, first(says.to));
  stopAfterwards(from, to);
  const state = freshState();
  const run = (connections: number) =>
    runEngine([job({server: from, user}, {server: to, user})], {
      ...{state, limits: {connections, settleMs: 0}, ports: {sleep: async () => undefined}},
    });
  return {
    run,
    again: () => {
      honest = true;
      return run(1);
    },
    arrived: () =>
      to.mailbox.folders
        .flatMap(({messages}) =>
          messages.map(({bytes}) => Number(/Subject: m (\d+)/.exec(bytes.toString())?.[1])),
        )
        .toSorted((one, other) => one - other),
    all: mail.map((_, number) => number),
  };
}

it('of a connection that is given up: nothing is sent again unseen', async () => {
  const lost = Promise.withResolvers<void>();
  let read = 0;
  let stored = 0;
  async function* afterwards(reply: string) {
    await lost.promise;
    yield reply;
  }
  const {run, again, arrived, all} = await mailbox(60, {
    from: ({command}) => {
      if (!/^UID FETCH .*BODY/.test(command) || ++read !== 3) return undefined;
      lost.resolve();
      return hangUp;
    },
    to: ({command, reply}) =>
      command.startsWith('APPEND') && ++stored === 1 ? afterwards(reply) : undefined,
  });
  const failed = storesOnceNot();
  expect((await run(1)).exitCode).toBe(3);
  expect(failed()).toBe(true);
  expect((await again()).exitCode).toBe(0);
  expect(arrived()).toEqual(all);
});

it('of a lane that shares its folder: no other lane sends again what it had stored', async () => {
  const unwritten = Promise.withResolvers<void>();
  let stored = 0;
  async function* afterwards(reply: string) {
    await unwritten.promise;
    yield reply;
  }
  const {run, again, arrived, all} = await mailbox(90, {
    // One lane is answered when the other has come to its end.
    to: ({command, reply}) =>
      command.startsWith('APPEND') && ++stored === 1
        ? afterwards(reply)
        : reply.replaceAll(' LITERAL+', ' LITERAL-'),
  });
  const {confirm} = Writer.prototype;
  let last = false;
  vi.spyOn(Writer.prototype, 'confirm').mockImplementation(function (this: Writer) {
    last = this.unanswered === 1;
    return confirm.call(this);
  });
  const failed = storesOnceNot(
    () => last,
    () => setImmediate(unwritten.resolve),
  );
  expect((await run(2)).exitCode).toBe(3);
  expect(failed()).toBe(true);
  expect(new Set(arrived()).size).toBe(arrived().length);
  expect((await again()).exitCode).toBe(0);
  expect(arrived()).toEqual(all);
});

describeDovecot('an answer that cannot be written down', () => {
  const {carry} = meddledServers();

  it('of a batch that was refused: the memory that its messages had is there for others', async () => {
    let held = 0;
    const {tryTake, give, take} = Budget.prototype;
    vi.spyOn(Budget.prototype, 'tryTake').mockImplementation(function (this: Budget, bytes) {
      const taken = tryTake.call(this, bytes);
      if (taken) held += bytes;
      return taken;
    });
    vi.spyOn(Budget.prototype, 'take').mockImplementation(take);
    vi.spyOn(Budget.prototype, 'give').mockImplementation(function (this: Budget, bytes) {
      held -= bytes;
      give.call(this, bytes);
    });
    const failed = doubtsOnceNot();
    const refuses = meddleWithCommands(({text}) =>
      text.startsWith('APPEND ') ? 'NO [SERVERBUG] Internal error occurred.' : undefined,
    );
    const first = await carry({destination: refuses}, {to: 'refused@vault.example'});
    expect([first.run.exitCode, failed(), held]).toEqual([3, true, 0]);
  });
});
