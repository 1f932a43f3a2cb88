// A server that speaks TLS as badly as a test wants it, greets as an IMAP server does, lets nobody in,
// and keeps what it is told.
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {createServer as createClearServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createServer, type SecureVersion} from 'node:tls';
import {type CertificateKind, makeCertificates} from './certificates.ts';

export type TlsServer = {
  readonly host: '127.0.0.1';
  /** In clear, with STARTTLS. */
  readonly imapPort: number;
  readonly imapsPort: number;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  /** Everything that came through TLS. */
  heard(): string;
  /** Everything that came in clear before TLS began. */
  heardInClear(): string;
  close(): void;
};

const offered = 'IMAP4rev1 SASL-IR AUTH=PLAIN';

/** @param newest TLS version it speaks */
export async function startTlsServer(kind: CertificateKind, newest?: SecureVersion): Promise<TlsServer> {
  const directory = mkdtempSync(join(tmpdir(), 'mf-tls-'));
  const certificates = makeCertificates(directory, kind);
  let heard = '';
  let heardInClear = '';
  /** Ports of clients that were greeted in clear. */
  const greeted = new Set<number | undefined>();
  const server = createServer(
    {
      cert: readFileSync(certificates.certificateFile),
      key: readFileSync(certificates.keyFile),
      // Its own OpenSSL would not let it be this weak.
      ciphers: 'DEFAULT@SECLEVEL=0',
      ...(newest === undefined ? {} : {minVersion: 'TLSv1' as const, maxVersion: newest}),
    },
    socket => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes: Buffer) => {
        const text = bytes.toString('latin1');
        heard += text;
        const [tag, command = ''] = text.split(/[ \r]/);
        socket.write(
          command === 'CAPABILITY'
            ? `* CAPABILITY ${offered}\r\n${tag} OK\r\n`
            : `${tag} NO [AUTHENTICATIONFAILED] nobody is let in here\r\n`,
        );
      });
      if (!greeted.has(socket.remotePort)) socket.write(`* OK [CAPABILITY ${offered}] ready\r\n`);
    },
  );
  server.on('tlsClientError', () => undefined);
  const clear = createClearServer(socket => {
    greeted.add(socket.remotePort);
    socket.on('error', () => undefined);
    const answer = (bytes: Buffer) => {
      const text = bytes.toString('latin1');
      heardInClear += text;
      const [tag, command = ''] = text.split(/[ \r]/);
      if (command === 'CAPABILITY') socket.write(`* CAPABILITY ${offered} STARTTLS\r\n${tag} OK\r\n`);
      else if (command === 'STARTTLS') {
        socket.off('data', answer);
        socket.pause();
        socket.write(`${tag} OK begin\r\n`);
        server.emit('connection', socket);
      } else socket.write(`${tag} NO not before TLS\r\n`);
    };
    socket.on('data', answer);
    socket.write(`* OK [CAPABILITY ${offered} STARTTLS] ready\r\n`);
  });
  const [imapPort = 0, imapsPort = 0] = await Promise.all(
    [clear, server].map(async each => {
      await new Promise<void>(resolve => each.listen(0, '127.0.0.1', () => resolve()));
      const address = each.address();
      return typeof address === 'object' && address !== null ? address.port : 0;
    }),
  );
  return {
    host: '127.0.0.1',
    imapPort,
    imapsPort,
    ca: certificates.ca,
    heard: () => heard,
    heardInClear: () => heardInClear,
    close: () => {
      clear.close();
      server.close();
      rmSync(directory, {recursive: true, force: true});
    },
  };
}
