// How the messages at the destination may look: with the flags, keywords and date that one of their content ever had, in a
// source folder that goes there, when a run could see it, or that people gave it at the destination. Pure.
import {instantOf, type StoredMessage} from '../../helpers/mail.ts';

type Seen = Pick<StoredMessage, 'sha256' | 'flags' | 'internalDate'>;

function lookOf({flags, internalDate}: Seen): string {
  const kept = flags.filter(flag => flag !== '\\Recent').toSorted();
  return `${new Date(instantOf(internalDate)).toISOString()} (${kept.join(' ')})`;
}

export class Looks {
  readonly #source = new Map<string, Set<string>>();
  readonly #put = new Map<string, Set<string>>();

  /** A source folder as a run may find it. */
  seen(folder: string, messages: readonly Seen[]): void {
    for (const message of messages) add(this.#source, folder, message);
  }

  /** People put it there, or gave it other flags there. */
  put(folder: string, message: Seen): void {
    add(this.#put, folder, message);
  }

  /**
   * Messages of a destination folder that look as they never did, a sentence each.
   * @param sources folders that ever went there
   */
  judge(folder: string, sources: Iterable<string>, messages: readonly StoredMessage[]): string[] {
    const from = [...sources];
    return messages.flatMap(message => {
      const may = new Set([
        ...from.flatMap(source => [...(this.#source.get(keyOf(source, message)) ?? [])]),
        ...(this.#put.get(keyOf(folder, message)) ?? []),
      ]);
      // What nobody sent is the books' to tell.
      if (may.size === 0 || may.has(lookOf(message))) return [];
      const subject = /^subject:.*$/im.exec(message.bytes.toString('latin1'))?.[0] ?? message.sha256;
      return [`${folder}: "${subject.slice(0, 80)}" is ${lookOf(message)}, was ${[...may].join(' or ')}`];
    });
  }
}

const keyOf = (folder: string, {sha256}: Pick<Seen, 'sha256'>) => JSON.stringify([folder, sha256]);

function add(looks: Map<string, Set<string>>, folder: string, message: Seen): void {
  const key = keyOf(folder, message);
  const all = looks.get(key) ?? new Set();
  looks.set(key, all.add(lookOf(message)));
}
