// Lanes end to end, against real Dovecots: how many connections there are, what they ask and what they hold.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {firstLanes} from '../../../source/engine/copy/pair.ts';
import type {RunEvent} from '../../../source/engine/events.ts';
import {type EngineRun, eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {countMessages, fill, readMailbox} from '../../helpers/mail.ts';
import {plainMail} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {type MeddledWire, startMeddler} from '../../servers/meddler.ts';

const lanesOf = (run: EngineRun) => eventsOf(run, 'lanes').map(event => event.lanes);

describeDovecot('lanes at work', () => {
  let source: Dovecot;
  let destination: Dovecot;
  beforeAll(async () => {
    // mdbox: thousands of messages are not as many files.
    const format = 'mdbox';
    [source, destination] = await Promise.all([startDovecot({format}), startDovecot({format})]);
    await fill(source, 'big@baya.com', [{path: ['INBOX'], messages: plainMail(4000, 1)}]);
  });
  afterAll(async () => {
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  /** A clock that a run's confirmed messages move: `cost` ms each with so many lanes. */
  function clockBy(cost: (lanes: number) => number) {
    let now = Date.now();
    let lanes = 1;
    return {
      ports: {now: () => now},
      on: (event: RunEvent) => {
        if (event.type === 'lanes') lanes = Math.max(1, event.lanes);
        if (event.type === 'messages-copied') now += Math.round(event.messages * cost(lanes));
      },
    };
  }

  it('one more is tried in a large folder, and goes again where it carries no more', async () => {
    const run = await runEngine(
      [job({server: source, user: 'big@baya.com'}, {server: destination, user: 'same@vault.example'})],
      {...clockBy(() => 5), limits: {connections: 4}},
    );
    expect([run.exitCode, run.totals.copied]).toEqual([0, 4000]);
    const lanes = lanesOf(run);
    expect(Math.max(...lanes)).toBe(2);
    // The trial has ended before the folder has: one of two lanes left while the mail was still moving.
    const last = run.events.findLastIndex(event => event.type === 'messages-copied');
    const left = run.events.findIndex(
      (event, at) => event.type === 'lanes' && event.lanes === 1 && at > 0 && lanesBefore(run, at) === 2,
    );
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(last);
  });

  it('what lanes fail with when they go ends the request, also of one that came late', async () => {
    const clock = clockBy(() => 5);
    let lanes = 0;
    let failed = false;
    const run = await runEngine(
      [job({server: source, user: 'big@baya.com'}, {server: destination, user: 'fails@vault.example'})],
      {
        ports: clock.ports,
        limits: {connections: 4},
        on: event => {
          clock.on(event);
          if (event.type !== 'lanes') return;
          const fewer = event.lanes < lanes;
          lanes = event.lanes;
          if (!fewer) return;
          failed = true;
          throw Object.assign(new Error('write failed'), {code: 'ERR_SQLITE_ERROR', errcode: 13});
        },
      },
    );
    expect(failed).toBe(true);
    expect(run.exitCode).toBe(3);
    expect(eventsOf(run, 'request-state').at(-1)).toMatchObject({problem: {code: 'disk-full'}});
  });

  it.each([
    // One that comes too late for a folder of its own leaves it to be copied when all others are done.
    ['a batch', [], 6],
    // Nothing waits for an answer, and more lanes take twice as much of a server's time.
    ['a message', ['MULTIAPPEND'], 3],
  ])('far away, where %s is a command, as many begin as pay', async (_, hide, lanes) => {
    const server = hide.length === 0 ? destination : await startDovecot({format: 'mdbox', hide});
    let most = 0;
    const line = await waitingLine(server.imapPort, () => most >= lanes);
    try {
      const folders = Array.from({length: 7}, (_, at) => ({
        path: ['Far', `Folder ${at}`],
        messages: plainMail(200, 5000 + at),
      }));
      await fill(source, `far${lanes}@baya.com`, folders);
      let now = Date.now();
      // Every answer takes long, until the servers are known.
      let step = 60;
      const run = await runEngine(
        [
          job(
            {server: source, user: `far${lanes}@baya.com`},
            {server: line, user: `far${lanes}@vault.example`},
          ),
        ],
        {
          ports: {
            now: () => {
              now += step;
              return now;
            },
          },
          on: event => {
            if (event.type === 'folders-planned') step = 0;
            if (event.type !== 'lanes') return;
            most = Math.max(most, event.lanes);
            line.release();
          },
          limits: {connections: 7, inactivityMs: 150_000},
        },
      );
      expect([run.exitCode, run.totals.copied]).toEqual([0, 1400]);
      expect(most).toBe(lanes);
    } finally {
      line.close();
      if (server !== destination) await server.stop();
    }
  });

  it('far away, no connection is signed in that no folder is left for', async () => {
    const commands = new Waits();
    const line = await startMeddler(destination.imapPort, commands.meddling);
    try {
      await fill(source, 'two@baya.com', [
        {path: ['INBOX'], messages: plainMail(30, 71)},
        {path: ['Sent'], messages: plainMail(30, 72)},
        {path: ['Trips'], messages: plainMail(30, 73)},
      ]);
      let now = Date.now();
      const run = await runEngine(
        [job({server: source, user: 'two@baya.com'}, {server: line, user: 'two@vault.example'})],
        // Every answer takes long.
        {ports: {now: () => (now += 60)}, limits: {connections: 6}},
      );
      expect([run.exitCode, run.totals.copied]).toEqual([0, 90]);
      // Nor is one of those that are on their way left out which a folder is there for.
      expect(commands.count('AUTHENTICATE')).toBe(3);
    } finally {
      line.close();
    }
  });

  it('they become more, beyond those that came early, where each carries more', async () => {
    // A batch is longer than what a number of lanes is judged by.
    const clock = clockBy(lanes => 80 / lanes);
    const enough = firstLanes.multiappend.near + 1;
    let most = 0;
    let copied = 0;
    let since = 0;
    // A lane may take its time to sign in: the others wait, or so little would be left that one more is not worth it.
    // Four batches show that it pays.
    const mayPass = () => most >= enough || copied < since + 400;
    const line = await waitingLine(destination.imapPort, mayPass);
    try {
      const run = await runEngine(
        [job({server: source, user: 'big@baya.com'}, {server: line, user: 'more@vault.example'})],
        {
          ports: clock.ports,
          limits: {connections: 6, inactivityMs: 150_000},
          on: event => {
            clock.on(event);
            if (event.type === 'messages-copied') copied += event.messages;
            if (event.type !== 'lanes') return;
            most = Math.max(most, event.lanes);
            since = copied;
            line.release();
          },
        },
      );
      expect([run.exitCode, run.totals.copied]).toEqual([0, 4000]);
      expect(most).toBeGreaterThanOrEqual(enough);
      expect(countMessages(await readMailbox(destination, 'more@vault.example'))).toBe(4000);
    } finally {
      line.close();
    }
  });

  it('200 small folders cost few round trips: their commands overlap at both ends', async () => {
    const folders = Array.from({length: 200}, (_, at) => ({
      path: ['Many', `Folder ${at}`],
      messages: plainMail(2, 1000 + at),
    }));
    await fill(source, 'many@baya.com', folders);
    const ends = {source: new Waits(), destination: new Waits()};
    const [one, other] = await Promise.all([
      startMeddler(source.imapPort, ends.source.meddling),
      startMeddler(destination.imapPort, ends.destination.meddling),
    ]);
    try {
      const run = await runEngine(
        [job({server: one, user: 'many@baya.com'}, {server: other, user: 'many@vault.example'})],
        {limits: {connections: 1}},
      );
      expect([run.exitCode, run.totals.copied]).toEqual([0, 400]);
      const {source: read, destination: written} = ends;
      // CREATE, SUBSCRIBE and STATUS of all go out together: none waits for the one before it.
      expect(written.alone('CREATE')).toBeLessThan(3);
      expect(written.alone('STATUS')).toBeLessThan(10);
      // Counting overlaps; then the folders are read in a few bunches, and stored so.
      expect(read.alone('EXAMINE')).toBeLessThan(20);
      expect(read.alone('UID')).toBeLessThan(10);
      expect(written.alone('SELECT')).toBeLessThan(20);
      expect(written.alone('APPEND')).toBeLessThan(40);
    } finally {
      one.close();
      other.close();
    }
  });

  it('what was read and is not stored yet stays within the memory allowed, while the destination is silent', async () => {
    const user = 'fat@baya.com';
    const folders = ['A', 'B', 'C'].map((name, at) => ({
      path: [name],
      messages: plainMail(12, 70 + at, 'x'.repeat(70).concat('\r\n').repeat(14_000)),
    }));
    await fill(source, user, folders);
    const memory = 3 * 1024 * 1024;
    let fetched = 0;
    let most = 0;
    let stored = 0;
    const held: (() => void)[] = [];
    const one = await startMeddler(source.imapPort, {
      down: chunk => {
        fetched += chunk.length;
        most = Math.max(most, fetched - stored);
        return false;
      },
    });
    let quiet = true;
    const other = await startMeddler(destination.imapPort, {
      // Its answers to APPEND are kept back until nothing moves any more.
      down: (chunk, wire) => {
        const text = chunk.toString('latin1');
        if (!quiet || !text.includes('APPENDUID')) return false;
        held.push(() => wire.answer(text));
        return true;
      },
    });
    let before = -1;
    const release = setInterval(() => {
      // Nothing has been read since the last look: the source has been slowed down.
      if (held.length > 0 && fetched === before) quiet = false;
      if (!quiet) for (const go of held.splice(0)) go();
      before = fetched;
    }, 300);
    try {
      const run = await runEngine([job({server: one, user}, {server: other, user: 'fat@vault.example'})], {
        limits: {memory, connections: 3},
        on: event => {
          if (event.type === 'messages-copied') stored += event.bytes;
        },
      });
      expect([run.exitCode, run.totals.copied]).toEqual([0, 36]);
      expect(most).toBeGreaterThan(1024 * 1024);
      // A message may be on its way while the one that made room for it is being written down.
      expect(most).toBeLessThan(memory + 1_100_000);
    } finally {
      clearInterval(release);
      one.close();
      other.close();
    }
  });
});

/** Answers to stored mail wait here until `release` is called and they may pass: a lane may take its time to sign in. */
async function waitingLine(port: number, mayPass: () => boolean) {
  const held = new Map<MeddledWire, string>();
  const line = await startMeddler(port, {
    down: (chunk, wire) => {
      const text = chunk.toString('latin1');
      const before = held.get(wire);
      if (before === undefined && (mayPass() || !text.includes('APPENDUID'))) return false;
      held.set(wire, (before ?? '') + text);
      return true;
    },
  });
  return {
    ...line,
    release() {
      if (!mayPass()) return;
      for (const [wire, text] of held) wire.answer(Buffer.from(text, 'latin1'));
      held.clear();
    },
  };
}

function lanesBefore(run: EngineRun, at: number): number {
  for (let index = at - 1; index >= 0; index--) {
    const event = run.events[index];
    if (event?.type === 'lanes') return event.lanes;
  }
  return 0;
}

/** Counts commands, and those that were sent when nothing else was under way: each of them costs a round trip. */
class Waits {
  readonly #all = new Map<string, number>();
  readonly #alone = new Map<string, number>();
  readonly meddling = meddleWithCommands(({text, unanswered}) => {
    const word = text.split(' ')[0] ?? '';
    this.#all.set(word, this.count(word) + 1);
    if (unanswered === 0) this.#alone.set(word, this.alone(word) + 1);
    return undefined;
  });

  count(word: string): number {
    return this.#all.get(word) ?? 0;
  }

  alone(word: string): number {
    return this.#alone.get(word) ?? 0;
  }
}
