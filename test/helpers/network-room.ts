// A room for network faults: one small mailbox, a destination for each way of storing, and a carriage between them over
// a line that breaks. Clock and pauses are the room's own, so that nothing waits for time; what is waited for is that
// the server has done with the connections that broke.
import {getEventListeners} from 'node:events';
import {readdirSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {marksIn, mark as password} from '../cli/marked-secrets.ts';
import {type Dovecot, startDovecot} from '../servers/dovecot.ts';
import {type NameFailure, nameThisMachine} from '../servers/failing-names.ts';
import {type FaultProxy, type FaultProxyOptions, startFaultProxy} from '../servers/fault-proxy.ts';
import {bothOf, compareMail} from '../torture/golden.ts';
import {type EngineOptions, freshState, job, runEngine} from './engine.ts';
import {countMessages, fill, type Mailbox, readMailbox} from './mail.ts';
import {bigMessage, corpus, type MailToStore} from './mail-corpus.ts';
import {toldBy, wrongIn} from './network-judgement.ts';

/** Capabilities a destination hides, so that this way of storing is left. */
const ways = {
  multiappend: {hide: []},
  pipelined: {hide: ['MULTIAPPEND']},
  overlapped: {hide: ['MULTIAPPEND', 'LITERAL+'], add: ['LITERAL-']},
  single: {
    hide: ['MULTIAPPEND', 'LITERAL+', 'SASL-IR'],
    greeting: 'The Microsoft Exchange IMAP4 service is ready.',
  },
} as const;

export type Way = keyof typeof ways;
export const everyWay = Object.keys(ways) as readonly Way[];

export type End = 'source' | 'destination';

export type Security = 'none' | 'tls' | 'starttls';

export type NetworkCase = FaultProxyOptions & {
  readonly way: Way;
  /** Where the line breaks. */
  readonly end: End;
  /** Of the line that breaks; `none` where not given. */
  readonly security?: Security;
  /** A mailbox with a message that streams. */
  readonly large?: boolean;
  readonly connections?: number;
  /** After the first fault, or from the start where there is none, the server's name cannot be looked up, so many times. */
  readonly unnamed?: {readonly times: number; readonly code: NameFailure};
};

export type Outcome = {
  /** Exit codes in order: the run with the fault, then runs to the end, the last of which had nothing to do. */
  readonly codes: readonly number[];
  readonly faults: number;
  /** Look-ups of the server's name that failed. */
  readonly unfound: number;
  readonly lost: number;
  readonly doubled: number;
  readonly compared: number;
  /** Broken promises in words; none is how it must be. */
  readonly broken: readonly string[];
  /** Codes of what the first run told. */
  readonly told: readonly string[];
  /** What passed over the line in the first run. */
  readonly passed: FaultProxy['passed'];
};

/** A sound run, recorded at one end. */
export type Recording = {
  readonly way: Way;
  readonly end: End;
  readonly security: Security;
  readonly large: boolean;
  readonly passed: Outcome['passed'];
};

export type NetworkRoom = {
  carry(what: NetworkCase): Promise<Outcome>;
  /** What differs in the source from what it was at first. */
  sourceChanges(): Promise<readonly string[]>;
  /** Both ends, each way of storing of `plain` in clear, of `more` over TLS, with STARTTLS and with a message that streams too. */
  record(plain: readonly Way[], more: readonly Way[]): Promise<Recording[]>;
  close(): Promise<void>;
};

/** ms after which a connection that is still there counts as forgotten. */
const leakPatience = 10_000;

const below = 'Data17012018/';
const from = {small: 'john@baya.com', large: 'large@baya.com'} as const;

export async function openNetworkRoom(only: readonly Way[] = everyWay): Promise<NetworkRoom> {
  const [source, ...started] = await Promise.all([
    startDovecot({password}),
    ...only.map(async (way): Promise<[Way, Dovecot]> => [way, await startDovecot({...ways[way], password})]),
  ]);
  const destinations = new Map(started);
  const plain: readonly MailToStore[] = corpus(3, {seed: 5, kinds: ['plain']});
  await fill(source, {user: from.small, password}, [
    {
      path: ['INBOX'],
      messages: corpus(8, {seed: 3, repeats: true, kinds: ['plain', 'no-message-id', 'tiny']}),
    },
    {path: ['Sent Items'], messages: plain},
  ]);
  await fill(source, {user: from.large, password}, [
    {path: ['INBOX'], messages: [...plain, bigMessage(2_200_000, 1), ...plain]},
  ]);
  const wanted = {
    small: wantedAt(await readMailbox(source, {user: from.small, password})),
    large: wantedAt(await readMailbox(source, {user: from.large, password})),
  };
  let cases = 0;

  const carry = async (what: NetworkCase): Promise<Outcome> => {
    const destination = destinations.get(what.way);
    if (destination === undefined) throw new Error(`The room has no destination for ${what.way}`);
    const user = `c${++cases}@vault.example`;
    const server = what.end === 'source' ? source : destination;
    const proxy = await startFaultProxy(what.security === 'tls' ? server.imapsPort : server.imapPort, what);
    let unnamed = what.unnamed?.times ?? 0;
    let unfound = 0;
    const named = nameThisMachine(() => {
      if ((proxy.happened === 0 && what.faults !== undefined) || unnamed-- <= 0) return undefined;
      unfound += 1;
      return what.unnamed?.code;
    });
    const {host, imapPort} = proxy;
    const line = {host: what.unnamed === undefined ? host : named.name, imapPort, imapsPort: imapPort};
    const mail = what.large === true ? 'large' : 'small';
    const messages = countMessages(wanted[mail]);
    const tls = what.security === 'tls';
    const ends = {
      source: {
        server: what.end === 'source' ? line : source,
        user: from[mail],
        tls: tls && what.end === 'source',
      },
      destination: {
        server: what.end === 'source' ? destination : line,
        user,
        tls: tls && what.end === 'destination',
      },
    };
    const plain = job(ends.source, ends.destination, {password});
    const {security = 'none'} = what;
    const work = {
      ...plain,
      what: {...plain.what, [what.end]: {...plain.what[what.end], security}},
    };
    const state = freshState();
    const broken: string[] = [];
    let ahead = 0;
    const signals = new Set<AbortSignal>();
    const options: EngineOptions = {
      state,
      ca: [source.ca, destination.ca],
      ports: {
        now: () => Date.now() + ahead,
        sleep: async (ms, signal) => {
          signal.throwIfAborted();
          signals.add(signal);
          ahead += ms;
          await proxy.paused();
        },
      },
      limits: {connections: what.connections ?? 1, ...patience(what)},
    };
    const codes: number[] = [];
    const run = async (last = false) => {
      const done = await runEngine([work], last ? {...options, limits: {connections: 1}} : options);
      codes.push(done.exitCode);
      const {selected, copied, alreadyPresent, skipped, failed} = done.totals;
      if (copied + alreadyPresent + skipped + failed !== selected) broken.push('the counts do not add up');
      const told = Buffer.from(JSON.stringify([done.events, done.rows]));
      for (const form of marksIn(told)) broken.push(`the password is told (${form})`);
      return done;
    };
    try {
      const first = await run();
      const {passed} = proxy;
      broken.push(...wrongIn(first, messages));
      // A run that broke off is begun again; the second fault of two may be waiting for it.
      let next = first;
      for (let left = Math.max(1, what.faults?.length ?? 0); next.exitCode !== 0 && left > 0; left--) {
        unnamed = 0;
        if (left === 1) await proxy.mend();
        next = await run(true);
      }
      if (next.exitCode !== 0) broken.push('the runs after it do not come to their end');
      await proxy.mend();
      const read = async () =>
        new Map(
          [...(await readMailbox(destination, {user, password}))].filter(([path]) => path.startsWith(below)),
        );
      const found = await read();
      const arrived = compareMail(wanted[mail], found);
      const again = await run(true);
      // Whatever it says of itself.
      const {compared, lost, doubled, foreign} = bothOf(arrived, compareMail(found, await read()));
      const {copied, alreadyPresent} = again.totals;
      if (again.exitCode !== 0 || copied !== 0 || alreadyPresent !== messages)
        broken.push(`the last run copied ${copied}, found ${alreadyPresent}, exit code ${again.exitCode}`);
      for (const file of readdirSync(state))
        for (const form of marksIn(readFileSync(join(state, file))))
          broken.push(`the password is in ${file} (${form})`);
      if (!(await within(leakPatience, proxy.idle()))) broken.push(`${proxy.open} connections are left open`);
      const listeners = [...signals].flatMap(signal => getEventListeners(signal, 'abort'));
      if (listeners.length > 0) broken.push(`${listeners.length} listeners are left`);
      for (const each of [...lost, ...doubled, ...foreign].slice(0, 4))
        broken.push(`wrong at the destination: ${each}`);
      return {
        codes,
        faults: proxy.happened,
        unfound,
        lost: lost.length,
        doubled: doubled.length,
        compared,
        broken,
        told: toldBy(first),
        passed,
      };
    } finally {
      named.forget();
      proxy.close();
      rmSync(state, {recursive: true, force: true});
      rmSync(join(destination.directory, 'mail', user), {recursive: true, force: true});
    }
  };
  const record = async (plain: readonly Way[], more: readonly Way[]) => {
    const recordings: Recording[] = [];
    const add = async (way: Way, security: Security, large: boolean) => {
      for (const end of ['source', 'destination'] as const) {
        const {passed, broken} = await carry({way, end, security, large});
        if (broken.length > 0) throw new Error(`A sound run of ${way} goes wrong: ${broken.join('; ')}`);
        recordings.push({way, end, security, large, passed});
      }
    };
    for (const way of plain) await add(way, 'none', false);
    for (const way of more) {
      await add(way, 'tls', false);
      await add(way, 'starttls', false);
      await add(way, 'none', true);
    }
    return recordings;
  };
  const sourceChanges = async () => {
    const changes: string[] = [];
    for (const mail of ['small', 'large'] as const) {
      const {lost, doubled, foreign} = compareMail(
        wanted[mail],
        wantedAt(await readMailbox(source, {user: from[mail], password})),
      );
      changes.push(...lost, ...doubled, ...foreign);
    }
    return changes;
  };
  return {
    carry,
    record,
    sourceChanges,
    close: async () => {
      await Promise.all([source, ...destinations.values()].map(server => server.stop()));
    },
  };
}

/** The source's mailbox as it must be at the destination. */
function wantedAt(source: Mailbox): Mailbox {
  return new Map(
    [...source].filter(([, mail]) => mail.length > 0).map(([path, mail]) => [below + path, mail]),
  );
}

/** False where it takes longer. */
async function within(ms: number, work: Promise<void>): Promise<boolean> {
  const stop = new AbortController();
  const late = wait(ms, false, {signal: stop.signal}).catch(() => false);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    stop.abort();
  }
}

/** A line that goes silent is given up at once, and so is a look-up; any other is never given up for its silence. */
function patience({faults = [], unnamed}: NetworkCase): EngineOptions['limits'] {
  if (unnamed?.code === 'never') return {connectMs: 1_000};
  const silent = faults.some(({how}) => how === 'stall' || how === 'deaf');
  return silent ? {connectMs: 1_000, inactivityMs: 1_000} : {};
}
