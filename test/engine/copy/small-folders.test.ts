// Folders whose commands travel together: what goes wrong in one of them costs the others nothing, and no mail its folder.
import {beforeAll, expect, it} from 'vitest';
import {eventsOf} from '../../helpers/engine.ts';
import {expectSameMail, fill, readMailbox} from '../../helpers/mail.ts';
import {bodyFetch, meddledServers, plainMail} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import type {Meddling} from '../../servers/meddler.ts';

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
  async function carryAll(ends: {source?: Meddling; destination?: Meddling}) {
    const {run, to} = await servers.carry(ends, {from, limits: {settleMs: 2000}});
    expect([run.exitCode, run.totals]).toMatchObject([0, {copied: 24, failed: 0, skipped: 0}]);
    const [there, arrived] = await Promise.all([
      readMailbox(servers.source(), from),
      readMailbox(servers.destination(), to),
    ]);
    expectSameMail(there, arrived, path => `Data17012018/${path}`);
    return run;
  }

  it.concurrent('a folder that cannot be opened at once gets no other folder’s mail', async () => {
    let examined = 0;
    let together = 0;
    await carryAll({
      source: meddleWithCommands(({text, unanswered}) => {
        if (/^EXAMINE /.test(text)) together = Math.max(together, unanswered);
        if (!/^EXAMINE "Small 5"/.test(text) || ++examined !== 2) return undefined;
        // The server goes on with the folder that was open before, and FETCH reads that one's messages.
        return 'NO [INUSE] Not now';
      }),
    });
    // It was opened to be counted, among others, and by itself.
    expect(examined).toBe(3);
    expect(together).toBeGreaterThan(10);
  });

  it.concurrent('a message that does not come is asked for again', async () => {
    let opened = '';
    let left = 1;
    await carryAll({
      source: {
        line: (line, wire) => {
          opened = /^F\d+ EXAMINE "([^"]*)"/.exec(line)?.[1] ?? opened;
          const tag = /^(F\d+) UID FETCH 1:2 .*BODY/.exec(line)?.[1];
          if (tag === undefined || opened !== 'Small 7' || left-- !== 1) return false;
          wire.say(`${tag} UID FETCH 2 (UID FLAGS INTERNALDATE BODY.PEEK[])\r\n`);
          return true;
        },
      },
    });
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
