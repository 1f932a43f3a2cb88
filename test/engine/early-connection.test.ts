// Both ends are connected to while the ledger is read; whether anybody is named to them is decided after it.
import {once} from 'node:events';
import {readdirSync} from 'node:fs';
import {type AddressInfo, createServer, type Socket} from 'node:net';
import {join} from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {expect, it, onTestFinished} from 'vitest';
import {eventsOf, freshState, job, runEngine} from '../helpers/engine.ts';

it('nobody is signed in where the ledger cannot be used, and both connections are closed', async () => {
  const connections: Socket[] = [];
  const said: string[] = [];
  const server = createServer(socket => {
    connections.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', data => {
      const line = data.toString('latin1');
      said.push(line);
      socket.write(`${line.split(' ')[0]} NO [AUTHENTICATIONFAILED] Wrong\r\n`);
    });
    socket.write('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] Ready\r\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  const place = {host: '127.0.0.1' as const, imapPort: (server.address() as AddressInfo).port};
  const state = freshState();
  const work = [job({server: place, user: 'ann@baya.com'}, {server: place, user: 'ann@vault.example'})];

  const refused = await runEngine(work, {state});
  expect(eventsOf(refused, 'request-state').at(-1)).toMatchObject({problem: {code: 'sign-in-refused'}});
  expect(said.join('')).toContain('AUTHENTICATE PLAIN');

  const [ledger = ''] = readdirSync(state).filter(name => name.endsWith('.sqlite'));
  const database = new DatabaseSync(join(state, ledger));
  database.exec('PRAGMA user_version = 99');
  database.close();
  for (const socket of connections.splice(0)) socket.destroy();
  said.length = 0;
  const newer = await runEngine(work, {state});
  expect(eventsOf(newer, 'request-state').at(-1)).toMatchObject({problem: {code: 'ledger-newer'}});
  while (connections.length < 2) await once(server, 'connection');
  await Promise.all(connections.map(socket => socket.closed || once(socket, 'close')));
  expect(said).toEqual([]);
});
