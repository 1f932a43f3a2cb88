// Folders whose commands travel together: what goes wrong in one of them costs the others nothing, and no mail its folder.
import {afterEach, beforeAll, expect, it, vi} from 'vitest';
import {Wire} from '../../../source/engine/imap/wire.ts';
import type {EngineLimits, EnginePorts} from '../../../source/engine/ports.ts';
import {eventsOf} from '../../helpers/engine.ts';
import {expectSameMail, fill, readMailbox} from '../../helpers/mail.ts';
import {bodyFetch, meddledServers, plainMail, without} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
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
