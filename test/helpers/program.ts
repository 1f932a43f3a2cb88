// Runs the built program as a person or a script would.
import {type ChildProcess, spawn} from 'node:child_process';
import {fileURLToPath} from 'node:url';

/** The file that `npx mailferry` runs. Run it with `process.execPath`. */
export const program = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

export type ProgramOptions = {
  /** Given on standard input, which then ends. Where not given standard input is empty. */
  readonly input?: string;
  /** On top of the clean environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** After so long it is killed and the promise rejects; `patience` where not given. */
  readonly timeoutMs?: number;
};

export type ProgramResult = {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type RunningProgram = {
  readonly child: ChildProcess;
  readonly done: Promise<ProgramResult>;
  /** Settles when standard output holds the text; rejects where the program ends without it. */
  waitForOutput(text: string | RegExp): Promise<void>;
};

/** The tests' environment without what changes colours, characters, certificates or interactivity. */
export function cleanEnvironment(extra: ProgramOptions['env'] = {}): Record<string, string> {
  const unwanted = new Set([
    'CI',
    'MAILFERRY_CI',
    'NO_COLOR',
    'FORCE_COLOR',
    'NODE_EXTRA_CA_CERTS',
    'NODE_OPTIONS',
    'LC_ALL',
    'LC_CTYPE',
    'LANG',
  ]);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries({...process.env, ...extra})) {
    if (value === undefined) continue;
    if (unwanted.has(name) && extra[name] === undefined) continue;
    if (/^(VITEST|NODE_ENV$|npm_)/.test(name) && extra[name] === undefined) continue;
    environment[name] = value;
  }
  return environment;
}

/**
 * ms. A run that is looked at by others lives as long as they take, beside whatever else the machine does; less than a
 * test has, so that what it printed is told.
 */
const patience = 150_000;

/** Starts mailferry without a terminal. `done` rejects where it takes too long, with what it printed. */
export function startMailferry(args: readonly string[], options: ProgramOptions = {}): RunningProgram {
  const child = spawn(process.execPath, [program, ...args], {
    env: cleanEnvironment(options.env),
    ...(options.cwd === undefined ? {} : {cwd: options.cwd}),
    stdio: 'pipe',
  });
  const printed = {stdout: '', stderr: ''};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed.stderr += text;
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');

  const {promise: done, resolve, reject} = Promise.withResolvers<ProgramResult>();
  const timeoutMs = options.timeoutMs ?? patience;
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    const said = `standard output:\n${printed.stdout}\nstandard error:\n${printed.stderr}`;
    reject(new Error(`mailferry ${args.join(' ')} did not end within ${timeoutMs} ms\n${said}`));
  }, timeoutMs);
  child.once('error', reject);
  child.once('close', (code, signal) => {
    clearTimeout(timer);
    resolve({code, signal, ...printed});
  });
  done.catch(() => undefined);

  return {
    child,
    done,
    async waitForOutput(text) {
      const holds = () =>
        typeof text === 'string' ? printed.stdout.includes(text) : text.test(printed.stdout);
      const {promise, resolve: found, reject: missing} = Promise.withResolvers<void>();
      const look = () => {
        if (holds()) found();
      };
      child.stdout.on('data', look);
      look();
      done.then(
        result =>
          holds()
            ? found()
            : missing(new Error(`It ended without ${text}:\n${result.stdout}\n${result.stderr}`)),
        missing,
      );
      await promise.finally(() => child.stdout.off('data', look));
    },
  };
}

/** Runs mailferry without a terminal to its end. */
export function runMailferry(args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  return startMailferry(args, options).done;
}
