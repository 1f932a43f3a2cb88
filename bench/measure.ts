// Runs programs side by side and says what they took: time, CPU, memory.
import {type ChildProcess, spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';

export type Command = {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Exit codes that mean success; 0 where not given. */
  readonly good?: readonly number[];
};

export type Taken = {
  readonly seconds: number;
  /** User and system time of all of them. */
  readonly cpuSeconds: number;
  /** Sum of the largest resident sets, MB of 10^6 bytes; NaN where the system has no /proc. */
  readonly peakMb: number;
};

/** POSIX: the second line of `times` is what the children took. */
const wrapped = '"$@" 3>&-; code=$?; times >&3; exit $code';
const lookEveryMs = 5;

/**
 * Runs the commands at the same time to their ends.
 * @throws where one fails or the signal comes; none of them runs on then
 */
export async function measure(
  commands: readonly Command[],
  cwd: string,
  signal: AbortSignal,
): Promise<Taken> {
  const start = performance.now();
  const running = commands.map(command => run(command, cwd));
  const stopAll = () => {
    for (const {stop} of running) stop();
  };
  signal.addEventListener('abort', stopAll, {once: true});
  try {
    const ends = await Promise.all(running.map(({done}) => done));
    return {
      seconds: Math.max(...ends.map(end => end.at - start)) / 1_000,
      cpuSeconds: ends.reduce((sum, end) => sum + end.cpuSeconds, 0),
      peakMb: ends.reduce((sum, end) => sum + end.peakMb, 0),
    };
  } finally {
    signal.removeEventListener('abort', stopAll);
    stopAll();
  }
}

function run(command: Command, cwd: string) {
  const child = spawn('sh', ['-c', wrapped, 'sh', command.file, ...command.args], {
    cwd,
    env: {...command.env},
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // A group of its own, so that the program behind the shell can be ended with it.
    detached: true,
  });
  const texts = ['', '', '', ''];
  for (const index of [1, 2, 3])
    child.stdio[index]?.on('data', data => {
      texts[index] = ((texts[index] ?? '') + String(data)).slice(-4_000);
    });
  const memory = watchMemory(child);
  const {
    promise: done,
    resolve,
    reject,
  } = Promise.withResolvers<{at: number; cpuSeconds: number; peakMb: number}>();
  let at = 0;
  let gone = false;
  child.once('error', reject);
  child.once('exit', () => {
    at = performance.now();
  });
  child.once('close', code => {
    gone = true;
    const peakMb = memory();
    if (code !== null && (command.good ?? [0]).includes(code))
      resolve({at, cpuSeconds: cpuSeconds(texts[3] ?? ''), peakMb});
    else reject(new Error(`${command.file} ended with ${code}:\n${texts[1]}\n${texts[2]}`));
  });
  done.catch(() => undefined);
  const stop = () => {
    if (gone || child.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // Already gone.
    }
  };
  return {done, stop};
}

/** Of `times`' second line, for example '0m1.52s 0m0.31s'. */
function cpuSeconds(text: string): number {
  const line = text.trim().split('\n')[1] ?? '';
  return [...line.matchAll(/(\d+)m([\d.,]+)s/g)].reduce(
    (sum, [, minutes, seconds = '']) => sum + Number(minutes) * 60 + Number(seconds.replace(',', '.')),
    0,
  );
}

/** Looks at the largest resident set of the shell's child until told to end. */
function watchMemory(shell: ChildProcess): () => number {
  let child: string | undefined;
  let peak = Number.NaN;
  const look = () => {
    try {
      child ??= readFileSync(`/proc/${shell.pid}/task/${shell.pid}/children`, 'utf8').trim().split(' ')[0];
      if (child === undefined || child === '') {
        child = undefined;
        return;
      }
      const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child}/status`, 'utf8'));
      if (found !== null) peak = (Number(found[1]) * 1_024) / 1e6;
    } catch {
      // Not begun, already ended, or no /proc here.
    }
  };
  const timer = setInterval(look, lookEveryMs);
  return () => {
    clearInterval(timer);
    return peak;
  };
}
