// Folders whose commands travel together: what goes wrong in one of them costs the others nothing, and no mail its folder.
import {afterEach, beforeAll, expect, it, onTestFinished, vi} from 'vitest';
import type {EngineLimits, EnginePorts} from '../../../source/engine/copy/context.ts';
import {Wire} from '../../../source/engine/imap/wire.ts';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {expectSameMail, fill, readMailbox} from '../../helpers/mail.ts';
import {bodyFetch, meddledServers, plainMail, without} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import {type Hostility, hangUp, smallMail, startHostile} from '../../servers/hostile.ts';
import type {MeddledWire, Meddling} from '../../servers/meddler.ts';

const from = 'small@baya.com';
/** A second stop would drop everything. */
function once(work: () => void): () => void {
  let left = true;
  return () => {
    if (left) work();
    left = false;
  };
}

const names = Array.from({length: 12}, (_, at) => `Small ${at}`);

describeDovecot('small folders that go together', () => {
  const servers = meddledServers();
  beforeAll(() =>
    fill(
      servers.source(),
      from,
      names.map((name, at) => ({path: [name], messages: plainMail(2, 100 + at)})),
    ),
  );

  /** Carries them over one connection to each end, and expects every message where it belongs, once. */
  async function carryAll(
    ends: {source?: Meddling; destination?: Meddling},
    limits: Partial<EngineLimits> = {},
    ports: Partial<EnginePorts> = {},
  ) {
    const {run, to} = await servers.carry(ends, {from, limits: {settleMs: 2000, ...limits}, ports});
    expect([run.exitCode, run.totals]).toMatchObject([0, {copied: 24, failed: 0, skipped: 0}]);
    const [there, arrived] = await Promise.all([
      readMailbox(servers.source(), from),
      readMailbox(servers.destination(), to),
    ]);
    expectSameMail(there, arrived, path => `Data17012018/${path}`);
    return run;
  }

  it.concurrent('a folder that cannot be opened at once gets no other folder’s mail', async () => {
    const times = new Map<string, number>();
    let refused = '';
    let again = 0;
    let together = 0;
    await carryAll({
      source: meddleWithCommands(({text, unanswered}) => {
        const name = /^EXAMINE "([^"]*)"/.exec(text)?.[1];
        if (name === undefined) return undefined;
        together = Math.max(together, unanswered);
        times.set(name, (times.get(name) ?? 0) + 1);
        // They were opened to be counted. The first of them to be copied is let pass: the server goes on with that one,
        // and the next one's FETCH reads its messages.
        if (refused !== '' || times.get(name) !== 2 || ++again !== 2) return undefined;
        refused = name;
        return 'NO [INUSE] Not now';
      }),
    });
    expect([refused === '', times.get(refused)]).toEqual([false, 3]);
    expect(together).toBeGreaterThan(10);
  });

  it.concurrent('folders that cannot be opened any more fail by themselves', async () => {
    const opened = new Set<string>();
    const {run, arrived} = await servers.carry(
      {
        source: meddleWithCommands(({text}) => {
          const name = /^EXAMINE "(Small [56])"/.exec(text)?.[1];
          if (name === undefined) return undefined;
          const counted = opened.has(name);
          opened.add(name);
          return counted ? 'NO [NONEXISTENT] Gone' : undefined;
        }),
      },
      // Two folders hold more: what one of them does not give back is missed.
      {from, limits: {memory: 1200}},
    );
    expect(run.totals).toMatchObject({selected: 24, copied: 20, failed: 4});
    expect(arrived).toBe(20);
  });

  it.concurrent('a message that does not come is asked for again', async () => {
    let opened = '';
    let left = 1;
    const source: Meddling = {
      line: (line, wire) => {
        opened = /^F\d+ EXAMINE "([^"]*)"/.exec(line)?.[1] ?? opened;
        const tag = /^(F\d+) UID FETCH 1:2 .*BODY/.exec(line)?.[1];
        if (tag === undefined || opened !== 'Small 7' || left-- !== 1) return false;
        wire.say(`${tag} UID FETCH 2 (UID FLAGS INTERNALDATE BODY.PEEK[])\r\n`);
        return true;
      },
    };
    await carryAll({source}, {memory: 1200});
    expect(left).toBeLessThan(1);
  });

  it.concurrent('a connection that breaks among their messages doubles and loses none', async () => {
    for (const last of [1, 6]) {
      let appends = 0;
      const run = await carryAll({
        destination: {
          line: (line, wire) => {
            const now = /^F\d+ APPEND /.test(line) && ++appends === last;
            if (now) wire.cut();
            return now;
          },
        },
      });
      expect(eventsOf(run, 'connection-lost')).toHaveLength(1);
    }
  });

  it.concurrent('answers that are lost are looked for, not sent again', async () => {
    let cut = false;
    const run = await carryAll({
      destination: {
        down: (chunk, wire) => {
          if (cut || !chunk.includes('APPENDUID')) return false;
          cut = true;
          wire.cut();
          return true;
        },
      },
    });
    expect(cut).toBe(true);
    expect(eventsOf(run, 'connection-lost')).toHaveLength(1);
  });

  it.concurrent('a folder that was made anew meanwhile is begun anew', async () => {
    let other = false;
    const run = await carryAll({
      destination: {
        down: (chunk, wire) => {
          const text = chunk.toString('latin1');
          if (other || !/^\* OK \[UIDVALIDITY \d+\]/m.test(text)) return false;
          other = true;
          wire.answer(Buffer.from(text.replace(/\[UIDVALIDITY \d+\]/, '[UIDVALIDITY 77]'), 'latin1'));
          return true;
        },
      },
    });
    expect(other).toBe(true);
    expect(run.totals.selected).toBe(24);
  });

  it.concurrent.each([
    ['is in doubt', 'NO [SERVERBUG] Internal error occurred.', ''],
    ['minds how it is sent', 'BAD APPEND not valid in this state', 'MULTIAPPEND'],
  ])(
    'a server that %s has answered: nothing is waited for as if it were on its way',
    async (_, says, hidden) => {
      let refused = 0;
      let waits = 0;
      let looks = 0;
      const meddling = meddleWithCommands(({text}) => {
        if (text.startsWith('UID SEARCH ')) looks++;
        return text.startsWith('APPEND ') && refused++ === 0 ? says : undefined;
      });
      const run = await carryAll(
        {destination: hidden === '' ? meddling : without(hidden, meddling)},
        {},
        {
          sleep: async () => {
            waits++;
          },
        },
      );
      expect(refused).toBeGreaterThan(1);
      // The other folders had their answers.
      expect(looks).toBeLessThan(2);
      expect([waits, eventsOf(run, 'connection-lost')]).toEqual([0, []]);
    },
  );

  it.concurrent('a stop sends nothing of what was only asked for', async () => {
    let stop: (() => void) | undefined;
    let sent = 0;
    const {run} = await servers.carry(
      {
        source: {
          line: line => {
            if (bodyFetch.test(line)) stop?.();
            return false;
          },
        },
        destination: {
          line: line => {
            if (line.includes(' APPEND ')) sent++;
            return false;
          },
        },
      },
      {
        from,
        on: (_, handle) => {
          stop ??= once(() => handle.stop());
        },
      },
    );
    expect([run.exitCode, run.totals.copied, sent]).toEqual([130, 0, 0]);
  });

  it.concurrent('a refused message is named, and the rest of all folders is there', async () => {
    const {run, arrived} = await servers.carry(
      {
        destination: meddleWithCommands(({literals}) =>
          literals.some(text => text.includes('Subject: m 104 1')) ? 'NO Too odd' : undefined,
        ),
      },
      {from},
    );
    expect(run.totals).toMatchObject({selected: 24, copied: 23, failed: 1});
    expect(eventsOf(run, 'message-failed').map(({message}) => message.subject)).toEqual(['m 104 1']);
    expect(arrived).toBe(23);
  });
});

describeDovecot('a connection', () => {
  const servers = meddledServers();
  afterEach(() => {
    vi.restoreAllMocks();
  });

  // More bytes than a socket takes at once; those of the small ones go together.
  const body = `${'x'.repeat(70)}\r\n`.repeat(900);

  it.each([
    ['small folders', 2, 3],
    ['one folder', 24, 1],
  ])('that goes while the socket is full doubles and loses none: %s', async (_, messages, folders) => {
    const user = `full${folders}@baya.com`;
    await fill(
      servers.source(),
      user,
      Array.from({length: folders}, (_, at) => ({
        path: [`Full ${at}`],
        messages: plainMail(messages, 300 + 10 * folders + at, body),
      })),
    );
    const {drained} = Wire.prototype;
    let waited = 0;
    let cut: MeddledWire | undefined;
    // What was handed over is not all on its way before the connection has gone.
    vi.spyOn(Wire.prototype, 'drained').mockImplementation(async function (this: Wire) {
      if (this.end === 'destination' && waited++ === 0) {
        this.listen();
        if (!this.closed) await new Promise(gone => this.gone.addEventListener('abort', gone));
      }
      return drained.call(this);
    });
    const {run, arrived} = await servers.carry(
      {
        destination: without('MULTIAPPEND', {
          down: (chunk, wire) => {
            // All that was sent is stored, and nothing of it said.
            if (cut !== undefined || !chunk.includes('APPENDUID')) return wire === cut;
            cut = wire;
            wire.cut();
            return true;
          },
        }),
      },
      {from: user, limits: {settleMs: 250}},
    );
    expect([waited > 0, cut !== undefined]).toEqual([true, true]);
    expect([run.exitCode, run.totals.copied, arrived]).toEqual([0, messages * folders, messages * folders]);
  });
});

it('behind an EXAMINE that was refused, FETCH reads the folder that was open before: none of it is stored as another’s', async () => {
  const user = 'ann@baya.com';
  const folders = Object.fromEntries(['A', 'B', 'C'].map((name, at) => [name, [smallMail(at)]]));
  const times = new Map<string, number>();
  let refused = '';
  let again = 0;
  let before = '';
  let misread = false;
  const source = await startHostile(user, folders, ({command, reply, tag}) => {
    const name = /^EXAMINE "?(\w+)/.exec(command)?.[1];
    if (name !== undefined) {
      times.set(name, (times.get(name) ?? 0) + 1);
      // They were opened to be counted. The first of them to be copied is let pass.
      if (name === 'INBOX' || refused !== '' || times.get(name) !== 2 || ++again !== 2) return undefined;
      refused = name;
      return `${tag} NO [INUSE] Not now\r\n`;
    }
    if (!command.includes('BODY.PEEK[]')) return undefined;
    if (refused !== '' && !misread) {
      misread = true;
      return before.replace(/^\w+ OK/m, `${tag} OK`);
    }
    before = reply;
    return undefined;
  });
  const destination = await startHostile(user, {}, () => undefined);
  onTestFinished(async () => {
    await Promise.all([source, destination].map(server => server.stop()));
  });
  const run = await runEngine([job({server: source, user}, {server: destination, user})], {
    limits: {connections: 1},
  });
  expect([run.exitCode, run.totals.copied, misread, times.get(refused)]).toEqual([0, 3, true, 3]);
  const arrived = destination.mailbox.folders.map(({name, messages}) => [
    name.replace('Data17012018/', ''),
    messages.map(({bytes}) => /Subject: m (\d)\r/.exec(bytes.toString())?.[1]),
  ]);
  expect(Object.fromEntries(arrived)).toMatchObject({A: ['0'], B: ['1'], C: ['2']});
});

it.each([
  ['source', /^EXAMINE "?C/],
  ['destination', /^SELECT .*C/],
] as const)(
  'a folder that was made anew at the %s is noticed also where it stays open',
  async (end, opens) => {
    const user = 'ann@baya.com';
    // The last of those that go together: it is the one that is open when it goes alone.
    const folders = {A: [1, 2, 3], B: [4, 5], C: [6]};
    const mail = (numbers: readonly number[]) => numbers.map(number => smallMail(number));
    let opened = 0;
    let before: number | undefined;
    const renewing: Hostility = ({command, reply}) => {
      // At the source it was opened to be counted, at the destination it is opened for the first time.
      if (opens.test(command) && ++opened === (end === 'source' ? 2 : 1)) {
        const {mailbox} = end === 'source' ? source : destination;
        const folder = mailbox.folders.find(({name}) => name.endsWith('C'));
        before = folder?.uidValidity;
        folder?.messages.splice(0);
        if (end === 'source') for (const {bytes} of mail([7, 8, 9])) folder?.add({bytes, flags: [], date});
      }
      return before === undefined ? undefined : reply.replaceAll(new RegExp(`\\b${before}\\b`, 'g'), '7777');
    };
    const date = '17-Jul-1996 02:44:25 -0700';
    const honest: Hostility = () => undefined;
    const source = await startHostile(
      user,
      Object.fromEntries(Object.entries(folders).map(([name, numbers]) => [name, mail(numbers)])),
      end === 'source' ? renewing : honest,
    );
    const destination = await startHostile(user, {}, end === 'source' ? honest : renewing);
    onTestFinished(async () => {
      await Promise.all([source, destination].map(server => server.stop()));
    });
    const run = await runEngine([job({server: source, user}, {server: destination, user})], {
      limits: {connections: 1},
    });
    expect([run.exitCode, before === undefined]).toEqual([0, false]);
    const arrived = destination.mailbox.folders.map(({name, messages}) => [
      name.replace('Data17012018/', ''),
      messages.map(({bytes}) => /Subject: m (\d)\r/.exec(bytes.toString())?.[1]),
    ]);
    expect(Object.fromEntries(arrived)).toMatchObject({
      A: ['1', '2', '3'],
      B: ['4', '5'],
      C: end === 'source' ? ['7', '8', '9'] : ['6'],
    });
  },
);

it('a folder that is open while others are still to be opened behind it is opened again', async () => {
  const user = 'ann@baya.com';
  const held = Promise.withResolvers<void>();
  let lost = false;
  let opened = 0;
  let asked = 0;
  const source = await startHostile(
    user,
    {A: [smallMail(1)], B: [smallMail(2)], C: [smallMail(3)]},
    ({command, reply}) => {
      // Whatever is asked for behind the three FETCHes has the other folders' answers before it.
      if (asked === 3) held.resolve();
      if (command.includes('BODY.PEEK[]')) asked++;
      if (!/^EXAMINE "?B/.test(command) || ++opened !== 2) return undefined;
      return (async function* () {
        await held.promise;
        yield reply;
      })();
    },
  );
  const destination = await startHostile(user, {}, ({command}) => {
    if (lost || !/^SELECT .*B"$/.test(command)) return undefined;
    lost = true;
    return hangUp;
  });
  onTestFinished(async () => {
    await Promise.all([source, destination].map(server => server.stop()));
  });
  const run = await runEngine([job({server: source, user}, {server: destination, user})], {
    limits: {connections: 1, settleMs: 0},
  });
  expect([run.exitCode, run.totals.selected, lost]).toEqual([0, 3, true]);
  const arrived = destination.mailbox.folders.map(({name, messages}) => [
    name.replace('Data17012018/', ''),
    messages.map(({bytes}) => /Subject: m (\d)\r/.exec(bytes.toString())?.[1]),
  ]);
  expect(Object.fromEntries(arrived)).toMatchObject({A: ['1'], B: ['2'], C: ['3']});
});
