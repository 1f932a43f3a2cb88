// What attacks are made of: the kinds of replies, and ways of saying something else. Strings are latin1, as they go on the
// wire.
import {setTimeout as wait} from 'node:timers/promises';
import type {Exchanged, fallSilent, Hostility, hangUp, Lie} from './hostile.ts';

export type Attack = {
  readonly name: string;
  /** For either end, where it makes sense there. */
  readonly ends: readonly ('source' | 'destination')[];
  readonly lies: Hostility;
  /** The question that is answered with the lie: what is said before only leads there. */
  readonly at: RegExp;
  /** Costs time-outs, and nothing else. */
  readonly waits?: boolean;
  /**
   * Told only where mail is looked for: half of it is at the destination, no ledger knows of it, and dates are asked for. A
   * check does not come to that.
   */
  readonly held?: boolean;
};

/** Whether the exchange is one in which this attack says what is not true. */
export const isTold = ({at}: Attack, {command, reply}: Exchanged, said: Lie): boolean =>
  at.test(command) && said !== undefined && said !== reply;

export const on =
  (which: RegExp, lie: (exchanged: Exchanged) => Lie): Hostility =>
  exchanged =>
    which.test(exchanged.command) ? lie(exchanged) : undefined;

/** The kinds of replies, by the command that they answer. */
export const replies = {
  greeting: /^$/,
  login: /^LOGIN /,
  id: /^ID /,
  list: /^LIST /,
  namespace: /^NAMESPACE/,
  status: /^STATUS /,
  examine: /^EXAMINE /,
  select: /^SELECT /,
  create: /^CREATE /,
  sizes: /^UID FETCH \S+ \(UID RFC822.SIZE\)/,
  headers: /^UID FETCH .*HEADER/,
  bodies: /^UID FETCH .*BODY\.PEEK\[\]/,
  search: /^UID SEARCH/,
  append: /^APPEND /,
} as const;
export type ReplyKind = keyof typeof replies;
export const both = ['source', 'destination'] as const;
export const source = ['source'] as const;
export const destination = ['destination'] as const;
export type Row = readonly [
  string,
  readonly ('source' | 'destination')[],
  ReplyKind,
  (exchanged: Exchanged) => Lie,
];

export const megabyte = 'x'.repeat(1024 * 1024);

export function* endless(piece: string): Generator<string> {
  for (;;) yield piece;
}

export async function* dripping(piece: string, ms: number): AsyncGenerator<string> {
  for (;;) {
    yield piece;
    await wait(ms, undefined, {ref: false});
  }
}

export function* inOrder(...parts: (string | Iterable<string> | typeof hangUp | typeof fallSilent)[]) {
  for (const part of parts) {
    if (typeof part === 'string' || typeof part === 'symbol') yield part;
    else yield* part;
  }
}

export const tagged = ({tag}: Exchanged, text: string) => `${tag === '' ? '*' : tag} ${text}\r\n`;
export const before = (text: string) => (exchanged: Exchanged) => text + exchanged.reply;

export const quote = (wire: string) => `"${wire.replace(/["\\]/g, '\\$&')}"`;
export const listing = (names: Iterable<string>) =>
  [...names].map(name => `* LIST (\\HasNoChildren) "/" ${quote(name)}\r\n`).join('');
/** In front of the tagged line. */
export const adding = (text: string) => (exchanged: Exchanged) => {
  const tail = exchanged.reply.lastIndexOf(`\r\n${exchanged.tag} `);
  const at = tail === -1 ? 0 : tail + 2;
  return exchanged.reply.slice(0, at) + text + exchanged.reply.slice(at);
};
export const changing = (what: RegExp, to: string) => (exchanged: Exchanged) =>
  exchanged.reply.replace(what, to);
export const instead = (text: string) => (exchanged: Exchanged) => `${text}${exchanged.tag} OK done\r\n`;
