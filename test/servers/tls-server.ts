// A server that speaks TLS as badly as a test wants it, greets as an IMAP server does, lets nobody in,
// and keeps what it is told.
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createServer, type SecureVersion} from 'node:tls';
import {type CertificateKind, makeCertificates} from './certificates.ts';

export type TlsServer = {
  readonly host: '127.0.0.1';
  readonly imapPort: number;
  readonly imapsPort: number;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  /** Everything that came through TLS. */
  heard(): string;
  close(): void;
};

/** @param newest TLS version it speaks */
export async function startTlsServer(kind: CertificateKind, newest?: SecureVersion): Promise<TlsServer> {
  const directory = mkdtempSync(join(tmpdir(), 'mf-tls-'));
  const certificates = makeCertificates(directory, kind);
  let heard = '';
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
        socket.write(`${text.split(' ')[0]} NO [AUTHENTICATIONFAILED] nobody is let in here\r\n`);
      });
      socket.write('* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n');
    },
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    host: '127.0.0.1',
    imapPort: port,
    imapsPort: port,
    ca: certificates.ca,
    heard: () => heard,
    close: () => {
      server.close();
      rmSync(directory, {recursive: true, force: true});
    },
  };
}
