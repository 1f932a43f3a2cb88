// A server that takes no command before the last one is answered, whatever its greeting says: a gateway in front of one.
import {setTimeout as wait} from 'node:timers/promises';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {inspect} from '../../../source/engine/look/inspect.ts';
import {ports, settings} from '../../helpers/check.ts';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {expectSameMail, fill, readMailbox} from '../../helpers/mail.ts';
import {plainMail} from '../../helpers/meddled.ts';
import {meddleWithCommands} from '../../servers/commands.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {type Meddler, startMeddler} from '../../servers/meddler.ts';

const notNow = 'BAD Command is not valid in this state.';
const user = 'john@baya.com';
const mailboxes = ['one@vault.example', 'two@vault.example'];
const all = 345;
/** Not the end of a literal that was asked for. */
const anything = /./;

/** Refuses what comes while another command is unanswered, and counts it. */
async function gateway(
  server: Dovecot,
  refuses: RegExp,
): Promise<{readonly line: Meddler; readonly refused: string[]}> {
  const refused: string[] = [];
  const line = await startMeddler(
    server.imapPort,
    meddleWithCommands(({text, unanswered}) => {
      if (unanswered === 0 || !refuses.test(text)) return undefined;
      refused.push(text);
      return notNow;
    }),
  );
  return {line, refused};
}

async function subscribed(server: Dovecot, target: string): Promise<readonly string[]> {
  const connection = await ImapConnection.open(server, target);
  try {
    const listed = await connection.command('LSUB "" "*"');
    return listed.flatMap(([kind, , , name]) => (kind === 'LSUB' ? [String(name)] : []));
  } finally {
    await connection.close();
  }
}

describeDovecot('a server that objects to any command before the last one is answered', () => {
  let source: Dovecot;
  let mail: Awaited<ReturnType<typeof readMailbox>>;
  beforeAll(async () => {
    source = await startDovecot();
    await fill(source, user, [
      {path: ['INBOX'], messages: plainMail(230, 1)},
      {path: ['Sent Items'], messages: plainMail(40, 2)},
      ...Array.from({length: 15}, (_, index) => ({
        path: ['Projects', `No ${index}`],
        messages: plainMail(5, 10 + index),
      })),
    ]);
    mail = await readMailbox(source, user);
  });
  afterAll(async () => source?.stop());

  /** Two mailboxes, one after the other; what each was refused at either end. */
  async function carryTwo(
    ends: readonly ('source' | 'destination')[],
    refuses: RegExp,
    hide: readonly string[],
    connections = 3,
  ) {
    const destination = await startDovecot({hide});
    const [from, to] = await Promise.all([gateway(source, refuses), gateway(destination, refuses)]);
    try {
      const each: string[][] = [];
      const state = freshState();
      const work = (request: number, target: string) =>
        job(
          {server: ends.includes('source') ? from.line : source, user},
          {server: ends.includes('destination') ? to.line : destination, user: target},
          {request},
        );
      const works = mailboxes.map((target, request) => work(request, target));
      const run = await runEngine(works, {
        state,
        mailboxes: 1,
        limits: {connections},
        on: event => {
          if (event.type === 'request-finished')
            each.push([...from.refused.splice(0), ...to.refused.splice(0)]);
        },
      });
      expect([run.exitCode, run.totals.copied, run.totals.failed]).toEqual([0, 2 * all, 0]);
      for (const target of mailboxes) {
        expectSameMail(mail, await readMailbox(destination, target), path => `Data17012018/${path}`);
        expect(await subscribed(destination, target)).toEqual(
          expect.arrayContaining([...mail.keys()].map(path => `Data17012018/${path}`)),
        );
      }
      // Nothing was lost, and nobody was waited for.
      for (const type of ['connection-lost', 'waiting', 'message-failed'] as const)
        expect(eventsOf(run, type)).toEqual([]);
      const again = await runEngine(works, {state, mailboxes: 1});
      expect(again.totals).toMatchObject({copied: 0, alreadyPresent: 2 * all});
      return each;
    } finally {
      from.line.close();
      to.line.close();
      await destination.stop();
    }
  }

  for (const [ends, hide] of [
    [['source'], []],
    [['destination'], []],
    [['destination'], ['LIST-STATUS']],
    [['destination'], ['MULTIAPPEND']],
    [['destination'], ['MULTIAPPEND', 'LITERAL+']],
    [['source', 'destination'], []],
  ] as const)
    it.concurrent(`at the ${ends.join(' and the ')}${hide.length === 0 ? '' : `, without ${hide.join(' and ')}`}: all mail arrives once, and the second mailbox meets no objection`, async () => {
      const [first = [], second] = await carryTwo(ends, anything, hide);
      expect(first.length).toBeGreaterThan(0);
      expect(second).toEqual([]);
    });

  for (const [command, end] of [
    ['LIST', 'source'],
    ['EXAMINE', 'source'],
    ['UID FETCH', 'source'],
    ['STATUS', 'destination'],
    ['CREATE', 'destination'],
    ['SUBSCRIBE', 'destination'],
    ['SELECT', 'destination'],
  ] as const)
    it.concurrent(`that objects to ${command} only, at the ${end}: all mail arrives once`, async () => {
      const [first = [], second] = await carryTwo([end], new RegExp(`^${command} `), [], 4);
      expect(first.length).toBeGreaterThan(0);
      expect(second).toEqual([]);
    });

  it.concurrent('a mailbox at such a server is measured all the same', async () => {
    const destination = await startDovecot();
    const from = await gateway(source, anything);
    try {
      const run = await runEngine(
        mailboxes.map((target, request) =>
          job({server: from.line, user}, {server: destination, user: target}, {request}),
        ),
        {
          ...{order: 'smallest', dryRun: true, mailboxes: 1},
          ports: {sleep: async (ms, signal) => wait(ms, undefined, {signal})},
        },
      );
      expect(from.refused.length).toBeGreaterThan(0);
      expect(eventsOf(run, 'request-measured').map(({messages}) => messages)).toEqual([all, all]);
      expect(run.exitCode).toBe(0);
    } finally {
      from.line.close();
      await destination.stop();
    }
  });

  it.concurrent('a look meets it once at each end, and finds what there is', async () => {
    const destination = await startDovecot();
    const [from, to] = await Promise.all([gateway(source, anything), gateway(destination, anything)]);
    try {
      const what = job({server: from.line, user}, {server: to.line, user: 'look@vault.example'});
      const found = await inspect(what, settings, ports, new AbortController().signal);
      expect(found.failed).toBeUndefined();
      expect(found.source?.messages).toBe(all);
      expect(found.problems.filter(({verdict}) => verdict === 'stop')).toEqual([]);
      expect(from.refused.length + to.refused.length).toBeGreaterThan(0);
    } finally {
      from.line.close();
      to.line.close();
      await destination.stop();
    }
  });
});
