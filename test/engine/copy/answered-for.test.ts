// What a server's answers to some mail mean for the rest: for lanes that share a folder, and folders that go together.
import {afterEach, expect, it, vi} from 'vitest';
import type {Mailbox} from '../../../source/demo/server/store.ts';
import {FolderTasks} from '../../../source/engine/copy/folder-tasks.ts';
import {FolderVerdicts} from '../../../source/engine/copy/folder-verdicts.ts';
import type {EnginePorts} from '../../../source/engine/ports.ts';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {
  type Exchanged,
  type HostileMessage,
  type Lie,
  smallMail,
  startHostile,
} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
afterEach(() => {
  vi.restoreAllMocks();
});

async function carry(
  folders: Readonly<Record<string, readonly HostileMessage[]>>,
  hostility: (exchanged: Exchanged, mailbox: Mailbox) => Lie,
  connections: number,
  ports: Partial<EnginePorts> = {},
  atSource: (exchanged: Exchanged) => Lie = () => undefined,
) {
  const source = await startHostile(user, folders, atSource);
  const destination = await startHostile(user, {}, exchanged => hostility(exchanged, destination.mailbox));
  stopAfterwards(source, destination);
  const run = await runEngine([job({server: source, user}, {server: destination, user})], {
    limits: {connections, reconnects: 8},
    ports: {sleep: async () => undefined, ...ports},
  });
  const arrived = destination.mailbox.folders.flatMap(({messages}) =>
    messages.map(({bytes}) => /Subject: (.*)\r/.exec(bytes.toString())?.[1]),
  );
  return {run, arrived};
}

it('a message that the server fails at is waited for no longer once it is known to be the one', async () => {
  const bad = smallMail(2, 'X-Longer: than the others\r\n');
  let failures = 0;
  const {run, arrived} = await carry(
    {INBOX: [smallMail(1), bad, smallMail(3)]},
    ({command, tag}, mailbox) => {
      if (!command.startsWith('APPEND') || !command.endsWith(`{${bad.bytes.length}+}`)) return undefined;
      failures++;
      const stored = mailbox.find('Data17012018/INBOX')?.messages ?? [];
      stored.splice(
        stored.findIndex(({bytes}) => bytes.equals(bad.bytes)),
        1,
      );
      return `${tag} NO [SERVERBUG] Internal error occurred.\r\n`;
    },
    1,
  );
  expect(failures).toBe(3);
  expect(eventsOf(run, 'message-failed').map(({problem}) => problem.code)).toEqual(['message-fails-server']);
  expect(arrived).toEqual(['m 1', 'm 3']);
  // One wait for each failure but the last.
  expect(new Set(eventsOf(run, 'waiting').map(({until}) => until)).size).toBe(2);
});

it('lanes that share a folder leave it alone while one of them has mail under way and it is to be looked at', async () => {
  const work = FolderTasks.prototype.do;
  const refused = recovered();
  vi.spyOn(FolderTasks.prototype, 'do').mockImplementation(async function (this: FolderTasks, ...args) {
    const [task] = args;
    if (task.kind === 'copy' && task.work.unsettled && task.work.lanes > 1) throw new Error('Nothing to do');
    await work.apply(this, args);
  });
  let sent = 0;
  // More than two lanes take at first, and enough for another to share.
  const mail = Array.from({length: 68}, (_, number) =>
    smallMail(number, `X-Large: ${'x'.repeat(60_000)}\r\n`),
  );
  const {run, arrived} = await carry(
    {INBOX: mail},
    ({command, tag, reply}) => {
      if (command.startsWith('APPEND')) {
        sent++;
        // The answers of one lane come when the other has had its refusal.
        if (sent === 1) return answered(refused, reply);
        if (sent === 2) return `${tag} BAD APPEND not valid in this state\r\n`;
      }
      // Each message is asked for, so that lanes share a folder.
      return reply.replaceAll(' LITERAL+', ' LITERAL-');
    },
    2,
  );
  expect([run.exitCode, run.totals.copied]).toEqual([0, mail.length]);
  expect([new Set(arrived).size, arrived.length]).toEqual([mail.length, mail.length]);
});

it('a folder that one lane cannot read any more ends when the other has left it', async () => {
  const refused = recovered();
  let sent = 0;
  const mail = Array.from({length: 90}, (_, number) =>
    smallMail(number, `X-Large: ${'x'.repeat(60_000)}\r\n`),
  );
  const {run, arrived} = await carry(
    {INBOX: mail},
    // One lane is answered when the other has met what it cannot read.
    ({command, reply}) =>
      command.startsWith('APPEND') && sent++ === 0
        ? answered(refused, reply)
        : reply.replaceAll(' LITERAL+', ' LITERAL-'),
    2,
    {},
    ({command, tag}) => (asksFor(60, command) ? `${tag} BAD Command Error. 10\r\n` : undefined),
  );
  expect(run.exitCode).toBe(3);
  expect(eventsOf(run, 'folder-state').flatMap(({problem}) => problem?.code ?? [])).toEqual([
    'folder-unreadable',
  ]);
  expect(run.totals.copied).toBe(arrived.length);
  expect(new Set(arrived).size).toBe(arrived.length);
});

/** Resolves when a lane has met an error, and has chosen what it does next. */
function recovered(): Promise<void> {
  const {recover} = FolderVerdicts.prototype;
  const chosen = Promise.withResolvers<void>();
  vi.spyOn(FolderVerdicts.prototype, 'recover').mockImplementation(async function (
    this: FolderVerdicts,
    ...args
  ) {
    await recover.apply(this, args);
    setImmediate(chosen.resolve);
  });
  return chosen.promise;
}

/** Whether a FETCH of bodies asks for this UID. */
function asksFor(uid: number, command: string): boolean {
  const [, set = ''] = /^UID FETCH (\S+) \(.*BODY/.exec(command) ?? [];
  return set.split(',').some(range => {
    const [first, last = first] = range.split(':').map(Number);
    return first !== undefined && last !== undefined && first <= uid && uid <= last;
  });
}

async function* answered(when: Promise<unknown>, reply: string) {
  await when;
  yield reply;
}

it('folders of which each message is asked for go alone: a server that asks to wait is sent nothing more', async () => {
  const folders = Object.fromEntries(
    Array.from({length: 40}, (_, number) => [`F${number}`, [smallMail(number)]]),
  );
  const opened = new Set<string>();
  let throttled = false;
  let meanwhile = 0;
  let minded = false;
  let waited = false;
  const {run, arrived} = await carry(
    folders,
    ({command, tag}, mailbox) => {
      const name = /^(?:SELECT|APPEND) "Data17012018\/(F\d+)"/.exec(command)?.[1] ?? '';
      if (command.startsWith('SELECT')) {
        if (!minded) opened.add(name);
        return undefined;
      }
      if (!command.startsWith('APPEND')) return undefined;
      const refuse = (answer: string) => {
        mailbox.find(`Data17012018/${name}`)?.messages.splice(0);
        return `${tag} ${answer}\r\n`;
      };
      if (!minded) {
        minded = true;
        return refuse('BAD APPEND not valid in this state');
      }
      if (throttled && !waited) meanwhile++;
      else if (!throttled && !opened.has(name)) {
        throttled = true;
        return refuse('NO [UNAVAILABLE] Server busy. Suggested Backoff Time: 60000 milliseconds');
      }
      return undefined;
    },
    1,
    {
      sleep: async ms => {
        if (ms > 1000) waited = true;
      },
    },
  );
  expect([opened.size, waited, meanwhile]).toEqual([32, true, 0]);
  expect([run.exitCode, run.totals.copied, new Set(arrived).size, arrived.length]).toEqual([0, 40, 40, 40]);
});
