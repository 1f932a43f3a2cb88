// A message of 64 MB is never whole in memory: what has come of it and not gone on is counted at the proxies around the
// engine, while the destination takes nothing.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {job, runEngine} from '../../helpers/engine.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {fill} from '../../helpers/mail.ts';
import {plainMail} from '../../helpers/meddled.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {startSlowProxy} from '../../servers/slow-proxy.ts';

const megabyte = 1024 * 1024;
const pieceBytes = 64 * 1024;
const size = 64 * megabyte;
/** The pieces in hand, and what the system's sockets hold on four ways: up to 20 MB of those were seen. */
const most = 32 * megabyte;

const large = plainMail(
  1,
  1,
  'x'
    .repeat(74)
    .concat('\r\n')
    .repeat(size / 76),
);
const message = large[0]?.bytes ?? Buffer.alloc(0);

describeDovecot('a large message', () => {
  const user = 'large@baya.com';
  let source: Dovecot;
  const servers: Dovecot[] = [];
  beforeAll(async () => {
    source = await startDovecot();
    servers.push(source);
    await fill(source, user, [
      {
        path: ['INBOX'],
        messages: [
          ...plainMail(
            1,
            1,
            'x'
              .repeat(74)
              .concat('\r\n')
              .repeat(size / 76),
          ),
          ...plainMail(5, 2),
        ],
      },
    ]);
  });
  afterAll(() => Promise.all(servers.map(server => server.stop())));

  it.each<[string, readonly string[]]>([
    ['MULTIAPPEND', []],
    ['one APPEND after the other', ['MULTIAPPEND', 'LITERAL+']],
  ])('waits at the source while the destination takes nothing, with %s', async (_, hide) => {
    const destination = await startDovecot({hide});
    servers.push(destination);
    const from = await startSlowProxy({port: source.imapPort, pieceBytes});
    const to = await startSlowProxy({port: destination.imapPort, pieceBytes});
    // Nothing but mail makes so much.
    to.hold(3 * megabyte);
    try {
      const running = runEngine([job({server: from, user}, {server: to, user: 'a@vault.example'})], {
        limits: {memory: 8 * megabyte, connections: 2},
      });
      await to.whenPassed(3 * megabyte - pieceBytes);
      const held = await untilStill(() => from.passed);
      expect(held).toBeGreaterThan(3 * megabyte);
      expect(held).toBeLessThan(most);
      to.release();
      const run = await running;
      expect([run.exitCode, run.totals]).toMatchObject([0, {copied: 6, failed: 0}]);
      const client = await ImapConnection.open(destination, 'a@vault.example');
      await client.command('EXAMINE "Data17012018/INBOX"');
      const sizes = await client.command('UID FETCH 1:* RFC822.SIZE');
      await client.close();
      expect(JSON.stringify(sizes)).toContain(`${message.length}`);
    } finally {
      await Promise.all([from.close(), to.close()]);
    }
  });
});

/** What it gives when it has given the same again and again. */
async function untilStill(look: () => number): Promise<number> {
  let last = look();
  for (let same = 0; same < 5; ) {
    await new Promise(done => setTimeout(done, 100));
    same = look() === last ? same + 1 : 0;
    last = look();
  }
  return last;
}
