// What a person may do to a run: pause, stop, hurry or try again one mailbox or all, and in which order they go.
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import {setTimeout as wait} from 'node:timers/promises';
import {afterAll, beforeAll, expect, it} from 'vitest';
import type {BatchHandle} from '../../source/engine/batch-control.ts';
import type {NewEvent, RunEvent} from '../../source/engine/events.ts';
import {Gate} from '../../source/engine/link/gate.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import {Secret} from '../../source/request/secret.ts';
import {type EngineRun, eventsOf, job, runEngine} from '../helpers/engine.ts';
import {fill, instantOf, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';

const users = ['ann', 'bob', 'cleo', 'dan'];

describeDovecot('a batch', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let round = 0;

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    // ann has most, dan least.
    for (const [index, user] of users.entries())
      await fill(
        source,
        `${user}@baya.com`,
        fillTree([['INBOX']], {seed: index + 1, messages: 40 - 10 * index}),
      );
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  /** All four, each to a place of its own in every run; `changes` by name. */
  const jobs = (changes: Readonly<Record<string, {password?: string}>> = {}) => {
    round++;
    return users.map((user, request) =>
      job(
        {server: source, user: `${user}@baya.com`},
        {server: destination, user: `${user}${round}@vault.example`},
        {request, ...changes[user]},
      ),
    );
  };
  const begun = (run: EngineRun) =>
    eventsOf(run, 'request-state')
      .filter(({state}) => state === 'Verifying')
      .map(({request}) => users[request]);
  const last = (run: EngineRun, user: string) =>
    eventsOf(run, 'request-state').findLast(({request}) => users[request] === user)?.state;
  /** Calls back once, at the first event that looks like this. */
  const at =
    (wanted: Partial<NewEvent>, then: (handle: BatchHandle) => void) =>
    (event: RunEvent, handle: BatchHandle): void => {
      const matches = Object.entries(wanted).every(([key, value]) => event[key as keyof RunEvent] === value);
      if (!matches || done.has(wanted)) return;
      done.add(wanted);
      then(handle);
    };
  const done = new Set<Partial<NewEvent>>();
  type On = (event: RunEvent, handle: BatchHandle) => void;
  const all =
    (...each: readonly On[]): On =>
    (event, handle) => {
      for (const on of each) on(event, handle);
    };
  const state = (request: number, of: 'Verifying' | 'Processing' | 'Processed') =>
    ({type: 'request-state', request, state: of}) as const;

  it('goes as listed, or the smallest mailbox first', async () => {
    const listed = await runEngine(jobs(), {mailboxes: 1});
    expect(begun(listed)).toEqual(['ann', 'bob', 'cleo', 'dan']);
    const smallest = await runEngine(jobs(), {
      mailboxes: 1,
      order: 'smallest',
      ports: {sleep: async (ms, signal) => wait(ms, undefined, {signal})},
    });
    const measured = eventsOf(smallest, 'request-measured');
    expect(measured.toSorted((one, other) => one.request - other.request)).toMatchObject(
      [40, 30, 20, 10].map((messages, request) => ({request, messages})),
    );
    const bySize = measured.toSorted((one, other) => (one.bytes ?? 0) - (other.bytes ?? 0));
    expect(begun(smallest)).toEqual(bySize.map(({request}) => users[request]));
    expect(begun(smallest)[0]).toBe('dan');
  });

  it('carries the newest mail of a folder first, whatever its UIDs are, and all of it', async () => {
    const user = 'eve';
    // Somebody has moved mail about: what arrived last has the lowest UIDs.
    const [inbox] = fillTree([['INBOX']], {seed: 9, messages: 250});
    const messages = (inbox?.messages ?? []).map((message, index) => ({...message, date: dayBefore(index)}));
    await fill(source, `${user}@baya.com`, [{path: ['INBOX'], messages}]);
    const carry = job(
      {server: source, user: `${user}@baya.com`},
      {server: destination, user: `${user}@vault.example`},
    );
    const run = await runEngine([carry], {order: 'newest'});
    expect([run.exitCode, run.totals.copied]).toEqual([0, 250]);
    const mail = async (server: Dovecot, owner: string, folder: string) =>
      (await readMailbox(server, owner)).get(folder) ?? [];
    const original = await mail(source, `${user}@baya.com`, 'INBOX');
    const copied = await mail(destination, `${user}@vault.example`, 'Data17012018/INBOX');
    const bytesOf = (all: typeof copied) => all.map(({sha256}) => sha256).toSorted();
    expect(bytesOf(copied)).toEqual(bytesOf(original));
    // Within a batch the order is the source's: the newest is in the first one, the oldest in the last.
    const arrived = copied.map(({internalDate}) => instantOf(internalDate));
    expect(arrived.indexOf(Math.max(...arrived))).toBeLessThan(100);
    expect(arrived.indexOf(Math.min(...arrived))).toBeGreaterThanOrEqual(150);
  });

  it('lets one mailbox go before the others that wait', async () => {
    const run = await runEngine(jobs(), {
      mailboxes: 1,
      on: at(state(0, 'Verifying'), handle => handle.first(3)),
    });
    expect(begun(run)).toEqual(['ann', 'dan', 'bob', 'cleo']);
    expect(eventsOf(run, 'request-first')).toMatchObject([{request: 3}]);
  });

  it('takes more mailboxes at once from now on', async () => {
    const run = await runEngine(jobs(), {
      mailboxes: 1,
      on: at(state(0, 'Verifying'), handle => handle.changeMailboxes(2)),
    });
    const order = eventsOf(run, 'request-state').map(({request, state: word}) => `${users[request]} ${word}`);
    // Both have set out before the first one has arrived.
    expect(order.indexOf('cleo Verifying')).toBeLessThan(order.indexOf('ann Processed'));
    expect(eventsOf(run, 'mailboxes-changed')).toMatchObject([{mailboxes: 3}]);
  });

  it('pauses one that waits: the others pass it, and it goes when it is resumed', async () => {
    const run = await runEngine(jobs(), {
      mailboxes: 1,
      on: all(
        at(state(0, 'Verifying'), handle => handle.pause(1)),
        at(state(3, 'Processed'), handle => handle.resume(1)),
      ),
    });
    expect(begun(run)).toEqual(['ann', 'cleo', 'dan', 'bob']);
    expect(run.exitCode).toBe(0);
  });

  it('pauses one at work: it copies nothing until the others are done', async () => {
    const run = await runEngine(jobs(), {
      mailboxes: 4,
      on: all(
        at(state(0, 'Verifying'), handle => handle.pause(0)),
        at({type: 'request-paused'}, handle => {
          // As a person does who is in doubt: again changes nothing.
          handle.pause(0);
        }),
        (() => {
          const left = new Set([1, 2, 3]);
          return (event: RunEvent, handle: BatchHandle) => {
            if (event.type !== 'request-state' || event.state !== 'Processed') return;
            left.delete(event.request);
            if (left.size === 0) handle.resume(0);
          };
        })(),
      ),
    });
    expect(run.exitCode).toBe(0);
    const resumed = run.events.findIndex(({type}) => type === 'request-resumed');
    const copied = run.events.findIndex(event => event.type === 'messages-copied' && event.request === 0);
    expect(resumed).toBeGreaterThan(0);
    expect(copied).toBeGreaterThan(resumed);
    expect(eventsOf(run, 'request-paused')).toHaveLength(1);
  });

  it('lets nobody set out while all is paused', async () => {
    const run = await runEngine(jobs(), {
      mailboxes: 1,
      on: all(
        at(state(0, 'Verifying'), handle => {
          handle.pause();
          handle.changeMailboxes(1);
          handle.first(3);
        }),
        at({type: 'request-first'}, handle => handle.resume()),
      ),
    });
    const kinds = run.events.map(event => (event.type === 'request-state' ? event.state : event.type));
    const [paused, resumed] = [kinds.indexOf('paused'), kinds.indexOf('resumed')];
    expect(kinds.slice(paused, resumed)).not.toContain('Verifying');
    expect(begun(run)).toEqual(['ann', 'dan', 'bob', 'cleo']);
  });

  it('stops one that waits and one at work; the others arrive, and the run says 130', async () => {
    const run = await runEngine(jobs(), {
      mailboxes: 1,
      on: all(
        at(state(0, 'Processing'), handle => {
          handle.stop(0);
          handle.stop(2);
        }),
      ),
    });
    expect(users.map(user => last(run, user))).toEqual(['Stopped', 'Processed', 'Stopped', 'Processed']);
    expect(eventsOf(run, 'request-stopping')).toMatchObject([{request: 0, how: 'finish'}]);
    expect(run.exitCode).toBe(130);
  });

  it('copies nothing while what it tells is not taken', async () => {
    const waited = Promise.withResolvers<void>();
    class Slow extends Gate {
      override opened(): Promise<void> {
        waited.resolve();
        return super.opened();
      }
    }
    const telling = new Slow();
    telling.close();
    let copied = 0;
    const run = runEngine(jobs(), {telling, on: ({type}) => void (type === 'messages-copied' && copied++)});
    await Promise.race([waited.promise, run]);
    expect(copied).toBe(0);
    telling.open();
    expect((await run).exitCode).toBe(0);
  });

  it('says nothing more once the last mailbox has ended, whatever is asked for', async () => {
    let handle: BatchHandle | undefined;
    const run = await runEngine(jobs(), {
      on: (_, its) => {
        handle = its;
      },
    });
    const told = run.events.length;
    handle?.changeMailboxes(3);
    handle?.pause();
    handle?.resume();
    handle?.stop();
    handle?.stop();
    expect(run.events.slice(told)).toEqual([]);
    expect(run.exitCode).toBe(0);
  });

  it('takes up one that was stopped when it is tried again', async () => {
    const run = await runEngine(jobs(), {
      mailboxes: 1,
      on: all(
        at(state(0, 'Verifying'), handle => handle.stop(2)),
        at(state(3, 'Verifying'), handle => handle.retryFailed(2)),
      ),
    });
    expect(last(run, 'cleo')).toBe('Processed');
    expect(run.exitCode).toBe(0);
  });

  it('keeps what a mailbox has brought where another try does not get in', async () => {
    const user = 'fay';
    await fill(source, `${user}@baya.com`, fillTree([['INBOX']], {seed: 8, messages: 250}));
    const made = job(
      {server: source, user: `${user}@baya.com`},
      {server: destination, user: `${user}@vault.example`},
    );
    let known = true;
    const password = async () => {
      if (known) return new Secret('pass');
      throw new Error('The password file is gone');
    };
    const from = {kind: 'password' as const, user: `${user}@baya.com`, password};
    const fay = {...made, credentials: {...made.credentials, source: from}};
    // Nobody else gets in either, and that only turns out when fay is tried again.
    const late = Promise.withResolvers<Secret>();
    late.promise.catch(() => undefined);
    const [, other] = jobs();
    if (other === undefined) throw new Error('There is no other mailbox');
    const shut = {kind: 'password' as const, user: 'bob@baya.com', password: () => late.promise};
    const bob = {...other, credentials: {...other.credentials, source: shut}};
    let snapshot = emptySnapshot;
    const run = await runEngine([fay, bob], {
      on: all(
        event => {
          snapshot = reduce(snapshot, event);
        },
        at({type: 'messages-copied', request: 0}, handle => handle.stop(0)),
        at({type: 'request-state', request: 0, state: 'Stopped'}, handle => {
          known = false;
          setImmediate(() => handle.retryFailed(0));
        }),
        at({type: 'request-state', request: 0, state: 'Failed'}, () =>
          late.reject(new Error('The password file is gone')),
        ),
      ),
    });
    const {copied} = run.totals;
    expect(copied).toBeGreaterThan(0);
    expect(eventsOf(run, 'request-finished').filter(({request}) => request === 0)).toHaveLength(2);
    expect(run.rows.filter(({result}) => result === 'copied')).toHaveLength(copied);
    expect([run.exitCode, snapshot.totals.copied, snapshot.requests[0]?.folders[0]?.counts.copied]).toEqual([
      3,
      copied,
      copied,
    ]);
  });

  it('tries again only what failed: one mailbox, then all', async () => {
    const wrong = {bob: {password: 'wrong'}, cleo: {password: 'wrong'}};
    const one = await runEngine(jobs(wrong), {
      mailboxes: 1,
      on: at(state(3, 'Verifying'), handle => handle.retryFailed(1)),
    });
    expect(begun(one)).toEqual(['ann', 'bob', 'cleo', 'dan', 'bob']);
    const every = await runEngine(jobs(wrong), {
      mailboxes: 1,
      on: at(state(3, 'Verifying'), handle => handle.retryFailed()),
    });
    expect(begun(every)).toEqual(['ann', 'bob', 'cleo', 'dan', 'bob', 'cleo']);
    expect(every.exitCode).toBe(3);
  });

  it('presents a wrong password once, however often the mailbox is measured and asked for', async () => {
    // Two requests of bob's mailbox, and both are measured and begun at once.
    const [ann, bob, cleo] = jobs({bob: {password: 'wrong'}});
    if (ann === undefined || bob === undefined || cleo === undefined) throw new Error('There are four');
    let presented = 0;
    const from = {
      ...{kind: 'password' as const, user: 'bob@baya.com'},
      password: async () => {
        presented++;
        return new Secret('wrong');
      },
    };
    const again = {...cleo, what: {...cleo.what, source: bob.what.source}};
    const both = [bob, again].map(made => ({...made, credentials: {...made.credentials, source: from}}));
    const run = await runEngine([ann, ...both], {
      mailboxes: 3,
      order: 'smallest',
      ports: {sleep: async (ms, signal) => wait(ms, undefined, {signal})},
    });
    expect([presented, last(run, 'ann'), last(run, 'bob'), last(run, 'cleo')]).toEqual([
      ...[1, 'Processed'],
      ...['Failed', 'Failed'],
    ]);
    const told = eventsOf(run, 'request-state').flatMap(({problem}) => problem?.code ?? []);
    expect(told).toEqual(['sign-in-refused', 'sign-in-refused']);
  });

  it('asks a server again that was away while the mailboxes were measured', async () => {
    // Stands before the source, and is open from the first turn on.
    const gate = createServer(socket => {
      const to = connect(source.imapPort, source.host);
      socket.pipe(to).pipe(socket);
      socket.on('error', () => to.destroy());
      to.on('error', () => socket.destroy());
    });
    gate.listen(0, '127.0.0.1');
    await once(gate, 'listening');
    const address = gate.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    gate.close();
    await once(gate, 'close');
    const behind = jobs().map(made => ({
      ...made,
      what: {...made.what, source: {...made.what.source, server: '127.0.0.1', port}},
    }));
    const run = await runEngine(behind, {
      mailboxes: 1,
      order: 'smallest',
      on: at(state(0, 'Verifying'), () => {
        gate.listen(port, '127.0.0.1');
      }),
      ports: {sleep: async (ms, signal) => wait(ms, undefined, {signal})},
    });
    gate.close();
    expect(eventsOf(run, 'request-measured')).toEqual([]);
    expect(users.map(user => last(run, user))).toEqual(users.map(() => 'Processed'));
  });

  it('waits for a server that has gone away, also with the mailboxes whose turn comes meanwhile', async () => {
    let gone = false;
    let pauses = 0;
    const run = await runEngine(jobs(), {
      mailboxes: 1,
      on: at(state(1, 'Processed'), () => {
        gone = true;
        void destination.kill();
      }),
      ports: {
        sleep: async () => {
          if (gone && ++pauses === 3) await destination.restart();
        },
      },
    });
    expect(pauses).toBeGreaterThanOrEqual(3);
    expect(users.map(user => last(run, user))).toEqual(users.map(() => 'Processed'));
    expect(run.exitCode).toBe(0);
  });
});

/** IMAP date-time, so many days before the end of 2020. */
function dayBefore(days: number): string {
  const [, day, month, year] = new Date(Date.UTC(2020, 11, 31 - days)).toUTCString().split(' ');
  return `${day}-${month}-${year} 08:00:00 +0000`;
}
