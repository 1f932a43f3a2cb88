// A machine whose clock stands still and whose waits are over at once.
import type {System} from '../../source/program/system.ts';
import {fakeFiles} from '../wizard/fakes.ts';

const never = () => () => undefined;

/** @param files by absolute path; relative ones start at /desk */
export function fakeSystem(files: Record<string, string>): System {
  return {
    env: {},
    version: '0',
    pid: 1,
    platform: 'linux',
    self: [],
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    files: fakeFiles(files),
    openPage: () => false,
    now: () => Date.UTC(2026, 10, 22),
    elapsed: () => 0,
    random: () => 0.5,
    schedule: never,
    sleep: () => Promise.resolve(),
    keepSmall: () => undefined,
    keepAlive: never,
    onCrash: never,
    onStopSignal: never,
  };
}
