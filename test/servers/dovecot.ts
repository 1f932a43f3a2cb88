// A Dovecot of a test's own: its configuration, certificates and mail in a temporary directory, on loopback only.

import {type ChildProcess, execFileSync, spawn} from 'node:child_process';
import {once} from 'node:events';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {createServer, connect as openSocket} from 'node:net';
import {tmpdir, userInfo} from 'node:os';
import {basename, delimiter, join} from 'node:path';
import {describe} from 'vitest';
import {makeCertificates} from './certificates.ts';
import {type DovecotOptions, dovecotConfig} from './dovecot-config.ts';

export type {DovecotOptions} from './dovecot-config.ts';

export type Dovecot = {
  readonly host: '127.0.0.1';
  /** Plain, with STARTTLS. */
  readonly imapPort: number;
  /** TLS from the first byte. */
  readonly imapsPort: number;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly caFile: string;
  readonly directory: string;
  readonly pid: number;
  /** Dovecot's own log so far. */
  log(): string;
  /** Ends it and removes its directory. */
  stop(): Promise<void>;
  /** Ends it at once, connections too, as a power cut would; the mail stays for `restart`. */
  kill(): Promise<void>;
  /** Starts it again on the same ports with the same mail, after `kill`. */
  restart(): Promise<void>;
};

/** Debian keeps daemons in sbin, which is not on an ordinary user's PATH. */
function findDovecot(): string | undefined {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/opt/homebrew/sbin',
  ];
  return folders
    .filter(folder => folder !== '')
    .map(folder => join(folder, 'dovecot'))
    .find(file => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

const program = findDovecot();
const required = process.env['MAILFERRY_CI'] !== undefined;

export const dovecotAvailable = program !== undefined;

/** As it says it itself, for example `2.3.19.1`; 'none' where there is none. */
export function dovecotVersion(): string {
  if (program === undefined) return 'none';
  return execFileSync(program, ['--version'], {encoding: 'utf8'}).split(' ')[0]?.trim() ?? '';
}

/**
 * `describe` for tests that need Dovecot. Where it is missing they are skipped with a line that says so; where
 * MAILFERRY_CI is set (.ci/run sets it) they fail instead, so that nothing is skipped unseen.
 */
export function describeDovecot(name: string, tests: () => void): void {
  if (dovecotAvailable || required) {
    describe(name, tests);
    return;
  }
  process.stderr.write(
    `\nSKIPPED: "${name}" needs Dovecot, which is not installed (apt-get install dovecot-imapd)\n`,
  );
  describe.skip(name, tests);
}

/** Two, which are held until both are known: what is given back is soon given out again. */
async function freePorts(): Promise<{imapPort: number; imapsPort: number}> {
  const held = [createServer(), createServer()];
  const [imapPort = 0, imapsPort = 0] = await Promise.all(
    held.map(async server => {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const address = server.address();
      return address !== null && typeof address === 'object' ? address.port : 0;
    }),
  );
  await Promise.all(held.map(server => once(server.close(), 'close')));
  return {imapPort, imapsPort};
}

/** Settles with whether a greeting came that has this word: another server may have taken the port. */
function greets(port: number, word: string): Promise<boolean> {
  const {promise, resolve} = Promise.withResolvers<boolean>();
  const socket = openSocket({host: '127.0.0.1', port});
  socket.once('data', data => resolve(data.toString().startsWith('* OK') && data.toString().includes(word)));
  socket.once('error', () => resolve(false));
  socket.once('close', () => resolve(false));
  // Where TLS is spoken nobody greets first.
  socket.setTimeout(2000, () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** Runs "$0" "$@"; when the pipe on descriptor 3 ends, since the tests died, so does the process group. */
const guarded = '(read -r line <&3; kill -KILL 0) & exec "$0" "$@" 3<&-';

const pause = (milliseconds: number) => new Promise(done => setTimeout(done, milliseconds));

const ended = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function waitForGreeting(
  child: ChildProcess,
  {port, word}: {readonly port: number; readonly word: string},
  log: () => string,
): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!ended(child)) {
    if (await greets(port, word)) return;
    if (Date.now() > deadline) break;
    await pause(10);
  }
  killGroup(child);
  throw new Error(`Dovecot does not answer on port ${port}:\n${log()}`);
}

/** Ends the process group: login and mail processes are children of the master and share its group. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Already gone.
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  const gone = ended(child) ? Promise.resolve() : new Promise(done => child.once('exit', done));
  killGroup(child);
  await gone;
}

/** Starts a Dovecot and waits until it greets. Throws with Dovecot's log where it does not come up. */
export async function startDovecot(options: DovecotOptions = {}): Promise<Dovecot> {
  if (program === undefined) throw new Error('Dovecot is not installed: apt-get install dovecot-imapd');
  const directory = mkdtempSync(join(tmpdir(), 'mf-dovecot-'));
  for (const folder of ['run', 'state', 'mail', 'home']) mkdirSync(join(directory, folder));
  // Dovecot serves no mail as root ("userdb returned 0 as uid"), so there the mail is nobody's.
  const root = process.getuid?.() === 0;
  const {uid, gid} = root ? {uid: 65_534, gid: 65_534} : userInfo();
  if (root) {
    chmodSync(directory, 0o755);
    for (const folder of ['mail', 'home']) chownSync(join(directory, folder), uid, gid);
  }
  const certificates = makeCertificates(join(directory, 'tls'), options.certificate);
  const configFile = join(directory, 'dovecot.conf');
  const logFile = join(directory, 'dovecot.log');
  const log = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  if (options.passwords) {
    const lines = Object.entries(options.passwords).map(
      ([user, password]) => `${user}:{PLAIN.B64}${Buffer.from(password).toString('base64')}`,
    );
    writeFileSync(join(directory, 'passwords'), `${lines.join('\n')}\n`);
  }

  const launch = async (ports: {imapPort: number; imapsPort: number}): Promise<ChildProcess> => {
    writeFileSync(
      configFile,
      dovecotConfig(options, {
        ...ports,
        directory,
        certificates,
        uid,
        gid,
        ...(root ? {} : {runBy: {user: userInfo().username, group: groupName(gid)}}),
      }),
    );
    let messages = '';
    const child = spawn('sh', ['-c', guarded, program, '-F', '-c', configFile], {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    child.stderr?.on('data', data => {
      messages += String(data);
    });
    await waitForGreeting(child, {port: ports.imapPort, word: basename(directory)}, () => messages + log());
    return child;
  };

  let ports = {imapPort: 0, imapsPort: 0};
  let running: ChildProcess | undefined;
  // A port found free may be taken by someone else before Dovecot binds it.
  for (let attempt = 1; running === undefined; attempt += 1) {
    ports = await freePorts();
    try {
      running = await launch(ports);
    } catch (error) {
      if (attempt < 4 && /already in use/i.test(String(error))) continue;
      rmSync(directory, {recursive: true, force: true});
      throw error;
    }
  }

  let child = running;
  return {
    host: '127.0.0.1',
    ...ports,
    ca: certificates.ca,
    caFile: certificates.caFile,
    directory,
    get pid() {
      return child.pid ?? 0;
    },
    log,
    async stop() {
      // Not SIGTERM: Dovecot would take a second over it, to no use here.
      await endGroup(child);
      rmSync(directory, {recursive: true, force: true, maxRetries: 5});
    },
    kill: () => endGroup(child),
    async restart() {
      // Those that the signal reaches last may still answer at their sockets, and a new master refuses to share those.
      rmSync(join(directory, 'run'), {recursive: true, force: true, maxRetries: 5});
      mkdirSync(join(directory, 'run'));
      child = await launch(ports);
    },
  };
}

function groupName(gid: number): string {
  const line = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .find(entry => entry.split(':')[2] === String(gid));
  return line?.split(':')[0] ?? String(gid);
}
