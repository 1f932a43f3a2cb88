// No secret leaves the program where the line breaks while it is sent, where TLS comes to nothing, or where somebody
// meddles with STARTTLS; and what such runs leave behind is for its owner only.
import {mkdirSync, readdirSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {fill} from '../helpers/mail.ts';
import {corpus} from '../helpers/mail-corpus.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {type Fault, type FaultProxy, startFaultProxy} from '../servers/fault-proxy.ts';
import {type Meddler, startMeddler} from '../servers/meddler.ts';
import {leaks, marked} from './marked-secrets.ts';
import {jsonLines, newPlace, type Row, requestRow} from './place.ts';

const secret = marked('right');

describeDovecot('no secret is printed or written while the line breaks', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let expired: Dovecot;
  const users = ['auth', 'answer', 'append', 'tls', 'starttls', 'expired'];
  beforeAll(async () => {
    const passwords = (domain: string) =>
      Object.fromEntries(users.map(user => [`${user}@${domain}`, secret]));
    [source, destination, expired] = await Promise.all([
      startDovecot({passwords: passwords('baya.com')}),
      startDovecot({passwords: passwords('vault.example')}),
      startDovecot({certificate: 'expired'}),
    ]);
    const folders = [{path: ['INBOX'], messages: corpus(5, {seed: 2, kinds: ['plain']})}];
    for (const user of users) await fill(source, {user: `${user}@baya.com`, password: secret}, folders);
  });
  afterAll(async () => {
    await Promise.all([source, destination, expired].map(server => server?.stop()));
  });

  it('whatever breaks, and wherever', async () => {
    const place = newPlace();
    const home = join(place.directory, 'home');
    mkdirSync(home);
    const lines: (FaultProxy | Meddler)[] = [];
    const breaking = async (port: number, fault: Fault) => {
      const line = await startFaultProxy(port, {faults: [fault]});
      lines.push(line);
      return line.imapPort;
    };
    const stripped = await startMeddler(source.imapPort, {
      down: (chunk, wire) => {
        wire.answer(chunk.toString('latin1').replaceAll(/ STARTTLS/gi, ''));
        return true;
      },
    });
    lines.push(stripped);
    const row = (user: string, changes: Row) =>
      requestRow(source, destination, user, {
        'Source user password': secret,
        'Destination user password': secret,
        ...changes,
      });
    const middle = 60;
    const csv = place.csv([
      row('auth', {
        'Source Server Port': await breaking(source.imapPort, {toward: 'server', after: middle, how: 'cut'}),
      }),
      row('answer', {
        'Source Server Port': await breaking(source.imapPort, {toward: 'client', after: 400, how: 'reset'}),
      }),
      row('append', {
        'Destination Server Port': await breaking(destination.imapPort, {
          toward: 'server',
          after: 1500,
          how: 'cut',
        }),
      }),
      row('tls', {
        'Source Server': 'localhost',
        'Source security': 'tls',
        'Source Server Port': await breaking(source.imapsPort, {toward: 'client', after: 900, how: 'damage'}),
      }),
      row('starttls', {'Source security': 'starttls', 'Source Server Port': stripped.imapPort}),
      row('expired', {
        'Source Server': 'localhost',
        'Source security': 'tls',
        'Source Server Port': expired.imapsPort,
      }),
    ]);
    try {
      const {code, stdout, stderr} = await place.run(
        ['run', csv, '--yes', '--output', 'jsonl', '--ca', source.caFile, '--mailboxes', '6'],
        {env: {HOME: home, XDG_CACHE_HOME: undefined, NODE_COMPILE_CACHE: undefined}},
      );
      expect(code).toBe(3);
      const told = jsonLines(stdout);
      const problems = new Set(
        told.flatMap(line => ('problem' in line && line.problem !== undefined ? [line.problem.code] : [])),
      );
      for (const each of ['connection-lost', 'starttls-missing']) expect([...problems]).toContain(each);
      expect([...problems].some(each => each.startsWith('tls-'))).toBe(true);
      expect(leaks(place, {stdout, stderr}, [csv])).toEqual([]);
      // Below it is Node's, closed off by it.
      const cache = join('home', '.cache', 'mailferry', 'compiled');
      for (const folder of [cache, dirname(cache)])
        expect(statSync(join(place.directory, folder)).mode & 0o777).toBe(0o700);
      const written = ['state', 'reports'].flatMap(folder =>
        readdirSync(join(place.directory, folder), {recursive: true, withFileTypes: true}),
      );
      expect(written.length).toBeGreaterThan(8);
      const open = written.filter(entry => {
        const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
        return mode !== (entry.isDirectory() ? 0o700 : 0o600);
      });
      expect(open.map(entry => join(entry.parentPath, entry.name))).toEqual([]);
    } finally {
      for (const line of lines) line.close();
    }
  });
});
