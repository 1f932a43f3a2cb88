// A real Secret Service of a test's own: a session bus and a gnome-keyring in it, unlocked, with a home of their own.
import {type ChildProcess, spawn, spawnSync} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {describe} from 'vitest';

export type Keyring = {
  /** The variables with which a program finds it. */
  readonly env: Readonly<Record<string, string>>;
  /** What `secret-tool`, which shares no code with the program, has under a name of the service. */
  lookup(service: string, name: string): string;
  /** Ends it; its home stays for another one. */
  end(): Promise<void>;
  /** Ends it and removes its home. */
  stop(): Promise<void>;
};

const needed = ['dbus-run-session', 'gnome-keyring-daemon', 'secret-tool'];
const missing = needed.filter(name => spawnSync('sh', ['-c', `command -v ${name}`]).status !== 0);

/** Skipped with a loud line where there is no gnome-keyring; on a build machine it fails there. */
export function describeKeyring(name: string, tests: () => void): void {
  if (missing.length === 0 || process.env['MAILFERRY_CI'] !== undefined) {
    describe(name, tests);
    return;
  }
  process.stderr.write(
    `\nSKIPPED: "${name}" needs ${missing.join(', ')} (apt-get install dbus gnome-keyring libsecret-tools)\n`,
  );
  describe.skip(name, tests);
}

// The bus ends with the last command, and that with its standard input; the keyring ends with the bus.
const session = (unlock: boolean) => `
${unlock ? "printf 'keyring-pass' | gnome-keyring-daemon --unlock --components=secrets" : 'gnome-keyring-daemon --start --components=secrets'} >/dev/null 2>&1
printf '%s\\n' "$DBUS_SESSION_BUS_ADDRESS"
exec cat >/dev/null
`;

/** @param like another one whose home is taken, so that its entries are there: locked, until a person unlocks it */
export async function startKeyring(like?: Keyring): Promise<Keyring> {
  const home = like?.env['HOME'] ?? mkdtempSync(join(tmpdir(), 'mf-keyring-'));
  const runtime = mkdtempSync(join(tmpdir(), 'mf-run-'));
  const own = {HOME: home, XDG_RUNTIME_DIR: runtime, XDG_DATA_HOME: join(home, 'data')};
  const child: ChildProcess = spawn('dbus-run-session', ['--', 'sh', '-c', session(like === undefined)], {
    env: {PATH: process.env['PATH'], LANG: 'C.UTF-8', ...own},
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  if (child.stdout === null) throw new Error('no standard output');
  const [address] = (await once(createInterface({input: child.stdout}), 'line')) as [string];
  const env = {...own, DBUS_SESSION_BUS_ADDRESS: address};
  const end = async () => {
    const ended = once(child, 'exit');
    child.stdin?.end();
    await ended;
    rmSync(runtime, {recursive: true, force: true, maxRetries: 5});
  };
  return {
    env,
    lookup: (service, name) =>
      spawnSync('secret-tool', ['lookup', 'service', service, 'username', name], {
        env: {PATH: process.env['PATH'], ...env},
        encoding: 'utf8',
      }).stdout,
    end,
    async stop() {
      await end();
      rmSync(home, {recursive: true, force: true, maxRetries: 5});
    },
  };
}
