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

  type Inside = {readonly client: Socket; readonly server: Socket; stores: boolean};

  /**
   * A door to a server that takes so many connections.
   * @param words a BYE in the place of the greeting; without it the connection is closed without a word
   * @param said called with what each client says
   */
  async function narrow(
    {imapPort}: Dovecot,
    words: string,
    said: (who: Inside, text: string) => void = () => undefined,
  ) {
    const inside = new Set<Inside>();
    const door = {
      ...{host: '127.0.0.1' as const, imapPort: 0, most: 2, turnedAway: 0, inside},
      turnsAway() {},
    };
    const listener = createServer(client => {
      client.on('error', () => undefined);
      if (inside.size >= door.most) {
        door.turnedAway++;
        door.turnsAway();
        if (words === '') client.destroy();
        else client.end(words);
        return;
      }
      const server = connect(imapPort, '127.0.0.1');
      server.on('error', () => undefined);
      const who: Inside = {client, server, stores: false};
      inside.add(who);
      client.on('data', (chunk: Buffer) => {
        said(who, chunk.toString('latin1'));
        server.write(chunk);
      });
      server.on('data', chunk => client.write(chunk));
      server.on('close', () => client.destroy());
      client.on('close', () => {
        inside.delete(who);
        server.destroy();
      });
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    door.imapPort = (listener.address() as AddressInfo).port;
    onTestFinished(() => {
      for (const {client} of inside) client.destroy();
      listener.close();
    });
    return door;
  }

  type Place = {readonly host: '127.0.0.1'; readonly imapPort: number};
  const jobsTo = (server: Place, domain: string, from: Place = source) =>
    names.map((name, request) =>
      job({server: from, user: `${name}@baya.com`}, {server, user: `${name}@${domain}`}, {request}),
    );
  const check = (jobs: ReturnType<typeof jobsTo>) => {
    const [servers, guard] = [new Servers(), new SignInGuard()];
    const {signal} = new AbortController();
    return Promise.all(jobs.map(each => inspect(each, settings, {...ports, sleep}, signal, guard, servers)));
  };
  const stopping = (found: Awaited<ReturnType<typeof check>>) =>
    found.flatMap(({problems}) => problems.filter(({verdict}) => verdict === 'stop'));
  const ways: readonly (readonly [string, string])[] = [
    ['says so', '* BYE Maximum number of connections from your address exceeded\r\n'],
    ['hangs up on the others', ''],
  ];

  it.each(ways)('and %s: a run of six at once carries them all', async (how, words) => {
    const door = await narrow(destination, words);
    const run = await runEngine(jobsTo(door, `${how.replaceAll(' ', '-')}.example`), {mailboxes: 6});
    expect([run.exitCode, run.totals.copied]).toEqual([0, 180]);
    expect(door.turnedAway).toBeGreaterThan(0);
    expect(eventsOf(run, 'connection-lost')).toEqual([]);
  });

  it.each(ways)('and %s: a check of six at once finds nothing wrong with any', async (_, words) => {
    const door = await narrow(destination, words);
    const found = await check(jobsTo(door, 'vault.example'));
    expect(stopping(found)).toEqual([]);
    expect(found.map(({folders}) => folders.length)).toEqual(names.map(() => 1));
    expect(door.turnedAway).toBeGreaterThan(0);
  });

  it('is enough where both ends are there', async () => {
    const door = await narrow(source, '');
    expect(stopping(await check(jobsTo(door, 'both.example', door)))).toEqual([]);
    const run = await runEngine(jobsTo(door, 'both.example', door), {mailboxes: 6});
    expect([run.exitCode, run.totals.copied]).toEqual([0, 180]);
    expect(door.turnedAway).toBeGreaterThan(0);
  });

  it('one, and many at the other end: who waits for the first leaves the other', async () => {
    const [from, to] = [await narrow(source, ''), await narrow(destination, '')];
    from.most = 100;
    to.most = 1;
    const run = await runEngine(jobsTo(to, 'one.example', from), {mailboxes: 6});
    expect([run.exitCode, run.totals.copied]).toEqual([0, 180]);
    expect(to.turnedAway).toBeGreaterThan(1);
    await expect.poll(() => from.inside.size).toBe(0);
  });

  it('and then one: the mailbox whose connection is lost waits for the other one', async () => {
    const [one, other] = ['gus@baya.com', 'hal@baya.com'];
    for (const [index, user] of [one, other].entries())
      await fill(
        source,
        user,
        ['INBOX', 'Sent'].map((name, at) => ({
          path: [name],
          messages: plainMail(400, 500 + index * 10 + at),
        })),
      );
    let fewer = false;
    // Nobody is answered before both store; then the connection of one is cut, and its place is gone.
    const door = await narrow(destination, '', (who, text) => {
      if (fewer || !text.includes(' APPEND ')) return;
      who.stores = true;
      who.server.pause();
      const storing = [...door.inside].filter(({stores}) => stores);
      if (storing.length < 2) return;
      fewer = true;
      door.most = 1;
      storing[0]?.client.destroy();
      // The other one is at work until the first has been turned away.
      door.turnsAway = () => {
        for (const {server} of storing) server.resume();
      };
    });
    const run = await runEngine(
      [one, other].map((user, request) =>
        job(
          {server: source, user},
          {server: door, user: user.replace('baya.com', 'vault.example')},
          {request},
        ),
      ),
      {mailboxes: 2, limits: {connections: 1}},
    );
    expect(fewer).toBe(true);
    expect([run.exitCode, run.totals.copied]).toEqual([0, 1600]);
  });
});
