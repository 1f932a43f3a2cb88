// A server that takes fewer connections from one computer than a run or a check has mailboxes at once: those that are
// turned away wait for the others, and none of them fails.
import {once} from 'node:events';
import {type AddressInfo, connect, createServer, type Socket} from 'node:net';
import {setTimeout} from 'node:timers/promises';
import {afterAll, beforeAll, expect, it, onTestFinished} from 'vitest';
import {Servers} from '../../source/engine/link/servers.ts';
import {SignInGuard} from '../../source/engine/link/sign-in-guard.ts';
import {inspect} from '../../source/engine/look/inspect.ts';
import {ports, settings} from '../helpers/check.ts';
import {eventsOf, job, runEngine} from '../helpers/engine.ts';
import {fill} from '../helpers/mail.ts';
import {plainMail} from '../helpers/meddled.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';

/** As in the program: who waits for others waits while they are at work. */
const sleep = (ms: number, signal: AbortSignal) => setTimeout(ms, undefined, {signal});

describeDovecot('a server that takes two connections', () => {
  let source: Dovecot;
  let destination: Dovecot;
  const names = ['ann', 'ben', 'cid', 'dee', 'eva', 'fay'];
  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    for (const [index, name] of names.entries())
      await fill(source, `${name}@baya.com`, [{path: ['INBOX'], messages: plainMail(30, index)}]);
  });
  afterAll(async () => {
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  /** @param words a BYE in the place of the greeting; without it the connection is closed without a word */
  async function narrow(words: string) {
    const most = 2;
    const inside = new Set<Socket>();
    let turnedAway = 0;
    const door = createServer(client => {
      client.on('error', () => undefined);
      if (inside.size >= most) {
        turnedAway++;
        if (words === '') client.destroy();
        else client.end(words);
        return;
      }
      inside.add(client);
      const server = connect(destination.imapPort, '127.0.0.1');
      server.on('error', () => undefined);
      client.pipe(server).pipe(client);
      server.on('close', () => client.destroy());
      client.on('close', () => {
        inside.delete(client);
        server.destroy();
      });
    });
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    onTestFinished(() => {
      for (const client of inside) client.destroy();
      door.close();
    });
    const {port} = door.address() as AddressInfo;
    return {host: '127.0.0.1' as const, imapPort: port, turnedAway: () => turnedAway};
  }

  const jobsTo = (server: {host: '127.0.0.1'; imapPort: number}, domain: string) =>
    names.map((name, request) =>
      job({server: source, user: `${name}@baya.com`}, {server, user: `${name}@${domain}`}, {request}),
    );
  const ways: readonly (readonly [string, string])[] = [
    ['says so', '* BYE Maximum number of connections from your address exceeded\r\n'],
    ['hangs up on the others', ''],
  ];

  it.each(ways)('and %s: a run of six at once carries them all', async (how, words) => {
    const door = await narrow(words);
    const run = await runEngine(jobsTo(door, `${how.replaceAll(' ', '-')}.example`), {mailboxes: 6});
    expect([run.exitCode, run.totals.copied]).toEqual([0, 180]);
    expect(door.turnedAway()).toBeGreaterThan(0);
    expect(eventsOf(run, 'connection-lost')).toEqual([]);
  });

  it.each(ways)('and %s: a check of six at once finds nothing wrong with any', async (_, words) => {
    const door = await narrow(words);
    const [servers, guard] = [new Servers(), new SignInGuard()];
    const found = await Promise.all(
      jobsTo(door, 'vault.example').map(each =>
        inspect(each, settings, {...ports, sleep}, new AbortController().signal, guard, servers),
      ),
    );
    expect(found.flatMap(({problems}) => problems.filter(({verdict}) => verdict === 'stop'))).toEqual([]);
    expect(found.map(({folders}) => folders.length)).toEqual(names.map(() => 1));
    expect(door.turnedAway()).toBeGreaterThan(0);
  });
});
