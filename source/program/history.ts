// The list of runs: one small file each, written when a run starts and when it ends. A run without an end was
// broken off; it is offered for going on.

import {readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type TypedCommand, typedCommand} from '../command-line/typed-command.ts';
import {isShared, makeFolder} from '../files/make-folder.ts';
import {replacePrivate} from '../files/replace-private.ts';
import {runFolder} from '../live/folder.ts';
import {diskReason} from '../report/report-error.ts';
import {UsageProblem} from './system.ts';

export type RunRecord = {
  readonly version: 1;
  readonly run: string;
  /** The CSV's absolute path, or the profile's name. */
  readonly from: string;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly exitCode?: number;
  readonly requests: number;
  readonly processed: number;
  readonly reports?: string;
  /** Requests that ended Failed, Invalid or with failed messages. */
  readonly failed?: number;
  /** Messages of all requests, once the run has ended. */
  readonly counts?: {readonly selected: number; readonly arrived: number; readonly failed: number};
  /** The run whose failures it tried again: it has only those requests. */
  readonly retryOf?: string;
  /** The options it went by, as a profile keeps them; what resumes it goes by them too. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The working directory that it was first started in: relative paths in its file begin there. */
  readonly folder?: string;
  /** What was asked, without passwords (kept-requests.ts); absent where a file has it. */
  readonly asked?: readonly unknown[];
};

export type History = {
  /** The folder that it is in. */
  readonly state: string;
  /** How a command is typed that finds these runs. */
  readonly command: TypedCommand;
  /**
   * Takes the name for this process alone, where no other has it: two that start at once do not write one report.
   * @throws UsageProblem where the state folder cannot be written
   */
  take(run: string): boolean;
  /** @throws UsageProblem where the state folder cannot be written */
  write(record: RunRecord): void;
  /** Forgets a run that did not begin. */
  remove(run: string): void;
  /** Newest first. A file that cannot be read is passed over. */
  list(): readonly RunRecord[];
  get(run: string): RunRecord | undefined;
};

export function openHistory(state: string, command: TypedCommand = typedCommand()): History {
  const folder = join(state, 'runs');
  const list = (): RunRecord[] => {
    let names: string[];
    try {
      names = readdirSync(folder);
    } catch {
      return [];
    }
    return names
      .filter(name => name.endsWith('.json'))
      .flatMap(name => {
        try {
          return recordsIn(JSON.parse(readFileSync(join(folder, name), 'utf8'))).filter(
            ({run}) => `${run}.json` === name && isRunName(run),
          );
        } catch {
          return [];
        }
      })
      .sort((one, other) => other.startedAt - one.startedAt);
  };
  const attempt = (work: () => void) => {
    try {
      makeFolder(folder);
      if (isShared(folder)) throw sharedState(state);
      work();
    } catch (error) {
      if (error instanceof UsageProblem) throw error;
      throw new UsageProblem(
        `The state folder ${state} cannot be written: ${diskReason(error)}. Make it writable, or choose another with --state.`,
      );
    }
  };
  const fileOf = (run: string) => join(folder, `${run}.json`);
  return {
    ...{state, command},
    take: run => {
      let taken = true;
      attempt(() => {
        try {
          writeFileSync(fileOf(run), '', {flag: 'wx', mode: 0o600});
        } catch (error) {
          if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
          taken = false;
        }
      });
      return taken;
    },
    write: record =>
      attempt(() => {
        const file = fileOf(record.run);
        // On disk before it takes the old one's place: a power cut must not leave an empty record.
        replacePrivate(file, `${JSON.stringify(record, null, 2)}\n`, true);
      }),
    remove: run => {
      rmSync(fileOf(run), {force: true});
      rmSync(runFolder(state, run), {recursive: true, force: true});
    },
    list,
    get: run => list().find(record => record.run === run),
  };
}

function sharedState(state: string): UsageProblem {
  return new UsageProblem(
    `The state folder ${state} is not safe: everybody on this machine may write to it or put another in its place. Take that right away (chmod o-w), or choose another with --state.`,
  );
}

/** By hand: the list of runs is asked for before anything that brings a validator along. */
function recordsIn(value: unknown): RunRecord[] {
  if (typeof value !== 'object' || value === null) return [];
  const {
    version,
    run,
    from,
    startedAt,
    endedAt,
    exitCode,
    requests,
    processed,
    reports,
    failed,
    options,
    folder,
    asked,
  } = value as Readonly<Record<string, unknown>>;
  const counts = countsIn(value);
  if (version !== 1 || typeof run !== 'string' || typeof from !== 'string') return [];
  if (!isNumber(startedAt) || !isNumber(requests) || !isNumber(processed)) return [];
  if (endedAt !== undefined && !isNumber(endedAt)) return [];
  if (exitCode !== undefined && !isNumber(exitCode)) return [];
  if (reports !== undefined && typeof reports !== 'string') return [];
  if (failed !== undefined && !isNumber(failed)) return [];
  const retryOf = 'retryOf' in value && typeof value.retryOf === 'string' ? value.retryOf : undefined;
  return [
    {
      ...{version, run, from, startedAt, requests, processed},
      ...(endedAt === undefined ? {} : {endedAt}),
      ...(exitCode === undefined ? {} : {exitCode}),
      ...(reports === undefined ? {} : {reports}),
      ...(failed === undefined ? {} : {failed}),
      ...(counts === undefined ? {} : {counts}),
      ...(retryOf === undefined ? {} : {retryOf}),
      ...(typeof options === 'object' && options !== null ? {options: {...options}} : {}),
      ...(typeof folder === 'string' ? {folder} : {}),
      ...(Array.isArray(asked) ? {asked} : {}),
    },
  ];
}

function countsIn(value: object): RunRecord['counts'] {
  const counts = 'counts' in value ? value.counts : undefined;
  if (typeof counts !== 'object' || counts === null) return undefined;
  const {selected, arrived, failed} = counts as Readonly<Record<string, unknown>>;
  return isNumber(selected) && isNumber(arrived) && isNumber(failed)
    ? {selected, arrived, failed}
    : undefined;
}

/** One that cannot be shown, or that leads out of the folder, is none of ours. */
function isRunName(name: string): boolean {
  return name.isWellFormed() && !/[\p{C}\u2028\u2029/\\]|^\./u.test(name);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

/** Broken off, or stopped by the user: running it again goes on. A later run from the same place takes its turn. */
export function unfinished(records: readonly RunRecord[]): RunRecord[] {
  const latest = new Map<string, RunRecord>();
  for (const record of records) if (!latest.has(record.from)) latest.set(record.from, record);
  return [...latest.values()].filter(record => record.exitCode === undefined || record.exitCode === 130);
}

/** '2026-11-23-0712-users': sorts by time, says what; the first one that `take` takes. */
export function runName(at: number, from: string, take: (name: string) => boolean): string {
  const date = new Date(at);
  const two = (number: number) => String(number).padStart(2, '0');
  const stamp = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}-${two(date.getHours())}${two(date.getMinutes())}`;
  const what = (from.split(/[/\\]/).at(-1) ?? '')
    .replace(/\.csv$/i, '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const name = what === '' ? stamp : `${stamp}-${what}`;
  for (let number = 2; ; number++) {
    const tried = number === 2 ? name : `${name}-${number - 1}`;
    if (take(tried)) return tried;
  }
}
