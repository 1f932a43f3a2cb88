// Carries a mailbox between two real Dovecots through proxies that meddle.
import {afterAll, beforeAll, expect} from 'vitest';
import {type Dovecot, startDovecot} from '../servers/dovecot.ts';
import {type Meddling, startMeddler} from '../servers/meddler.ts';
import {type EngineOptions, type EngineRun, type JobOptions, job, runEngine} from './engine.ts';
import {countMessages, fill, readMailbox} from './mail.ts';
import type {MailToStore} from './mail-corpus.ts';

/** The mailbox that `carry` takes where no other is named: 300 messages in INBOX, 50 in Sent Items. */
export const user = 'john@baya.com';
/** A FETCH of whole messages: its tag and its UID set. */
export const bodyFetch = /^(F\d+) UID FETCH (\S+) \(UID FLAGS INTERNALDATE BODY/;

/** Plain messages, each with a Message-ID and subject of its own. */
export function plainMail(count: number, seed: number, body = 'x'.repeat(300)): MailToStore[] {
  return Array.from({length: count}, (_, index) => ({
    kind: 'plain',
    bytes: Buffer.from(
      `From: a@example.org\r\nSubject: m ${seed} ${index}\r\nDate: Mon, 2 Mar 1998 09:10:11 +0530\r\nMessage-ID: <${seed}.${index}@example.org>\r\n\r\n${body}\r\n`,
    ),
    flags: [],
    date: '17-Jul-1996 02:44:25 -0700',
  }));
}

export type Ends = {readonly source?: Meddling; readonly destination?: Meddling};
export type CarryOptions = EngineOptions & {
  readonly from?: string;
  readonly to?: string;
  readonly repair?: JobOptions['repair'];
};

export type Meddled = {
  source(): Dovecot;
  destination(): Dovecot;
  /** One lane where the limits do not say otherwise. Fails unless the counts of the run add up. */
  carry(ends: Ends, options?: CarryOptions): Promise<{run: EngineRun; arrived: number; to: string}>;
};

/** To be called inside `describe`: the servers live as long as its tests. */
export function meddledServers(): Meddled {
  let source: Dovecot;
  let destination: Dovecot;
  let runs = 0;
  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    await fill(source, user, [
      {path: ['INBOX'], messages: plainMail(300, 1)},
      {path: ['Sent Items'], messages: plainMail(50, 2)},
    ]);
  });
  afterAll(async () => {
    await Promise.all([source?.stop(), destination?.stop()]);
  });
  return {
    source: () => source,
    destination: () => destination,
    async carry(ends, options = {}) {
      const {from = user, to = `to${++runs}@vault.example`, repair, ...engine} = options;
      const [one, other] = await Promise.all([
        startMeddler(source.imapPort, ends.source ?? {}),
        startMeddler(destination.imapPort, ends.destination ?? {}),
      ]);
      try {
        const run = await runEngine(
          [job({server: one, user: from}, {server: other, user: to}, repair === undefined ? {} : {repair})],
          {
            ...engine,
            limits: {connections: 1, ...engine.limits},
          },
        );
        const {selected, copied, alreadyPresent, skipped, failed} = run.totals;
        expect(copied + alreadyPresent + skipped + failed).toBe(selected);
        return {run, arrived: countMessages(await readMailbox(destination, to)), to};
      } finally {
        one.close();
        other.close();
      }
    },
  };
}

/** Hides what a server can. @param capabilities their names, a blank between them; `A>B` has it tell B for A */
export function without(capabilities: string, meddling: Meddling): Meddling {
  return {
    ...meddling,
    down: (chunk, wire) => {
      if (meddling.down?.(chunk, wire) === true) return true;
      const text = chunk.toString('latin1');
      const left = capabilities.split(' ').reduce((all, each) => {
        const [hidden, told] = each.split('>');
        return all.replaceAll(` ${hidden}`, told === undefined ? '' : ` ${told}`);
      }, text);
      if (left === text) return false;
      wire.answer(Buffer.from(left, 'latin1'));
      return true;
    },
  };
}

/** Turns answers to stored batches into others, each once, `undefined` into none; true when all have been given. */
export function answersInstead(...answers: readonly (string | undefined)[]): {
  meddling: Meddling;
  given: () => boolean;
} {
  const left = [...answers];
  const down: Meddling['down'] = (chunk, wire) => {
    const text = chunk.toString('latin1');
    const lines = text.split(/(?<=\r\n)/).map(line => {
      // A line that came in pieces is left as it is.
      const tag = /^(F\d+) OK (?:\[APPENDUID .*|Append completed.*)\r\n$/.exec(line)?.[1];
      const says = tag === undefined ? undefined : left.shift();
      return says === undefined ? line : says.replace('TAG', tag ?? '');
    });
    if (lines.join('') === text) return false;
    wire.answer(Buffer.from(lines.join(''), 'latin1'));
    if (lines.some(line => line.startsWith('* BYE'))) wire.cut();
    return true;
  };
  return {meddling: {down}, given: () => left.length === 0};
}
