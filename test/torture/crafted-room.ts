// Carries crafted mail between two Dovecots in every way of storing, and looks whether all of it arrived, byte for byte.
import {randomUUID} from 'node:crypto';
import {type EngineRun, freshState, job, runEngine} from '../helpers/engine.ts';
import {ImapConnection, ImapRefusal} from '../helpers/imap.ts';
import {type Mailbox, readMailbox} from '../helpers/mail.ts';
import type {CraftedMail} from '../helpers/mail-crafted.ts';
import {type Dovecot, type DovecotOptions, startDovecot} from '../servers/dovecot.ts';
import {compareMail, type Difference} from './golden.ts';

/** What the destination offers, and so how mail is stored there. */
export const ways = {
  multiappend: {},
  pipelined: {hide: ['MULTIAPPEND']},
  overlapped: {hide: ['MULTIAPPEND', 'LITERAL+'], add: ['LITERAL-']},
  // As at Exchange: each message by itself.
  single: {greeting: 'The Microsoft Exchange IMAP4 service is ready.'},
} satisfies Readonly<Record<string, DovecotOptions>>;
export type Way = keyof typeof ways;

export type Carried = Difference & {
  readonly run: EngineRun;
  readonly exitCode: number;
  /** Once more with the ledger, then without it. */
  readonly copiedAgain: number;
  readonly copiedWithoutLedger: number;
  /** What these two have changed at the destination, whatever they say of it. */
  readonly changed: Difference;
};

const user = 'ann@baya.com';

export class CraftedRoom {
  readonly source: Dovecot;
  readonly user = user;
  readonly #destinations = new Map<Way, Dovecot>();
  #golden: Mailbox = new Map();

  private constructor(source: Dovecot) {
    this.source = source;
  }

  static async open(): Promise<CraftedRoom> {
    return new CraftedRoom(await startDovecot());
  }

  /** @returns the kinds that Dovecot itself does not store */
  async fill(messages: readonly CraftedMail[]): Promise<string[]> {
    const connection = await ImapConnection.open(this.source, user);
    const refused: string[] = [];
    try {
      for (const message of messages)
        try {
          await connection.append('INBOX', [message]);
        } catch (error) {
          if (!(error instanceof ImapRefusal)) throw error;
          refused.push(message.kind);
        }
    } finally {
      await connection.close();
    }
    const stored = await readMailbox(this.source, user);
    this.#golden = new Map([['Data17012018/INBOX', stored.get('INBOX') ?? []]]);
    return refused;
  }

  /** @param memory bytes that may be on their way at once: few make small batches, and larger messages stream */
  async carry(way: Way, memory: number): Promise<Carried> {
    const destination = this.#destinations.get(way) ?? (await startDovecot(ways[way]));
    this.#destinations.set(way, destination);
    const to = `${randomUUID()}@vault.example`;
    const work = [job({server: this.source, user}, {server: destination, user: to})];
    const state = freshState();
    const limits = {memory};
    const run = await runEngine(work, {state, limits});
    const read = async () =>
      new Map([...(await readMailbox(destination, to))].filter(([path]) => path.startsWith('Data17012018/')));
    const arrived = await read();
    const again = await runEngine(work, {state, limits});
    const anew = await runEngine(work, {limits});
    return {
      ...compareMail(this.#golden, arrived),
      run,
      exitCode: run.exitCode,
      copiedAgain: again.totals.copied,
      copiedWithoutLedger: anew.totals.copied,
      changed: compareMail(arrived, await read()),
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.source, ...this.#destinations.values()].map(server => server.stop()));
  }
}
