// A server that says NO and has the message all the same: it is not sent again, in this run or a later one, and counts as
// what it is.
import {beforeAll, expect, it} from 'vitest';
import {eventsOf, freshState} from '../../helpers/engine.ts';
import {fill} from '../../helpers/mail.ts';
import {answersInstead, type Ends, meddledServers, plainMail, without} from '../../helpers/meddled.ts';
import {describeDovecot} from '../../servers/dovecot.ts';
import type {Meddling} from '../../servers/meddler.ts';

const plainNo = 'TAG NO Failed.\r\n';

describeDovecot('refused, and stored all the same', () => {
  const {source, carry} = meddledServers();
  const from = 'less@baya.com';
  beforeAll(() => fill(source(), from, [{path: ['INBOX'], messages: plainMail(130, 82)}]));

  /** The run through that line, and another one behind it that meets an honest server. */
  async function twice(ends: Ends, options: Parameters<typeof carry>[1] & {readonly to: string}) {
    const state = freshState();
    const first = await carry(ends, {from, ...options, state});
    const second = await carry({}, {from, ...options, state});
    return {first, second, selected: first.run.totals.selected};
  }

  it.concurrent.each([
    ['without a code', plainNo],
    ['with a code that nobody knows', 'TAG NO [XBUSY] Come back.\r\n'],
    ['to the command', 'TAG BAD Failed.\r\n'],
  ])(
    'a batch as a whole, %s: its messages are looked for before each is sent by itself',
    async (name, says) => {
      const {meddling, given} = answersInstead(says);
      const to = `whole-${name.replaceAll(' ', '-')}@vault.example`;
      const {first, second, selected} = await twice({destination: meddling}, {to});
      expect(given()).toBe(true);
      expect([first.run.exitCode, first.run.totals.copied, first.arrived]).toEqual([0, selected, selected]);
      expect([second.run.exitCode, second.run.totals.copied, second.arrived]).toEqual([0, 0, selected]);
    },
  );

  it.concurrent.each([
    ['pipelined', 'MULTIAPPEND'],
    ['overlapped', 'MULTIAPPEND LITERAL+>LITERAL-'],
    ['without-uids', 'MULTIAPPEND UIDPLUS'],
  ])(
    '%s: what was said to have failed is found in the same run, and counts as copied',
    async (name, hidden) => {
      const {meddling, given} = answersInstead(plainNo, 'TAG NO [XBUSY] Come back.\r\n');
      const {first, second, selected} = await twice(
        {destination: without(hidden, meddling)},
        {to: `${name}@vault.example`},
      );
      expect(given()).toBe(true);
      const failed = eventsOf(first.run, 'message-failed').map(({message}) => message.uid);
      expect(failed).toHaveLength(2);
      expect(eventsOf(first.run, 'message-found').map(({message}) => message.uid)).toEqual(failed);
      expect([first.run.exitCode, first.run.totals.copied, first.arrived]).toEqual([0, selected, selected]);
      expect(first.run.rows.filter(row => row.result === 'copied')).toHaveLength(selected);
      expect(first.run.rows.filter(row => row.code !== undefined)).toEqual([]);
      expect([second.run.exitCode, second.run.totals.copied, second.arrived]).toEqual([0, 0, selected]);
    },
  );

  it.concurrent.each([
    ['limit', 'TAG NO [LIMIT] Rate limit reached.\r\n', 0],
    ['throttled', 'TAG NO Request is throttled. Suggested Backoff Time: 20 milliseconds\r\n', 0],
    ['quota', 'TAG NO [OVERQUOTA] Quota exceeded.\r\n', 3],
  ] as const)(
    '%s: the message is looked for before it is sent again, by this run or the next',
    async (name, says, code) => {
      const {meddling, given} = answersInstead(says);
      const {first, second, selected} = await twice(
        {destination: without('MULTIAPPEND', meddling)},
        {to: `${name}@vault.example`},
      );
      expect(given()).toBe(true);
      expect([first.run.exitCode, second.run.exitCode]).toEqual([code, 0]);
      expect(second.arrived).toBe(selected);
    },
  );

  it.concurrent('the line breaks before the look: what turns up is known all the same', async () => {
    const {meddling, given} = answersInstead(plainNo, '* BYE Server shutting down.\r\n');
    const {first, second, selected} = await twice(
      {destination: without('MULTIAPPEND', meddling)},
      {to: 'breaks@vault.example'},
    );
    expect(given()).toBe(true);
    expect([first.run.exitCode, first.run.totals.copied, first.arrived]).toEqual([0, selected, selected]);
    expect([second.run.totals.copied, second.arrived]).toEqual([0, selected]);
  });

  it.concurrent.each([
    ['one lane', 'MULTIAPPEND', 1, []],
    ['three lanes that share the folder', 'MULTIAPPEND LITERAL+>LITERAL-', 3, []],
    // The other is answered where the first one has ended the connection's work.
    ['one lane behind another refusal', 'MULTIAPPEND', 1, ['TAG NO [LIMIT] Rate limit reached.\r\n']],
  ] as const)('it is not mended before it was looked for: %s', async (name, hidden, connections, before) => {
    const long = `long-${name.replaceAll(' ', '-')}@baya.com`;
    await fill(source(), long, [{path: ['INBOX'], messages: plainMail(70, 81, 'long '.repeat(3000))}]);
    const between = before.flatMap(() => Array.from({length: 50}, () => undefined));
    const {meddling, given} = answersInstead(...before, ...between, 'TAG NO Command Argument Error. 11\r\n');
    const {run, arrived} = await carry(
      {destination: without(hidden, meddling)},
      {from: long, to: long.replace('baya.com', 'vault.example'), repair: 'lines', limits: {connections}},
    );
    expect(given()).toBe(true);
    expect([run.exitCode, run.totals.copied, arrived]).toEqual([0, 70, 70]);
  });

  it.concurrent('what is refused and not there stays failed, and is tried again in the next run', async () => {
    let refused = 0;
    const refuses: Meddling = {
      line: (line, wire) => {
        const tag = /^(F\d+) APPEND /.exec(line)?.[1];
        if (tag === undefined || refused > 0) return false;
        refused++;
        wire.answer(`${tag} NO Failed.\r\n`);
        return true;
      },
    };
    const {first, second, selected} = await twice(
      {destination: without('MULTIAPPEND LITERAL+', refuses)},
      {to: 'honest@vault.example'},
    );
    expect(refused).toBe(1);
    expect([first.run.exitCode, first.run.totals.failed, first.arrived]).toEqual([3, 1, selected - 1]);
    expect(eventsOf(first.run, 'message-found')).toEqual([]);
    expect([second.run.exitCode, second.run.totals.copied, second.arrived]).toEqual([0, 1, selected]);
  });
});
