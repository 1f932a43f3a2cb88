// What the servers allow: measured in the same round as the programs, so that a share of it can be told.
import {execFile} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import type {Task} from './contenders.ts';
import type {Taken} from './measure.ts';

/** As the client takes it, in JSON. */
export type LimitTask = Pick<Task, 'source' | 'destination'> & {
  readonly folders: readonly {readonly name: string; readonly sizes: readonly number[]}[];
};

const program = fileURLToPath(new URL('./limit-client.ts', import.meta.url));
const run = promisify(execFile);

export const limitName = "the servers' limit";

/**
 * Reads the source's mail and stores as much at the destination at the same time, in a process of its own.
 * @throws where a server refuses or the client does not end in time
 */
export async function measureLimit({source, destination, corpus}: Task, timeoutMs: number): Promise<Taken> {
  const task: LimitTask = {
    source,
    destination,
    folders: corpus.folders.map(({name, sizes}) => ({name, sizes})),
  };
  const {stdout} = await run(process.execPath, [program, JSON.stringify(task)], {timeout: timeoutMs});
  return {seconds: Number(stdout), cpuSeconds: Number.NaN, peakMb: Number.NaN};
}
