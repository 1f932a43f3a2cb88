// Many mailboxes at once at a server that refuses them all: it is asked no more often than it is said.
import {once} from 'node:events';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import {expect, it, onTestFinished} from 'vitest';
import {SignInGuard} from '../../source/engine/link/sign-in-guard.ts';
import {inspect} from '../../source/engine/look/inspect.ts';
import {eventsOf, job, limits, runEngine} from '../helpers/engine.ts';

/** Refuses every sign-in, where it `holds` not before `answer` is called; `asked` counts them. */
async function refusing({holds = false} = {}) {
  let asked = 0;
  const mayAnswer = Promise.withResolvers<void>();
  if (!holds) mayAnswer.resolve();
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', data => {
      const [tag, command] = data.toString('latin1').split(' ');
      if (command === 'AUTHENTICATE') asked++;
      void mayAnswer.promise.then(() => socket.write(`${tag} NO [AUTHENTICATIONFAILED] Wrong\r\n`));
    });
    socket.write('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] Ready\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const place = {host: '127.0.0.1' as const, imapPort: (server.address() as AddressInfo).port};
  const jobs = Array.from({length: 30}, (_, request) =>
    job(
      {server: place, user: `u${request}@baya.com`},
      {server: place, user: `u${request}@vault.example`},
      {request},
    ),
  );
  return {jobs, asked: () => asked, answer: () => mayAnswer.resolve()};
}

it('a run presents no more than 8 passwords, however many mailboxes begin at once', async () => {
  const {jobs, asked} = await refusing();
  const run = await runEngine(jobs, {mailboxes: 30});
  expect(asked()).toBe(8);
  const codes = eventsOf(run, 'request-state').flatMap(({problem}) => problem?.code ?? []);
  expect(new Set(codes)).toEqual(new Set(['sign-in-refused', 'sign-in-not-tried']));
  expect(run.exitCode).toBe(4);
});

it('nor does a check', async () => {
  const {jobs, asked} = await refusing();
  const guard = new SignInGuard();
  const nothing = async () => undefined;
  const ports = {
    ...{now: Date.now, elapsed: () => 0, random: () => 0.5, sleep: nothing},
    ...{takeRows: nothing, restartRows: nothing},
  };
  const settings = {
    ...{run: 'check', version: '0.0.0', dryRun: true, ca: [], limits},
    ledgerFile: () => '',
  };
  const {signal} = new AbortController();
  const found = await Promise.all(jobs.map(each => inspect(each, settings, ports, signal, guard)));
  expect(asked()).toBe(8);
  expect(found.filter(({problems}) => problems.some(({code}) => code === 'sign-in-not-tried'))).not.toEqual(
    [],
  );
});

it('one that is stopped while it waits for its turn has ended before the others have their answers', async () => {
  const {jobs, asked, answer} = await refusing({holds: true});
  let begun = 0;
  const run = await runEngine(jobs, {
    mailboxes: 30,
    on: (event, handle) => {
      if (event.type !== 'request-state') return;
      if (event.state === 'Verifying' && ++begun === 30) handle.stop(29);
      if (event.state === 'Stopped') answer();
    },
  });
  expect(asked()).toBe(8);
  const ended = eventsOf(run, 'request-state').filter(({state}) => state === 'Stopped' || state === 'Failed');
  expect(ended.map(({request, state}) => `${request} ${state}`)[0]).toBe('29 Stopped');
  expect(ended).toHaveLength(30);
});
