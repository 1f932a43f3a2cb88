// A place of a test's own for running the program: its CSV, state and reports below one temporary folder.
import {mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {onTestFinished} from 'vitest';
import type {z} from 'zod';
import {jsonLineSchema} from '../../source/lines/run-line-schema.ts';
import {carryOutHere, type HereOptions} from '../helpers/here.ts';
import {
  type ProgramOptions,
  type ProgramResult,
  type RunningProgram,
  runMailferry,
  startMailferry,
} from '../helpers/program.ts';

/** A CSV row by column name. */
export type Row = Readonly<Record<string, string | number>>;

export type Place = {
  readonly directory: string;
  readonly state: string;
  readonly reports: string;
  /** Writes `users.csv` and gives its path. */
  csv(rows: readonly Row[], name?: string): string;
  /** Writes any file and gives its path. */
  file(name: string, text: string): string;
  /** Runs mailferry here to its end, with this place's --state and --reports. */
  run(args: readonly string[], options?: ProgramOptions): Promise<ProgramResult>;
  start(args: readonly string[], options?: ProgramOptions): RunningProgram;
  /** As `run` without a process of its own: a third of the work, where nothing of what is tested needs one. */
  here(args: readonly string[], options?: HereOptions): Promise<ProgramResult>;
  /** Every file below the place, by path, but those of `except`. */
  files(except?: readonly string[]): {readonly path: string; readonly bytes: Buffer}[];
};

/** Removed when the test has ended; outside of one, when `atEnd` says so. */
export function newPlace(atEnd: (remove: () => void) => void = onTestFinished): Place {
  const directory = mkdtempSync(join(tmpdir(), 'mf-cli-'));
  atEnd(() => rmSync(directory, {recursive: true, force: true, maxRetries: 5}));
  const state = join(directory, 'state');
  const reports = join(directory, 'reports');
  const file = (name: string, text: string) => {
    const path = join(directory, name);
    writeFileSync(path, text);
    return path;
  };
  const own = (args: readonly string[]) => [
    ...args,
    ...(args.includes('--state') ? [] : ['--state', state]),
    ...(args.includes('--reports') ? [] : ['--reports', reports]),
  ];
  return {
    directory,
    state,
    reports,
    file,
    csv: (rows, name = 'users.csv') => file(name, csvText(rows)),
    run: (args, options = {}) => runMailferry(own(args), {cwd: directory, ...options}),
    here: (args, options = {}) => carryOutHere(own(args), {cwd: directory, ...options}),
    start: (args, options = {}) => startMailferry(own(args), {cwd: directory, ...options}),
    files: (except = []) =>
      readdirSync(directory, {recursive: true, withFileTypes: true})
        .filter(entry => entry.isFile())
        .map(entry => join(entry.parentPath, entry.name))
        .filter(path => !except.includes(path))
        .map(path => ({path, bytes: readFileSync(path)})),
  };
}

export function csvText(rows: readonly Row[]): string {
  const columns = [...new Set(rows.flatMap(row => Object.keys(row)))];
  const cell = (value: string | number | undefined) => `"${String(value ?? '').replaceAll('"', '""')}"`;
  const lines = [columns, ...rows.map(row => columns.map(column => row[column]))];
  return lines.map(line => `${line.map(cell).join(',')}\n`).join('');
}

type Server = {readonly host: string; readonly imapPort: number};

/** One request without TLS on loopback: `user`@baya.com to `user`@vault.example below Data17012018. */
export function requestRow(source: Server, destination: Server, user: string, changes: Row = {}): Row {
  return {
    'Request type': 'O365-IMAP',
    'Source user id': user,
    'Source domain': 'baya.com',
    'Source user password': 'pass',
    'Source Server': source.host,
    'Source Server Port': source.imapPort,
    'Source security': 'none',
    'Destination user id': user,
    'Destination domain': 'vault.example',
    'Destination user password': 'pass',
    'Destination server': destination.host,
    'Destination Server Port': destination.imapPort,
    'Destination security': 'none',
    'Destination folder': 'Data17012018',
    ...changes,
  };
}

export type JsonLine = z.output<typeof jsonLineSchema>;

/** Each line of `--output jsonl`, as the schema allows it. @throws where one is not */
export function jsonLines(text: string): JsonLine[] {
  return text
    .trimEnd()
    .split('\n')
    .map(line => jsonLineSchema.parse(JSON.parse(line)));
}

export type Summary = {
  readonly version: number;
  readonly run: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly exitCode: number;
  readonly totals: Readonly<Record<string, number>>;
  readonly requests: readonly Readonly<Record<string, unknown>>[];
};

/** summary.json of the newest run. */
export function lastSummary(place: Place): Summary {
  const [newest] = readdirSync(place.reports, {withFileTypes: true})
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort()
    .reverse();
  return JSON.parse(readFileSync(join(place.reports, newest ?? '', 'summary.json'), 'utf8')) as Summary;
}
