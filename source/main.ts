// The program: takes the machine as it is, has the command line carried out on it, sets the exit code. Process, streams,
// time and chance enter here and nowhere else.
import {readFileSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {homedir} from 'node:os';
import {setTimeout as wait} from 'node:timers/promises';
import {setFlagsFromString} from 'node:v8';
import {carryOut} from './carry-out.ts';
import {stopAtOnce} from './early-stop.ts';
import type {PassPoint} from './engine/points.ts';
import {awakeSleep} from './program/awake-sleep.ts';
import {tellLostOutput} from './program/lost-output.ts';
import {openPage} from './program/open-page.ts';
import {isSameFile, writePrivateFile} from './program/private-file.ts';
import {readBoundedFile} from './program/read-file.ts';
import {steadyClock} from './program/steady-clock.ts';
import type {System} from './program/system.ts';
import {mostCsvBytes} from './request/csv/size.ts';

/** @param passed told of each irreversible step of a run */
export async function main(passed?: PassPoint): Promise<void> {
  const system = thisMachine(passed);
  const argv = process.argv.slice(2);
  const carries = ['run', 'resume', 'retry', 'demo'].includes(argv[0] ?? '');
  const lost = tellLostOutput(system, carries ? 'The run goes on to its end and its report.' : '');
  // The lines were all that such a command was for. Its last ones fail after it has ended.
  process.on('exit', code => {
    if (code === 0 && !carries && lost()) process.exitCode = 1;
  });
  process.exitCode = await carryOut(argv, system, () => process.exit(1));
}

function thisMachine(passed: PassPoint | undefined): System {
  const {version} = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const now = steadyClock(Date.now);
  return {
    env: process.env,
    version,
    pid: process.pid,
    platform: process.platform,
    self: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    // Made ready where it is read: that takes its time.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    files: {
      home: homedir(),
      workingDirectory: process.cwd(),
      read: path => readBoundedFile(path, mostCsvBytes),
      write: writePrivateFile,
      isSame: isSameFile,
      list: async directory =>
        (await readdir(directory, {withFileTypes: true})).map(entry => ({
          name: entry.name,
          isDirectory: entry.isDirectory(),
        })),
    },
    openPage: address => openPage(address, process.platform, process.env),
    now,
    elapsed: () => Math.round(performance.now()),
    random: Math.random,
    ...(passed === undefined ? {} : {passed}),
    schedule: (callback, ms) => {
      const timer = setTimeout(callback, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
    keepAlive: () => {
      const timer = setInterval(() => undefined, 3_600_000);
      return () => clearInterval(timer);
    },
    sleep: awakeSleep(async (ms, signal) => {
      await wait(ms, undefined, {signal});
    }, now),
    onStopSignal: listener => {
      const names = ['INT', 'TERM', 'HUP'] as const;
      const listeners = names.map(name => [`SIG${name}`, () => listener(name)] as const);
      for (const [name, heard] of listeners) {
        // when-exit, which conf brings along, listens from its import on and sends each signal once more: one Ctrl+C
        // would count as two.
        process.removeAllListeners(name);
        process.on(name, heard);
      }
      return () => {
        for (const [name, heard] of listeners) process.off(name, heard);
        stopAtOnce();
      };
    },
    // Mail passes through and leaves only garbage: what is young is collected more often, in less memory. A fifth less of
    // it in all, and no slower (measured: fewer pages to be had from the system). A batch lives long enough to count as old,
    // and its buffers stay until the old are collected: that too is done before they have become half as many again, or
    // memory grows with the mail that has passed (214 MB without, 147 MB with it at 100,000 messages; no more CPU).
    keepSmall: () => {
      setFlagsFromString('--semi-space-growth-factor=1');
      setFlagsFromString('--heap-growing-percent=30');
    },
    onCrash: listener => {
      process.on('uncaughtException', listener);
      return () => process.off('uncaughtException', listener);
    },
  };
}
