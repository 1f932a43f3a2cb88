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
  readonly #filled = new Map<string, Promise<void>>();
  readonly #lines = new Map<string, Promise<Line>>();
  readonly #closing = new AbortController();
  #copies = 0;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
    // Servers put their mail below TMPDIR; in memory no disk is measured.
    if (existsSync('/dev/shm')) process.env['TMPDIR'] = '/dev/shm';
    this.#directory = mkdtempSync(join(tmpdir(), 'mf-bench-'));
  }

  /**
   * A copy of the corpus to a mailbox that nobody has used, with both servers `roundTripMs` away.
   * @param mailboxes so many that hold it, each to one of its own
   */
  async newCopy(
    contender: Contender,
    corpus: Corpus,
    roundTripMs: number,
    kind: Kind,
    mailboxes = 1,
  ): Promise<Copy> {
    this.#source ??= startDovecot();
    const source = await this.#source;
    const started = this.#destinations.get(kind) ?? startDovecot(kinds[kind]);
    this.#destinations.set(kind, started);
    const destination = await started;
    const sourceUsers = await this.#fill(source, corpus, mailboxes);
    this.#copies += 1;
    const directory = join(this.#directory, `copy${this.#copies}`);
    mkdirSync(directory);
    const over = kind === 'over-tls' ? 'imapsPort' : 'imapPort';
    const from = await this.#port(source[over], roundTripMs);
    const to = await this.#port(destination[over], roundTripMs);
    const [pair, ...others] = sourceUsers.map((user, index) => ({
      source: {port: from, user},
      destination: {port: to, user: address(`copy${this.#copies}-${index}`)},
    }));
    if (pair === undefined) throw new Error('There is no mailbox to copy');
    const pairs = [pair, ...others];
    const task: Task = {
      directory,
      corpus,
      ...pair,
      others,
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
      async check() {
        for (const one of pairs)
          await checkSame(
            {server: source, user: one.source.user},
            {server: destination, user: one.destination.user},
            contender.addedBytes ?? 0,
          );
      },
      end() {
        const mail = pairs.map(one => join(destination.directory, 'mail', one.destination.user));
        for (const used of [directory, ...mail]) rmSync(used, {recursive: true, force: true, maxRetries: 5});
      },
    };
  }

  /** So many users whose mailboxes hold it. */
  async #fill(source: Dovecot, corpus: Corpus, mailboxes: number): Promise<readonly string[]> {
    const users = Array.from({length: mailboxes}, (_, index) =>
      address(`${corpus.name}${corpus.messages}-${index}`),
    );
    for (const user of users) {
      const filled = this.#filled.get(user) ?? fillCorpus(source, user, corpus);
      this.#filled.set(user, filled);
      await filled;
    }
    return users;
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
