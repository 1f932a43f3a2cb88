// Runs the real engine against servers of the tests, and keeps what it told.

import {createHash} from 'node:crypto';
import {mkdirSync, mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {type Order, startBatch} from '../../source/engine/batch.ts';
import type {BatchHandle, BatchResult} from '../../source/engine/batch-control.ts';
import type {RunEvent} from '../../source/engine/events.ts';
import type {Gate} from '../../source/engine/link/gate.ts';
import type {MessageRow} from '../../source/engine/look/listing.ts';
import type {EngineLimits, EnginePorts, EngineSettings, Job} from '../../source/engine/ports.ts';
import type {Request} from '../../source/request/schema.ts';
import {Secret} from '../../source/request/secret.ts';
import type {MailServer} from './imap.ts';

export const limits: EngineLimits = {
  connections: 3,
  memory: 16 * 1024 * 1024,
  connectMs: 10_000,
  inactivityMs: 30_000,
  reconnects: 4,
  settleMs: 4000,
};

export type End = {
  readonly server: MailServer;
  readonly user: string;
  readonly provider?: Request['source']['provider'];
  readonly tls?: boolean;
};

export type JobOptions = Partial<
  Pick<
    Request,
    'destinationFolder' | 'since' | 'before' | 'sourceFolder' | 'include' | 'exclude' | 'withJunk' | 'repair'
  >
> & {
  readonly request?: number;
  readonly password?: string;
  /** How Office 365 is signed in to; 'password' where not given. */
  readonly auth?: Request['source']['auth'];
};

/** A request between two mailboxes; from 'o365' to 'imap' where the ends do not say otherwise. */
export function job(source: End, destination: End, options: JobOptions = {}): Job {
  const {request = 0, password = 'pass', auth = 'password', ...rest} = options;
  const endpoint = (end: End, usual: Request['source']['provider']) => {
    const [userId = '', domain = ''] = end.user.split('@');
    const provider = end.provider ?? usual;
    return {
      provider,
      userId,
      domain,
      server: end.server.host,
      port: end.tls === true ? (end.server.imapsPort ?? 0) : end.server.imapPort,
      security: end.tls === true ? ('tls' as const) : ('none' as const),
      auth: provider === 'o365' ? auth : ('password' as const),
      secret: {kind: 'ask' as const},
    };
  };
  const credentials = (user: string) => ({
    kind: 'password' as const,
    user,
    password: async () => new Secret(password),
  });
  return {
    request,
    what: {
      title: source.user,
      type: 'O365-IMAP',
      source: endpoint(source, 'o365'),
      destination: endpoint(destination, 'imap'),
      destinationFolder: 'Data17012018',
      include: [],
      exclude: [],
      withJunk: false,
      ...rest,
    },
    credentials: {source: credentials(source.user), destination: credentials(destination.user)},
  };
}

export type EngineRun = BatchResult & {
  readonly events: readonly RunEvent[];
  readonly rows: readonly MessageRow[];
};

export type EngineOptions = {
  /** Folder of the ledgers; a fresh one where not given. */
  readonly state?: string;
  readonly run?: string;
  readonly mailboxes?: number;
  readonly order?: Order;
  readonly telling?: Gate;
  readonly dryRun?: boolean;
  readonly disarmReceipts?: boolean;
  readonly compress?: boolean;
  readonly limits?: Partial<EngineLimits>;
  readonly ca?: readonly string[];
  readonly ports?: Partial<EnginePorts>;
  /** False where nobody looks at the events and rows afterwards: they are not kept. */
  readonly keep?: boolean;
  /** Called for each event with the run's handle, to stop or pause it at a chosen moment. */
  readonly on?: (event: RunEvent, handle: BatchHandle) => void;
};

export function freshState(): string {
  return mkdtempSync(join(process.env['MAILFERRY_TEST_STATES'] ?? tmpdir(), 'mailferry-state-'));
}

let runs = 0;

export async function runEngine(jobs: readonly Job[], options: EngineOptions = {}): Promise<EngineRun> {
  const events: RunEvent[] = [];
  const rows: MessageRow[] = [];
  const state = options.state ?? freshState();
  mkdirSync(state, {recursive: true});
  const settings: EngineSettings = {
    run: options.run ?? `run-${++runs}`,
    version: '0.0.0',
    dryRun: options.dryRun ?? false,
    disarmReceipts: options.disarmReceipts ?? false,
    compress: options.compress ?? false,
    ...(options.order === 'newest' ? {newestFirst: true} : {}),
    ca: options.ca ?? [],
    limits: {...limits, ...options.limits},
    ledgerFile: pair => join(state, `${createHash('sha256').update(pair).digest('hex').slice(0, 32)}.sqlite`),
  };
  const ports: EnginePorts = {
    now: Date.now,
    elapsed: () => Math.round(performance.now()),
    random: () => 0.5,
    // A test does not sit through pauses before a reconnect; the short ones of settling are what a server needs.
    sleep: async (ms, signal) => {
      if (ms <= 2000) await wait(ms, undefined, {signal});
      signal.throwIfAborted();
    },
    takeRows: async batch => {
      if (options.keep !== false) rows.push(...batch);
    },
    restartRows: async request => {
      rows.splice(0, rows.length, ...rows.filter(row => row.request !== request));
    },
    ...options.ports,
  };
  let handle: BatchHandle | undefined;
  const early: RunEvent[] = [];
  handle = startBatch(jobs, {
    settings,
    ports,
    mailboxes: options.mailboxes ?? 2,
    ...(options.order === undefined ? {} : {order: options.order}),
    ...(options.telling === undefined ? {} : {telling: options.telling}),
    take: event => {
      if (options.keep !== false) events.push(event);
      if (handle === undefined) early.push(event);
      else options.on?.(event, handle);
    },
  });
  for (const event of early) options.on?.(event, handle);
  const result = await handle.done;
  return {...result, events, rows};
}

/** Events of one type. */
export function eventsOf<Type extends RunEvent['type']>(
  run: {readonly events: readonly RunEvent[]},
  type: Type,
): Extract<RunEvent, {type: Type}>[] {
  return run.events.filter((event): event is Extract<RunEvent, {type: Type}> => event.type === type);
}
