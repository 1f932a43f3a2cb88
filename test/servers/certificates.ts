// Certificates for test servers, made by the openssl command for each test run: nothing in the repository expires.
import {execFileSync} from 'node:child_process';
import {mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';

/** What is wrong with the server's certificate, if anything. */
export type CertificateKind =
  | 'good'
  | 'expired'
  | 'not-yet-valid'
  | 'wrong-name'
  | 'self-signed'
  /** RSA of 1024 bits. */
  | 'weak-key'
  /** Signed with SHA-1. */
  | 'weak-hash'
  /** Signed by an authority that the known one has signed, whose certificate the server does not send. */
  | 'without-intermediate';

export type Certificates = {
  /** PEM of the authority that signed the server's certificate, or its authority. For `self-signed` one that did not. */
  readonly ca: string;
  readonly caFile: string;
  readonly certificateFile: string;
  readonly keyFile: string;
};

const weakKey = ['-newkey', 'rsa:1024', '-nodes'];
const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const goodNames = 'subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1';

/** `openssl ca` is the one subcommand that has taken explicit dates in every OpenSSL since 1.0. */
const authorityConfig = `[ca]
default_ca = authority
[authority]
database = index
serial = serial
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
default_md = sha256
policy = anything
copy_extensions = copy
unique_subject = no
[anything]
commonName = supplied
`;

/** The files of each kind, made once in a process: openssl is started three times for them. */
const made = new Map<CertificateKind, ReadonlyMap<string, string>>();

/**
 * An authority and a server certificate for localhost and 127.0.0.1 in `directory` (created); those of one kind are all
 * the same. Throws where openssl is missing or fails.
 */
export function makeCertificates(directory: string, kind: CertificateKind = 'good'): Certificates {
  mkdirSync(directory, {recursive: true});
  const files = {
    caFile: join(directory, 'ca.pem'),
    certificateFile: join(directory, 'server.pem'),
    keyFile: join(directory, 'server.key'),
  };
  const known = made.get(kind);
  if (known === undefined) {
    makeFiles(directory, kind);
    const names = readdirSync(directory).filter(name => /\.(pem|key)$/.test(name));
    made.set(kind, new Map(names.map(name => [name, readFileSync(join(directory, name), 'utf8')])));
    // A Dovecot's own user reads the certificates too; the keys are for whoever starts it.
  } else
    for (const [name, text] of known)
      writeFileSync(join(directory, name), text, {mode: name.endsWith('.key') ? 0o600 : 0o644});
  return {...files, ca: readFileSync(files.caFile, 'utf8')};
}

function makeFiles(directory: string, kind: CertificateKind): void {
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, {cwd: directory, stdio: ['ignore', 'ignore', 'pipe']});
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '3650',
    '-subj',
    '/CN=test CA',
  );
  if (kind === 'self-signed') {
    openssl(
      'req',
      '-x509',
      ...newKey,
      ...['-keyout', 'server.key', '-out', 'server.pem', '-days', '3650', '-subj', '/CN=localhost'],
      ...['-addext', goodNames],
    );
  } else {
    writeFileSync(join(directory, 'ca.cnf'), authorityConfig);
    writeFileSync(join(directory, 'index'), '');
    writeFileSync(join(directory, 'serial'), '01\n');
    const names = kind === 'wrong-name' ? 'subjectAltName=DNS:mail.elsewhere.example' : goodNames;
    const commonName = kind === 'wrong-name' ? '/CN=mail.elsewhere.example' : '/CN=localhost';
    openssl(
      'req',
      ...(kind === 'weak-key' ? weakKey : newKey),
      ...['-keyout', 'server.key', '-out', 'server.csr', '-subj', commonName, '-addext', names],
    );
    if (kind === 'without-intermediate') makeIntermediate(openssl);
    openssl(
      ...['ca', '-batch', '-notext', '-config', 'ca.cnf', '-in', 'server.csr', '-out', 'server.pem'],
      ...datesOf(kind),
      ...(kind === 'weak-hash' ? ['-md', 'sha1'] : []),
      ...(kind === 'without-intermediate' ? ['-cert', 'middle.pem', '-keyfile', 'middle.key'] : []),
    );
  }
}

function datesOf(kind: CertificateKind): string[] {
  const from = (day: string, to: string) => ['-startdate', `${day}000000Z`, '-enddate', `${to}000000Z`];
  if (kind === 'expired') return from('20200101', '20210101');
  if (kind === 'not-yet-valid') return from('20980101', '20990101');
  return ['-startdate', '20200101000000Z', '-days', '36500'];
}

/** An authority below the known one. */
function makeIntermediate(openssl: (...args: readonly string[]) => void): void {
  const subject = ['-subj', '/CN=test intermediate CA', '-addext', 'basicConstraints=critical,CA:TRUE'];
  openssl('req', ...newKey, '-keyout', 'middle.key', '-out', 'middle.csr', ...subject);
  openssl(
    ...['ca', '-batch', '-notext', '-config', 'ca.cnf', '-in', 'middle.csr', '-out', 'middle.pem'],
    ...datesOf('good'),
  );
}
