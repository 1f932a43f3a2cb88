// Mail that is hard to tell apart, and what tells it apart all the same for those who count it. Pure, but for the chance
// of its seed.
import {createHash} from 'node:crypto';
import type {MailToStore} from '../helpers/mail-corpus.ts';
import type {Random} from '../helpers/mail-random.ts';
import {asSent, type Described, render, type Style} from '../helpers/mail-rendered.ts';

export type Written = Described & {
  readonly received: string;
  readonly token: string;
  readonly flags: readonly string[];
};

const received = ['17-Jul-2019 02:44:25 +0000', '17-Jul-2019 02:44:26 +0000', '01-Jan-2020 00:00:00 +0000'];

const flags = [
  [],
  ['\\Seen'],
  ['\\Seen', '\\Answered', 'Work'],
  ['$Forwarded'],
  ['\\Flagged', '$Label1', 'Work'],
];

/** The messages of a folder, twins among them, and some that differ in one thing only. */
export function described(random: Random): Written[] {
  return Array.from({length: 1 + random.below(18)}, () => {
    const message = {
      id: random.pick(['', 'one@example.org', 'two@example.org', `${random.below(1e6)}@example.org`]),
      date: [undefined, 1_500_000_000, 1_500_000_060][random.below(3)],
      from: random.pick(['ann@example.org', 'bob@example.org']),
      subject: random.pick(['', 'Plain', 'Grüße aus Łódź']),
      body: [undefined, '', 'Short.\r\n', 'A longer text.\r\nZoë\r\n'][random.below(4)],
      noted: random.pick(['', '1.5', 'relay-7']),
    };
    return {
      ...message,
      received: random.pick(received),
      flags: random.pick(flags),
      token: tokenOf(message),
    };
  });
}

/**
 * Says no more than the message itself: those that a reader cannot tell apart share it and are counted, so that none is
 * easier to tell apart by it. What relays noted on the way is not told apart where a server has written mail anew: two
 * copies of a message that came by two ways are one message twice.
 */
function tokenOf({id, date, from, subject, body = ''}: Described): string {
  const all = JSON.stringify([id, date ?? '', from, subject, body]);
  return createHash('sha256').update(all).digest('hex').slice(0, 12);
}

export const style = (random: Random): Style => ({
  zone: random.pick([0, -480, 330, 765]),
  words: random.pick(['B', 'Q', 'raw'] as const),
  fold: random.below(2) === 0,
  reverse: random.below(2) === 0,
  names: random.pick(['usual', 'lower', 'upper'] as const),
  body: random.pick(['as it is', 'base64', 'quoted-printable'] as const),
  adds: random.below(2) === 0,
  completes: random.below(2) === 0,
});

export const sent = (message: Written, styles: readonly Style[], index: number): MailToStore => ({
  kind: 'plain',
  bytes: render(message, styles[index % styles.length] ?? asSent, index),
  flags: message.flags,
  date: message.received,
});

/** As a server has it that keeps no keywords. */
export const withoutKeywords = (message: Written): Written => ({
  ...message,
  flags: message.flags.filter(flag => flag.startsWith('\\')),
});

/** Some of them, in another order. */
export function someOf<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .filter(() => random.below(2) === 0)
    .map(item => ({item, at: random.below(1000)}))
    .sort((one, other) => one.at - other.at)
    .map(({item}) => item);
}
