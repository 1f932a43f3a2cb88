// What a benchmark runs on: two kinds of servers, mailboxes to copy from, fresh ones to copy to.
import {existsSync, mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type Dovecot, type DovecotOptions, startDovecot} from '../test/servers/dovecot.ts';
import {address, type Contender, type Task} from './contenders.ts';
import {type Corpus, fillCorpus} from './corpus.ts';
import {type Line, startDelay} from './delay.ts';
import {measure, type Taken} from './measure.ts';
import {checkSame} from './same.ts';

/** What a destination can do, or, over TLS, how both ends are reached. */
export type Kind = 'usual' | 'over-tls' | 'no-multiappend' | 'neither';

const kinds: Readonly<Record<Kind, DovecotOptions>> = {
  usual: {},
  'over-tls': {},
  'no-multiappend': {hide: ['MULTIAPPEND']},
  neither: {hide: ['MULTIAPPEND', 'LITERAL+']},
};

export type Copy = Task & {
  /** Runs it once more or for the first time. */
  run(): Promise<Taken>;
  /** @throws where the destination differs from the source */
  check(): Promise<void>;
  /** Removes what it made. */
  end(): void;
};

export class Place {
  readonly #directory: string;
  readonly #timeoutMs: number;
  #source: Promise<Dovecot> | undefined;
  readonly #destinations = new Map<Kind, Promise<Dovecot>>();
  readonly #filled = new Map<string, Promise<string>>();
  readonly #lines = new Map<string, Promise<Line>>();
  readonly #closing = new AbortController();
  #copies = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    // Servers put their mail below TMPDIR; in memory no disk is measured.
    if (existsSync('/dev/shm')) process.env['TMPDIR'] = '/dev/shm';
    this.#directory = mkdtempSync(join(tmpdir(), 'mf-bench-'));
  }

  /** A copy of the corpus to a mailbox that nobody has used, with both servers `roundTripMs` away. */
  async newCopy(contender: Contender, corpus: Corpus, roundTripMs: number, kind: Kind): Promise<Copy> {
    this.#source ??= startDovecot();
    const source = await this.#source;
    const started = this.#destinations.get(kind) ?? startDovecot(kinds[kind]);
    this.#destinations.set(kind, started);
    const destination = await started;
    const sourceUser = await this.#fill(source, corpus);
    this.#copies += 1;
    const user = address(`copy${this.#copies}`);
    const directory = join(this.#directory, `copy${this.#copies}`);
    mkdirSync(directory);
    const over = kind === 'over-tls' ? 'imapsPort' : 'imapPort';
    const task: Task = {
      directory,
      corpus,
      source: {port: await this.#port(source[over], roundTripMs), user: sourceUser},
      destination: {port: await this.#port(destination[over], roundTripMs), user},
      ...(kind === 'over-tls' ? {authority: source.caFile} : {}),
    };
    return {
      ...task,
      run: () =>
        measure(
          contender.commands(task),
          directory,
          AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#timeoutMs)]),
        ),
      check: () =>
        checkSame({server: source, user: sourceUser}, {server: destination, user}, contender.addedBytes ?? 0),
      end() {
        for (const used of [directory, join(destination.directory, 'mail', user)])
          rmSync(used, {recursive: true, force: true, maxRetries: 5});
      },
    };
  }

  #fill(source: Dovecot, corpus: Corpus): Promise<string> {
    const user = address(`${corpus.name}${corpus.messages}`);
    const filled = this.#filled.get(user) ?? fillCorpus(source, user, corpus).then(() => user);
    this.#filled.set(user, filled);
    return filled;
  }

  async #port(port: number, roundTripMs: number): Promise<number> {
    const key = `${port} ${roundTripMs}`;
    const line = this.#lines.get(key) ?? startDelay(port, roundTripMs);
    this.#lines.set(key, line);
    return (await line).port;
  }

  /** Ends what is measured, servers and lines, and removes every file. */
  async close(): Promise<void> {
    this.#closing.abort();
    const servers = [...(this.#source ? [this.#source] : []), ...this.#destinations.values()];
    await Promise.allSettled([...this.#lines.values()].map(async line => (await line).end()));
    await Promise.allSettled(servers.map(async server => (await server).stop()));
    rmSync(this.#directory, {recursive: true, force: true, maxRetries: 5});
  }
}
