// The programs that are measured, each told in its own way to carry one mailbox to another, or many.
import {accessSync, constants, mkdirSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {cleanEnvironment, program} from '../test/helpers/program.ts';
import type {Corpus} from './corpus.ts';
import type {Command} from './measure.ts';

type Mailbox = {readonly port: number; readonly user: string};
type Pair = {readonly source: Mailbox; readonly destination: Mailbox};

/** One copy to be made: all on 127.0.0.1, password 'pass'. */
export type Task = Pair & {
  /** Exists, and is this task's own: a second run in it is a second run of the same copy. */
  readonly directory: string;
  /** Of each mailbox. */
  readonly corpus: Corpus;
  /** Further mailboxes beside the first. */
  readonly others: readonly Pair[];
  /** File of the authority that both certificates are from, which each program verifies; without TLS where not given. */
  readonly authority?: string;
};

export type Contender = {
  readonly name: string;
  /** Side by side. */
  readonly processes: number;
  /** What it adds to the header of every message, in bytes. */
  readonly addedBytes?: number;
  /** Its program carries one mailbox in a run: it is left out where there are many. */
  readonly oneMailbox?: true;
  /** Run at the same time; their work together is the copy. */
  commands(task: Task): readonly Command[];
};

const domain = 'bench.example';

/** The user ids of the benchmark have one domain; mailferry takes the two apart. */
export const address = (userId: string) => `${userId}@${domain}`;

const mailferry: Contender = {
  name: 'mailferry',
  processes: 1,
  commands({directory, authority, ...task}) {
    const security = authority === undefined ? 'none' : 'tls';
    const rows = pairs(task).map(({source, destination}) => ({
      'Request type': 'O365-IMAP',
      ...mailferryEnd('Source', source, security),
      ...mailferryEnd('Destination', destination, security),
    }));
    const lines = [Object.keys(rows[0] ?? {}), ...rows.map(row => Object.values(row))];
    const file = join(directory, 'request.csv');
    writeFileSync(file, lines.map(cells => `${cells.join(',')}\n`).join(''));
    const trust = authority === undefined ? [] : ['--ca', authority];
    const args = ['run', file, '--yes', '--output', 'quiet', ...trust];
    const places = ['--state', join(directory, 'state'), '--reports', join(directory, 'reports')];
    const options = (process.env['BENCH_NODE_OPTIONS'] ?? '').split(' ').filter(Boolean);
    return [
      {file: process.execPath, args: [...options, program, ...args, ...places], env: cleanEnvironment()},
    ];
  },
};

const pairs = ({source, destination, others}: Pick<Task, keyof Pair | 'others'>): readonly Pair[] => [
  {source, destination},
  ...others,
];

function mailferryEnd(end: 'Source' | 'Destination', {port, user}: Mailbox, security: string) {
  const server = end === 'Source' ? 'Source Server' : 'Destination server';
  return {
    [`${end} user id`]: user.slice(0, user.indexOf('@')),
    [`${end} domain`]: domain,
    [`${end} user password`]: 'pass',
    [server]: '127.0.0.1',
    [`${end} Server Port`]: port,
    [`${end} security`]: security,
  };
}

function mbsync(file: string, processes: number): Contender {
  return {
    name: processes === 1 ? 'mbsync' : `mbsync x${processes}`,
    processes,
    // "X-TUID: " with twelve characters, by which it finds the UID of what it stored.
    addedBytes: 22,
    commands({directory, authority, ...task}) {
      const state = join(directory, 'mbsync');
      mkdirSync(state, {recursive: true});
      // It looks for names in certificates, not for addresses.
      const tls =
        authority === undefined
          ? 'Host 127.0.0.1\nSSLType None'
          : `Host localhost\nSSLType IMAPS\nCertificateFile ${authority}`;
      const store = (name: string, {port, user}: Mailbox) => `IMAPAccount ${name}
${tls}
Port ${port}
User ${user}
Pass pass
AuthMechs LOGIN
Timeout 120

IMAPStore ${name}
Account ${name}

`;
      const channel = (index: number) => `Channel copy${index}
Far :source${index}:
Near :destination${index}:
Patterns *
Create Near
Sync Pull
CopyArrivalDate yes
SyncState ${state}/${index}-

`;
      const config = join(directory, 'mbsyncrc');
      const all = pairs(task).map(({source, destination}, index) =>
        [store(`source${index}`, source), store(`destination${index}`, destination), channel(index)].join(''),
      );
      writeFileSync(config, all.join(''));
      const channels = all.map((_, index) => `copy${index}`);
      const several = (): readonly (readonly string[])[] =>
        channels.length === 1
          ? dealt(task.corpus, processes).map(names => [`copy0:${names.join(',')}`])
          : Array.from({length: processes}, (_, own) => channels.filter((_, at) => at % processes === own));
      const shares = processes === 1 ? [channels] : several();
      return shares.map(share => ({file, args: ['-q', '-c', config, ...share], env: cleanEnvironment()}));
    },
  };
}

function imapsync(file: string, processes: number): Contender {
  return {
    name: processes === 1 ? 'imapsync' : `imapsync x${processes}`,
    processes,
    oneMailbox: true,
    commands({directory, corpus, source, destination, authority}) {
      const security = (number: 1 | 2) =>
        authority === undefined
          ? [`--nossl${number}`, `--notls${number}`]
          : [`--ssl${number}`, `--sslargs${number}`, `SSL_ca_file=${authority}`];
      const end = (number: 1 | 2, {port, user}: Task['source']) => [
        ...[`--host${number}`, 'localhost', `--port${number}`, String(port), ...security(number)],
        ...[`--user${number}`, user, `--password${number}`, 'pass'],
      ];
      const shares = processes === 1 ? [[]] : dealt(corpus, processes);
      return shares.map((names, index) => {
        const own = join(directory, `imapsync-${index}`);
        mkdirSync(own, {recursive: true});
        const fixed = ['--nolog', '--noreleasecheck', '--useuid', '--usecache', '--tmpdir', own];
        const pid = ['--pidfile', join(own, 'pid')];
        const folders = names.flatMap(name => ['--folder', name]);
        const args = [...end(1, source), ...end(2, destination), ...fixed, ...pid, ...folders];
        return {file, args, env: cleanEnvironment()};
      });
    },
  };
}

/** As its client takes it, in JSON. */
export type ImapflowTask = Pair & {
  readonly shares: readonly (readonly string[])[];
};

/** Not a program that people use, but what one gets by calling imapflow for each message: as many connections as given. */
function imapflow(connections: number): Contender {
  return {
    name: `imapflow x${connections}`,
    processes: 1,
    commands({corpus, source, destination}) {
      const task: ImapflowTask = {source, destination, shares: dealt(corpus, connections)};
      const client = fileURLToPath(new URL('./imapflow-client.ts', import.meta.url));
      return [{file: process.execPath, args: [client, JSON.stringify(task)], env: cleanEnvironment()}];
    },
  };
}

/** Beside the others where the destination takes no batches: mailferry and imapflow with the same number of connections. */
export function onSameConnections(wanted: readonly string[], connections: number): readonly Contender[] {
  const own: Contender = {
    name: `mailferry, ${connections}`,
    processes: 1,
    commands: task =>
      mailferry
        .commands(task)
        .map(command => ({...command, args: [...command.args, '--connections', String(connections)]})),
  };
  const peer = imapflow(connections);
  return wanted.length === 0 || wanted.includes(peer.name) ? [own, peer] : [];
}

/** The folders' names in so many shares, the largest folders first, each to the share that has least. */
function dealt(corpus: Corpus, shares: number): string[][] {
  const hands = Array.from({length: shares}, () => ({names: [] as string[], bytes: 0}));
  for (const folder of [...corpus.folders].sort((one, other) => other.bytes - one.bytes)) {
    const [least] = hands.sort((one, other) => one.bytes - other.bytes);
    least?.names.push(folder.name);
    if (least) least.bytes += folder.bytes;
  }
  return hands.filter(hand => hand.names.length > 0).map(hand => hand.names);
}

function installed(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map(folder => join(folder, name))
    .find(file => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** mailferry first, then every peer found on this machine. */
export function findContenders(wanted: readonly string[]): readonly Contender[] {
  const mbsyncFile = installed('mbsync');
  const imapsyncFile = installed('imapsync');
  const peers = [
    ...(mbsyncFile === undefined ? [] : [mbsync(mbsyncFile, 1), mbsync(mbsyncFile, 5)]),
    ...(imapsyncFile === undefined ? [] : [imapsync(imapsyncFile, 1), imapsync(imapsyncFile, 5)]),
  ];
  return [mailferry, ...peers.filter(({name}) => wanted.length === 0 || wanted.includes(name))];
}
