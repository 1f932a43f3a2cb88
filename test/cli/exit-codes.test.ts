// The exit codes, each as its caller sees it: what the servers do, and what the program ends with.
import {execFileSync} from 'node:child_process';
import {open} from 'node:fs/promises';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {exitCodes} from '../../source/command-line/commands.ts';
import type {ProgramResult} from '../helpers/program.ts';
import {fallSilent, type HostileServer, type Hostility, smallMail, startHostile} from '../servers/hostile.ts';
import {newPlace, type Row, requestRow} from './place.ts';

/** What the program ended with, which its last line says too. */
function codeOf({code, stdout}: ProgramResult): number | null {
  const last = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as {readonly exitCode?: number};
  expect(last.exitCode).toBe(code);
  return code;
}

/** How the source behaves. */
const ways = {
  honest: () => undefined,
  silent: ({command}) => (/^(LIST|EXAMINE)/.test(command) ? fallSilent : undefined),
  refusing: ({command, tag}) =>
    /^LOGIN/.test(command) ? `${tag} NO [AUTHENTICATIONFAILED] no\r\n` : undefined,
  withholding: ({command, tag}) => (/BODY\.PEEK\[\]/.test(command) ? `${tag} OK nothing\r\n` : undefined),
  hurting: ({command}) => (/^LIST/.test(command) ? `* LIST () "/" {99999999999}\r\n` : undefined),
} as const satisfies Readonly<Record<string, Hostility>>;
type Way = keyof typeof ways | 'gone';

type Case = {
  readonly sources: readonly Way[];
  readonly run?: number;
  readonly check?: number;
  /** Stopped once the first mailbox is at work. */
  readonly stopped?: true;
  readonly args?: readonly string[];
  readonly changes?: Row;
};

const cases: Readonly<Record<string, Case>> = {
  'all is well': {sources: ['honest'], run: 0, check: 0},
  'a message is not given': {sources: ['withholding', 'honest'], run: 3, check: 0},
  'one of two cannot be signed in to': {sources: ['refusing', 'honest'], run: 3, check: 3},
  // A run tries such a server again for minutes.
  'one of two lies about lengths': {sources: ['hurting', 'honest'], check: 3},
  'none can be signed in to': {sources: ['refusing'], run: 4, check: 4},
  'none can be reached': {sources: ['gone', 'gone'], run: 4, check: 4},
  'a row is invalid': {sources: ['honest'], run: 2, check: 2, changes: {'Destination folder': 'Inbox'}},
  'an option is none': {sources: ['honest'], run: 2, check: 2, args: ['--quick']},
  'it is stopped': {sources: ['silent', 'silent'], run: 130, check: 130, stopped: true},
};

describe('the exit code', () => {
  const servers = new Map<string, HostileServer>();
  const user = 'ann';
  beforeAll(async () => {
    for (const [way, lies] of Object.entries(ways))
      servers.set(way, await startHostile(`${user}@baya.com`, {INBOX: [smallMail(1), smallMail(2)]}, lies));
    const gone = await startHostile(`${user}@baya.com`, {}, ways.honest);
    await gone.stop();
    servers.set('gone', gone);
    servers.set('destination', await startHostile(`${user}@vault.example`, {}, ways.honest));
  });
  afterAll(() =>
    Promise.all([...servers].map(([way, server]) => (way === 'gone' ? undefined : server.stop()))),
  );

  const server = (name: string) => {
    const found = servers.get(name);
    if (found === undefined) throw new Error(`There is no server ${name}`);
    return found;
  };

  async function ended(command: 'run' | 'check', {sources, stopped, args = [], changes}: Case) {
    const place = newPlace();
    const csv = place.csv(
      sources.map((way, index) =>
        requestRow(server(way), server('destination'), user, {
          // Each case and row in a folder of its own.
          'Destination folder': `${place.directory.split('-').at(-1)}${index}`,
          ...changes,
        }),
      ),
    );
    const go = command === 'run' ? ['--yes'] : [];
    const all = [command, csv, '--no-input', '--output', 'jsonl', ...go, ...args];
    // The run shows that it is the process's own; what a check comes to is not handed on in another way.
    if (command === 'check' && !stopped) return codeOf(await place.here(all));
    const running = place.start(all);
    if (stopped) {
      await running.waitForOutput(command === 'run' ? 'Verifying' : 'check-started');
      running.child.kill('SIGINT');
    }
    return codeOf(await running.done);
  }

  it.each(Object.entries(cases))('where %s', async (_, each) => {
    const code = (command: 'run' | 'check') =>
      each[command] === undefined ? undefined : ended(command, each);
    const [run, check] = await Promise.all([code('run'), code('check')]);
    expect({run, check}).toEqual({run: each.run, check: each.check});
  });

  // Loading takes half a second: a pipe that nobody writes to holds it there.
  it.each(['SIGINT', 'SIGTERM'] as const)('where %s comes before it has read its file', async signal => {
    const place = newPlace();
    const pipe = join(place.directory, 'held.csv');
    execFileSync('mkfifo', [pipe]);
    const ended = await Promise.all(
      (['run', 'check'] as const).map(async (command, index) => {
        const own = index === 0 ? pipe : `${pipe}2`;
        if (index > 0) execFileSync('mkfifo', [own]);
        const running = place.start([command, own, '--no-input', ...(command === 'run' ? ['--yes'] : [])]);
        // Opened when the program has opened it too.
        const held = await open(own, 'w');
        running.child.kill(signal);
        await held.close();
        const {code, stdout, stderr} = await running.done;
        return {code, stdout, stderr};
      }),
    );
    expect(ended).toEqual(ended.map(() => ({code: 130, stdout: '', stderr: ''})));
  });

  it('has a case for each there is, but the one of a bug', () => {
    const tried = new Set(
      Object.values(cases).flatMap(({run, check = run}) => (run === undefined ? [check] : [run, check])),
    );
    expect([...tried].sort()).toEqual(
      exitCodes
        .map(({code}) => code)
        .filter(code => code !== 1)
        .sort(),
    );
  });
});
