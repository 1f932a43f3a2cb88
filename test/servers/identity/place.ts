// What the tests of signing in share: certificates, the provider, and endpoints that use it.
import {execFileSync} from 'node:child_process';
import {chmodSync, mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Endpoint} from '../../../source/request/schema.ts';
import {type Certificates, makeCertificates} from '../certificates.ts';

export const appId = '11111111-2222-4333-8444-555555555555';
export const deskId = '99999999-8888-4777-8666-555555555555';
export const appSecret = 'Sec~ret.8Q-of-the-app';

export type IdentityPlace = {
  readonly directory: string;
  readonly certificates: Certificates;
  /** A certificate with its RSA key, PEM, and the certificate alone. */
  readonly application: {readonly pem: string; readonly certificate: string};
  remove(): void;
};

export function makeIdentityPlace(): IdentityPlace {
  const directory = mkdtempSync(join(tmpdir(), 'mailferry-identity-'));
  // A Dovecot that asks the provider runs as another user.
  chmodSync(directory, 0o755);
  const certificates = makeCertificates(join(directory, 'tls'));
  execFileSync(
    'openssl',
    'req -x509 -newkey rsa:2048 -nodes -keyout app.key -out app.pem -days 3650 -subj /CN=mailferry'.split(
      ' ',
    ),
    {cwd: directory, stdio: 'ignore'},
  );
  const certificate = readFileSync(join(directory, 'app.pem'), 'utf8');
  const key = readFileSync(join(directory, 'app.key'), 'utf8');
  return {
    directory,
    certificates,
    application: {certificate, pem: `${certificate}${key}`},
    remove: () => rmSync(directory, {recursive: true, force: true}),
  };
}

export function officeEnd(over: Partial<Endpoint> = {}): Endpoint {
  return {
    provider: 'o365',
    userId: 'john',
    domain: 'baya.com',
    server: 'outlook.office365.com',
    port: 993,
    security: 'tls',
    auth: 'oauth-app',
    secret: {kind: 'ask'},
    ...over,
  };
}
