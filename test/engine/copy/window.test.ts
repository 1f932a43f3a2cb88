// How many batches are under way at once, and that what is answered is told while the next one is waited for.
import {afterAll, beforeAll, expect, it, onTestFinished, vi} from 'vitest';
import type {BatchHandle} from '../../../source/engine/batch-control.ts';
import {Window} from '../../../source/engine/copy/window.ts';
import {Gate} from '../../../source/engine/link/gate.ts';
import {job, runEngine} from '../../helpers/engine.ts';
import {fill} from '../../helpers/mail.ts';
import {plainMail} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {startMeddler} from '../../servers/meddler.ts';

it('there are two, and more where a batch takes hardly longer than the way to a far server', () => {
  const window = new Window();
  const sizes = (times: number, ms: number, roundTrip: number) =>
    Array.from({length: times}, () => {
      window.took(ms, roundTrip);
      return window.size;
    });
  expect(window.size).toBe(2);
  expect(sizes(3, 179, 60)).toEqual([3, 4, 5]);
  expect(sizes(2, 180, 60)).toEqual([5, 5]);
  expect(sizes(2, 301, 60)).toEqual([4, 3]);
  expect(sizes(2, 301, 60)).toEqual([2, 2]);
  expect(sizes(9, 60, 60).at(-1)).toBe(8);
  window.lost();
  expect(window.size).toBe(2);
  // Of a server that is near, or how far is not known.
  expect(sizes(9, 60, 0).at(-1)).toBe(2);
  expect(sizes(9, 3, 0).at(-1)).toBe(2);
});

it('a server that one batch has shown to be near is near, however far it seemed', () => {
  const window = new Window();
  for (let times = 0; times < 9; times++) window.took(60, 40);
  expect(window.size).toBe(8);
  window.took(4, 40);
  for (let times = 0; times < 9; times++) window.took(60, 40);
  expect(window.size).toBe(2);
  const near = new Window();
  for (let times = 0; times < 9; times++) near.took(12, 10);
  expect(near.size).toBe(2);
});

describeDovecot('of a large folder', () => {
  let source: Dovecot;
  let destination: Dovecot;
  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    await fill(source, 'large@baya.com', [{path: ['INBOX'], messages: plainMail(1500, 1)}]);
  });
  afterAll(() => Promise.all([source?.stop(), destination?.stop()]));

  type Options = {
    readonly from?: string;
    readonly messages?: number;
    readonly to?: Dovecot;
    /** The source says of each message that it is small. */
    readonly understated?: boolean;
  };

  /**
   * The most that is asked for at once.
   * @param batchMs that each batch seems to take, from servers 60 ms away
   */
  async function mostReads(
    user: string,
    batchMs: number,
    {from = 'large@baya.com', messages = 1500, to = destination, understated = false}: Options = {},
  ) {
    let [signingIn, now] = [true, 0];
    const most = {batches: 0, messages: 0};
    const asked: number[] = [];
    const commands = meddleWithCommands(({text, unanswered}) => {
      const [, first = '', last = first] = /^UID FETCH (\d+)(?::(\d+))? .*BODY/.exec(text) ?? [];
      if (first !== '') {
        signingIn = false;
        asked.push(Number(last) - Number(first) + 1);
        const underWay = asked.slice(-(unanswered + 1));
        most.batches = Math.max(most.batches, underWay.length);
        most.messages = Math.max(
          most.messages,
          underWay.reduce((all, each) => all + each, 0),
        );
      }
      return undefined;
    });
    const line = await startMeddler(source.imapPort, {
      ...commands,
      down: (chunk, wire) => {
        commands.down?.(chunk, wire);
        if (!understated) return false;
        wire.answer(
          Buffer.from(chunk.toString('latin1').replace(/RFC822\.SIZE \d+/g, 'RFC822.SIZE 9'), 'latin1'),
        );
        return true;
      },
    });
    try {
      const run = await runEngine([job({server: line, user: from}, {server: to, user})], {
        ports: {
          // Each look at the clock while signing in is 60 ms after the one before: so far away are both servers.
          now: () => {
            if (signingIn) now += 60;
            return now;
          },
          elapsed: () => {
            now += batchMs;
            return now;
          },
        },
        limits: {connections: 1},
      });
      expect([run.exitCode, run.totals.copied]).toEqual([0, messages]);
      return most;
    } finally {
      line.close();
    }
  }

  it('more than two are asked for where the servers are far, and have time left', async () => {
    expect((await mostReads('far@vault.example', 0)).batches).toBeGreaterThan(4);
  });

  it('two where they have none', async () => {
    expect((await mostReads('busy@vault.example', 500)).batches).toBe(2);
  });

  it('two where the destination is waited for with each message', async () => {
    const to = await startDovecot({hide: ['MULTIAPPEND', 'LITERAL+', 'LITERAL-']});
    try {
      expect((await mostReads('each@vault.example', 0, {to})).batches).toBe(2);
    } finally {
      await to.stop();
    }
  });

  it('few where the source says less of messages than they have', async () => {
    const most = await mostReads('under@vault.example', 0, {understated: true});
    expect(most.batches).toBeLessThanOrEqual(3);
  });

  it('no more of large messages than two of the largest batches hold', async () => {
    const bytes = 400_000;
    const large = plainMail(100, 1, 'text of a large message\r\n'.repeat(bytes / 25));
    await fill(source, 'heavy@baya.com', [{path: ['INBOX'], messages: large}]);
    const most = await mostReads('heavy@vault.example', 0, {from: 'heavy@baya.com', messages: 100});
    expect(most.batches).toBeGreaterThan(2);
    expect(most.messages).toBeLessThanOrEqual((8 * 1024 * 1024) / bytes);
  });

  it('what is answered is told while the next is waited for', async () => {
    const told = Promise.withResolvers<void>();
    let fetches = 0;
    const line = await startMeddler(source.imapPort, {
      line: (text, wire) => {
        if (!/ UID FETCH .*BODY/.test(text) || ++fetches === 1) return false;
        void told.promise.then(() => wire.say(text));
        return true;
      },
    });
    try {
      const run = await runEngine(
        [job({server: line, user: 'large@baya.com'}, {server: destination, user: 'told@vault.example'})],
        {
          limits: {connections: 1},
          on: event => {
            if (event.type === 'messages-copied') told.resolve();
          },
        },
      );
      // Told only after the source had fallen silent, it would be too late.
      expect(run.events.filter(({type}) => type === 'waiting')).toEqual([]);
      expect([run.exitCode, run.totals.copied]).toEqual([0, 1500]);
    } finally {
      line.close();
    }
  });

  it('a pause comes after two batches more, and the others are asked for again', async () => {
    let [signingIn, now] = [true, 0];
    const asked: number[] = [];
    const line = await startMeddler(
      source.imapPort,
      meddleWithCommands(({text}) => {
        const [, first = '', last = first] = /^UID FETCH (\d+)(?::(\d+))? .*BODY/.exec(text) ?? [];
        if (first === '') return undefined;
        signingIn = false;
        for (let uid = Number(first); uid <= Number(last); uid++) asked.push(uid);
        return undefined;
      }),
    );
    let copied = 0;
    let stored = 0;
    let handle: BatchHandle | undefined;
    // Whoever waits at the gate is done with what was under way.
    const {pass} = Gate.prototype;
    vi.spyOn(Gate.prototype, 'pass').mockImplementation(function (this: Gate, signal) {
      if (handle !== undefined) {
        stored = copied - stored;
        handle.resume();
        handle = undefined;
      }
      return pass.call(this, signal);
    });
    onTestFinished(() => void vi.restoreAllMocks());
    try {
      const run = await runEngine(
        [job({server: line, user: 'large@baya.com'}, {server: destination, user: 'pause@vault.example'})],
        {
          ports: {
            now: () => {
              if (signingIn) now += 60;
              return now;
            },
            elapsed: () => now,
          },
          limits: {connections: 1},
          on: (event, batch) => {
            if (event.type !== 'messages-copied') return;
            copied += event.messages;
            if (stored > 0 || copied < 200) return;
            stored = copied;
            handle = batch;
            batch.pause();
          },
        },
      );
      expect(handle).toBeUndefined();
      expect([run.exitCode, run.totals.copied]).toEqual([0, 1500]);
      expect(new Set(asked).size).toBe(1500);
      expect(asked.length).toBeGreaterThan(1500);
    } finally {
      line.close();
    }
  });

  it('what is answered message by message is told too while the next batch is waited for', async () => {
    const pipelined = await startDovecot({hide: ['MULTIAPPEND']});
    const told = Promise.withResolvers<void>();
    const confirmed = Promise.withResolvers<void>();
    let [fetches, copied, answers] = [0, 0, 0];
    const from = await startMeddler(source.imapPort, {
      line: (text, wire) => {
        if (!/ UID FETCH .*BODY/.test(text) || ++fetches <= 2) return false;
        void told.promise.then(() => wire.say(text));
        return true;
      },
    });
    // The answers to the second batch come when those to the first one are written down.
    const to = await startMeddler(pipelined.imapPort, {
      down: (chunk, wire) => {
        const lines = chunk.toString('latin1').split(/(?<=\r\n)/);
        const later = lines.findIndex(each => each.includes('APPENDUID') && ++answers > 100);
        if (later === -1) return false;
        const say = (some: readonly string[]) => wire.answer(Buffer.from(some.join(''), 'latin1'));
        say(lines.slice(0, later));
        void confirmed.promise.then(() => say(lines.slice(later)));
        return true;
      },
    });
    try {
      const run = await runEngine(
        [job({server: from, user: 'large@baya.com'}, {server: to, user: 'each@vault.example'})],
        {
          limits: {connections: 1},
          on: event => {
            if (event.type !== 'messages-copied') return;
            copied += event.messages;
            if (copied >= 100) confirmed.resolve();
            if (copied >= 200) told.resolve();
          },
        },
      );
      // Told only after the source had fallen silent, it would be too late.
      expect(run.events.filter(({type}) => type === 'waiting')).toEqual([]);
      expect([run.exitCode, run.totals.copied]).toEqual([0, 1500]);
    } finally {
      for (const each of [from, to]) each.close();
      await pipelined.stop();
    }
  });
});
