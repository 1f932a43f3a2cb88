// What is refused before a password is sent: certificates that prove nothing, old TLS, and everything a man in the
// middle can do to STARTTLS. Each with the true reason in a sentence and exit code 4, and with a look at the wire.
import {afterAll, beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {Mailbox} from '../../../source/demo/server/store.ts';
import type {RunEvent} from '../../../source/engine/events.ts';
import {Session} from '../../../source/engine/imap/session.ts';
import {signIn} from '../../../source/engine/imap/sign-in.ts';
import {Secret} from '../../../source/request/secret.ts';
import {type EngineRun, eventsOf, job, runEngine} from '../../helpers/engine.ts';
import type {MailServer} from '../../helpers/imap.ts';
import {laxNode} from '../../helpers/lax-node.ts';
import type {CertificateKind} from '../../servers/certificates.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';
import {smallMail, startHostile} from '../../servers/hostile.ts';
import {type MeddledWire, type Meddling, startMeddler} from '../../servers/meddler.ts';
import {startTlsServer} from '../../servers/tls-server.ts';

const password = 'Qz7f-marked-K3W';
const user = 'john@baya.com';

type Security = 'tls' | 'starttls';

/** @param source in clear; the same server as the destination where not given */
function enter(
  server: MailServer,
  security: Security,
  ca: readonly string[],
  source?: MailServer,
): Promise<EngineRun> {
  const plain = job({server: source ?? server, user}, {server, user: 'john@vault.example'}, {password});
  const port = security === 'tls' ? (server.imapsPort ?? 0) : server.imapPort;
  const what = {
    ...plain.what,
    source: source === undefined ? {...plain.what.source, security, port} : plain.what.source,
    destination: {...plain.what.destination, security, port},
  };
  return runEngine([{...plain, what}], {ca, ports: {sleep: async () => undefined}});
}

/** Without TLS, with one message. */
async function goodSource(): Promise<MailServer> {
  const source = await startHostile(user, {INBOX: [smallMail(1)]}, () => undefined, new Mailbox(password));
  onTestFinished(() => source.stop());
  return source;
}

/** Why the mailbox was left alone. */
function reasonOf(run: EngineRun): string {
  const told = (event: RunEvent) => ('problem' in event ? event.problem?.sentence : undefined);
  return eventsOf(run, 'request-state').map(told).at(-1) ?? '';
}

/** The password in no form in which it could be sent. */
function expectUntold(text: string): void {
  for (const login of [user, 'john@vault.example'])
    for (const form of [password, Buffer.from(password), Buffer.from(`\0${login}\0${password}`)]) {
      expect(text).not.toContain(form.toString('latin1'));
      expect(text).not.toContain(Buffer.from(form).toString('base64'));
    }
  expect(text).not.toMatch(/LOGIN|AUTHENTICATE/i);
}

describe('a certificate that proves nothing', () => {
  const cases: readonly (readonly [CertificateKind, RegExp])[] = [
    ['expired', /^The certificate of \S+ \(source\) has expired\.$/],
    ['not-yet-valid', /^The certificate of \S+ \(source\) is not valid yet\.$/],
    ['wrong-name', /^The certificate shown by \S+ \(source\) is for another name\.$/],
    ['self-signed', /^The certificate of \S+ \(source\) is signed by nobody but itself\.$/],
    ['weak-key', /^The certificate of \S+ \(source\) has a key or a signature too weak to be trusted\.$/],
    ['weak-hash', /^The certificate of \S+ \(source\) has a key or a signature too weak to be trusted\.$/],
    [
      'without-intermediate',
      /^The certificate of \S+ \(source\) comes from an authority this computer does not know\.$/,
    ],
  ];
  for (const [kind, reason] of cases)
    it(`is refused with its reason, and nothing is sent: ${kind}`, async () => {
      const server = await startTlsServer(kind);
      try {
        const run = await enter(server, 'tls', [server.ca]);
        expect(reasonOf(run)).toMatch(reason);
        expect(run.exitCode).toBe(4);
        expect(server.heard()).toBe('');
      } finally {
        server.close();
      }
    });

  for (const [kind, reason] of cases)
    it(`behind STARTTLS it is refused with its reason, and no password is sent: ${kind}`, async () => {
      const server = await startTlsServer(kind);
      onTestFinished(() => server.close());
      const run = await enter(server, 'starttls', [server.ca]);
      expect(reasonOf(run)).toMatch(reason);
      expect(run.exitCode).toBe(4);
      expect(server.heardInClear()).toMatch(/ STARTTLS\r\n$/);
      expectUntold(server.heardInClear());
      expect(server.heard()).toBe('');
    });

  for (const security of ['tls', 'starttls'] as const)
    for (const [kind, reason] of cases)
      it(`at the destination of a good source it is refused as there, and no password is sent: ${kind} (${security})`, async () => {
        const [server, source] = await Promise.all([startTlsServer(kind), goodSource()]);
        onTestFinished(() => server.close());
        const run = await enter(server, security, [server.ca], source);
        expect(reasonOf(run)).toMatch(new RegExp(reason.source.replace('source', 'destination')));
        expect(run.exitCode).toBe(4);
        expectUntold(server.heardInClear());
        expect(server.heard()).toBe('');
      });

  it('is the only thing that is refused here: with a good one, and only then, the password is sent', async () => {
    const server = await startTlsServer('good');
    try {
      const entering = signIn(
        'source',
        job({server, user, tls: true}, {server, user, tls: true}).what.source,
        {kind: 'password', user, password: async () => new Secret(password)},
        {ca: [server.ca], connectMs: 10_000, inactivityMs: 10_000, version: '0', now: Date.now},
        new AbortController().signal,
      );
      await expect(entering).rejects.toThrow();
      expect(server.heard()).toContain('AUTHENTICATE');
    } finally {
      server.close();
    }
  });

  it('nor is a good one refused behind STARTTLS: the password is sent, and only in TLS', async () => {
    const server = await startTlsServer('good');
    onTestFinished(() => server.close());
    const run = await enter(server, 'starttls', [server.ca]);
    expect(run.exitCode).toBe(4);
    expectUntold(server.heardInClear());
    expect(server.heard()).toContain('AUTHENTICATE');
    expect(() => expectUntold(server.heard())).toThrow();
  });

  it('is refused also where Node was told to take any', async () => {
    laxNode();
    const server = await startTlsServer('self-signed');
    onTestFinished(() => server.close());
    const run = await enter(server, 'tls', [server.ca]);
    expect(reasonOf(run)).toMatch(/ is signed by nobody but itself\.$/);
    expect(server.heard()).toBe('');
  });

  it.each(['tls', 'starttls'] as const)(
    'TLS 1.2 is new enough where a server speaks nothing newer: the password is sent (%s)',
    async security => {
      const server = await startTlsServer('good', 'TLSv1.2');
      onTestFinished(() => server.close());
      const run = await enter(server, security, [server.ca]);
      expect(reasonOf(run)).not.toMatch(/TLS|certificate/);
      expect(server.heard()).toContain('AUTHENTICATE');
      expectUntold(server.heardInClear());
    },
  );

  it('TLS older than 1.2 is refused, also where Node was told to speak it', async () => {
    laxNode();
    for (const newest of ['TLSv1', 'TLSv1.1'] as const) {
      const server = await startTlsServer('good', newest);
      try {
        const run = await enter(server, 'tls', [server.ca]);
        expect(reasonOf(run)).toMatch(/ \(source\) offers no TLS 1\.2 or newer/);
        expect(run.exitCode).toBe(4);
        expect(server.heard()).toBe('');
      } finally {
        server.close();
      }
    }
  });

  it('TLS older than 1.2 is refused behind STARTTLS too, also where Node was told to speak it', async () => {
    laxNode();
    for (const newest of ['TLSv1', 'TLSv1.1'] as const) {
      const server = await startTlsServer('good', newest);
      onTestFinished(() => server.close());
      const run = await enter(server, 'starttls', [server.ca]);
      expect(reasonOf(run)).toMatch(/ \(source\) offers no TLS 1\.2 or newer/);
      expect(run.exitCode).toBe(4);
      expect(server.heardInClear()).toMatch(/ STARTTLS\r\n$/);
      expectUntold(server.heardInClear());
      expect(server.heard()).toBe('');
    }
  });
});

describeDovecot('STARTTLS with somebody in the middle', () => {
  let server: Dovecot;
  beforeAll(async () => {
    server = await startDovecot();
  });
  afterAll(async () => server?.stop());

  /** @returns the run, and what the client said on the line in clear or in TLS */
  async function through(meddling: Meddling): Promise<{run: EngineRun; said: string}> {
    let said = '';
    const line = await startMeddler(server.imapPort, {
      ...meddling,
      line: (text, wire) => {
        said += text;
        return meddling.line?.(text, wire);
      },
    });
    try {
      return {run: await enter(line, 'starttls', [server.ca]), said};
    } finally {
      line.close();
    }
  }

  /** Answers STARTTLS in the server's place; the server is not told of it. */
  const answering = (answer: (tag: string, wire: MeddledWire) => void): Meddling => ({
    line: (text, wire) => {
      const tag = /^(\S+) STARTTLS\r\n$/i.exec(text)?.[1];
      if (tag !== undefined) answer(tag, wire);
      return tag !== undefined;
    },
  });

  it('taken out of the capabilities, it is missed, and no password is sent', async () => {
    const {run, said} = await through({
      down: (chunk, wire) => {
        const text = chunk.toString('latin1');
        if (!/STARTTLS/i.test(text)) return false;
        wire.answer(text.replaceAll(/ STARTTLS/gi, ''));
        return true;
      },
    });
    expect(reasonOf(run)).toMatch(/does not offer STARTTLS, or refuses it: nothing was sent in clear/);
    expect(run.exitCode).toBe(4);
    expectUntold(said);
  });

  for (const status of ['NO not now', 'BAD unknown command'])
    it(`answered with ${status}, no password is sent`, async () => {
      const {run, said} = await through(answering((tag, wire) => wire.answer(`${tag} ${status}\r\n`)));
      expect(reasonOf(run)).toMatch(/does not offer STARTTLS, or refuses it: nothing was sent in clear/);
      expect(run.exitCode).toBe(4);
      expect(said).toContain('STARTTLS');
      expectUntold(said);
    });

  it('made impossible by a PREAUTH greeting, nothing is said but goodbye', async () => {
    const {run, said} = await through({
      down: (chunk, wire) => {
        const text = chunk.toString('latin1');
        if (!text.startsWith('* OK')) return false;
        wire.answer(text.replace('* OK', '* PREAUTH'));
        return true;
      },
    });
    expect(reasonOf(run)).toMatch(
      /before TLS begins may come from somebody on the way: no password was sent/,
    );
    expect(run.exitCode).toBe(4);
    expectUntold(said);
    expect(said).not.toMatch(/LIST|SELECT|EXAMINE|CREATE|APPEND/);
  });

  it('followed by more in the same packet, the connection is given up before TLS (CVE-2011-0411)', async () => {
    const injected = '* CAPABILITY IMAP4rev1 AUTH=LOGIN\r\n* PREAUTH hello\r\n2 OK done\r\n';
    const {run, said} = await through(
      answering((tag, wire) => wire.answer(`${tag} OK Begin TLS\r\n${injected}`)),
    );
    expect(reasonOf(run)).toMatch(
      /before TLS begins may come from somebody on the way: no password was sent/,
    );
    expect(run.exitCode).toBe(4);
    // STARTTLS is the last that it says: not even a ClientHello follows.
    expect(said).toMatch(/STARTTLS\r\n$/);
    expectUntold(said);
  });

  it('followed by more once TLS has begun, TLS does not come about', async () => {
    let begun = false;
    const {run, said} = await through({
      line: (text, wire) => {
        const tag = /^(\S+) STARTTLS\r\n$/i.exec(text)?.[1];
        if (tag !== undefined) wire.answer(`${tag} OK Begin TLS\r\n`);
        else if (text.startsWith('\x16\x03')) {
          begun = true;
          wire.answer('* OK injected\r\n');
        }
        return begun || tag !== undefined;
      },
    });
    expect(begun).toBe(true);
    expect(eventsOf(run, 'request-state').at(-1)?.problem?.code).toMatch(/^tls-/);
    expect(run.exitCode).toBe(4);
    expectUntold(said);
  });

  it('what was said before TLS counts for nothing after it', async () => {
    const line = await startMeddler(server.imapPort, {
      down: (chunk, wire) => {
        const text = chunk.toString('latin1');
        if (!/STARTTLS/.test(text)) return false;
        wire.answer(text.replaceAll('STARTTLS', 'STARTTLS APPENDLIMIT=17 X-INJECTED'));
        return true;
      },
    });
    try {
      const session = new Session(
        await signIn(
          'source',
          {...job({server: line, user}, {server: line, user}).what.source, security: 'starttls'},
          {kind: 'password', user, password: async () => new Secret('pass')},
          {ca: [server.ca], connectMs: 10_000, inactivityMs: 10_000, version: '0', now: Date.now},
          new AbortController().signal,
        ),
      );
      expect([session.has('X-INJECTED'), session.signedIn.appendLimit]).toEqual([false, undefined]);
      expect(session.has('MULTIAPPEND')).toBe(true);
      session.logout();
    } finally {
      line.close();
    }
  });
});
