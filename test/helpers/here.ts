// Carries out a command line of mailferry in this process, on a machine made of the test's own streams, folder and
// environment. What needs a process (signals, terminals, what others see of it) runs the built program: program.ts.
import {readFileSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {homedir} from 'node:os';
import {Readable, Writable} from 'node:stream';
import {setTimeout as wait} from 'node:timers/promises';
import {carryOut} from '../../source/carry-out.ts';
import {isSameFile, writePrivateFile} from '../../source/program/private-file.ts';
import {readBoundedFile} from '../../source/program/read-file.ts';
import type {System} from '../../source/program/system.ts';
import {mostCsvBytes} from '../../source/request/csv/size.ts';
import {useAsciiSymbols} from '../../source/ui/theme.ts';
import {cleanEnvironment, type ProgramOptions, type ProgramResult, program} from './program.ts';

export type HereOptions = Omit<ProgramOptions, 'timeoutMs'>;

const {version} = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** Settles with what a process of its own would have printed and ended with. */
export async function carryOutHere(
  args: readonly string[],
  {input = '', env = {}, cwd = process.cwd()}: HereOptions = {},
): Promise<ProgramResult> {
  const [stdout, stderr] = [new Kept(), new Kept()];
  const system: System = {
    env: cleanEnvironment(env),
    version,
    pid: process.pid,
    platform: process.platform,
    self: [process.execPath, program],
    stdin: noTerminal<NodeJS.ReadStream>(Readable.from(input === '' ? [] : [Buffer.from(input)])),
    stdout: noTerminal<NodeJS.WriteStream>(stdout),
    stderr: noTerminal<NodeJS.WriteStream>(stderr),
    files: {
      home: homedir(),
      workingDirectory: cwd,
      read: path => readBoundedFile(path, mostCsvBytes),
      write: writePrivateFile,
      isSame: isSameFile,
      list: async directory =>
        (await readdir(directory, {withFileTypes: true})).map(entry => ({
          name: entry.name,
          isDirectory: entry.isDirectory(),
        })),
    },
    openPage: () => false,
    now: Date.now,
    elapsed: () => Math.round(performance.now()),
    random: Math.random,
    schedule: (callback, ms) => {
      const timer = setTimeout(callback, ms);
      return () => clearTimeout(timer);
    },
    sleep: async (ms, signal) => {
      await wait(ms, undefined, {signal});
    },
    keepSmall: () => undefined,
    keepAlive: () => () => undefined,
    onCrash: () => () => undefined,
    onStopSignal: () => () => undefined,
  };
  try {
    const code = await carryOut(args, system, () => undefined);
    return {code, signal: null, stdout: stdout.text(), stderr: stderr.text()};
  } finally {
    // They are the whole process's, which goes on with other tests.
    useAsciiSymbols(false);
  }
}

class Kept extends Writable {
  readonly #pieces: Buffer[] = [];

  override _write(piece: Buffer | string, _encoding: BufferEncoding, done: () => void): void {
    this.#pieces.push(Buffer.from(piece));
    done();
  }

  text(): string {
    return Buffer.concat(this.#pieces).toString('utf8');
  }
}

/** A pipe has what a terminal has but for the keys and the size, which nobody asks a pipe for. */
function noTerminal<Stream>(pipe: Readable | Writable): Stream {
  return Object.assign(pipe, {isTTY: false}) as unknown as Stream;
}
