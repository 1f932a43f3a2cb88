// How the messages at the destination may look: with the flags, keywords and date that one of their content ever had, in a
// source folder that goes there, when a run could see it, or that people gave it at the destination. Where an answer was
// lost and flags were changed before the next run, it has them all: a run takes none away. Pure.
import {instantOf, type StoredMessage} from '../../helpers/mail.ts';

type Seen = Pick<StoredMessage, 'sha256' | 'flags' | 'internalDate'>;

type Look = {readonly date: string; readonly flags: readonly string[]};

function lookOf({flags, internalDate}: Seen): Look {
  return {
    date: new Date(instantOf(internalDate)).toISOString(),
    flags: flags.filter(flag => flag !== '\\Recent').toSorted(),
  };
}

const said = ({date, flags}: Look) => `${date} (${flags.join(' ')})`;

/** All flags of one of them, and none that no one of them had. */
function isOf(look: Look, may: readonly Look[]): boolean {
  const dated = may.filter(({date}) => date === look.date);
  return (
    dated.some(({flags}) => flags.every(flag => look.flags.includes(flag))) &&
    look.flags.every(flag => dated.some(({flags}) => flags.includes(flag)))
  );
}

export class Looks {
  readonly #source = new Map<string, Look[]>();
  readonly #put = new Map<string, Look[]>();
  readonly #emptied = new Set<string>();

  /** A source folder as a run may find it. */
  seen(folder: string, messages: readonly Seen[]): void {
    for (const message of messages) add(this.#source, folder, message);
  }

  /** People put it there, or gave it other flags there. */
  put(folder: string, message: Seen): void {
    add(this.#put, folder, message);
  }

  /**
   * A destination folder was deleted and made anew during a run: Dovecot, finding its index broken by that, reads the
   * messages from their files again, and flags are not in them.
   */
  emptied(folder: string): void {
    this.#emptied.add(folder);
  }

  /**
   * Messages of a destination folder that look as they never did, a sentence each.
   * @param sources folders that ever went there
   */
  judge(folder: string, sources: Iterable<string>, messages: readonly StoredMessage[]): string[] {
    const from = [...sources];
    return messages.flatMap(message => {
      const may = [
        ...from.flatMap(source => this.#source.get(keyOf(source, message)) ?? []),
        ...(this.#put.get(keyOf(folder, message)) ?? []),
      ];
      const look = lookOf(message);
      // What nobody sent is the books' to tell.
      if (may.length === 0 || isOf(look, may)) return [];
      if (
        this.#emptied.has(folder) &&
        isOf(
          look,
          may.map(({date}) => ({date, flags: []})),
        )
      )
        return [];
      const subject = /^subject:.*$/im.exec(message.bytes.toString('latin1'))?.[0] ?? message.sha256;
      const was = [...new Set(may.map(said))].join(' or ');
      return [`${folder}: "${subject.slice(0, 80)}" is ${said(look)}, was ${was}`];
    });
  }
}

const keyOf = (folder: string, {sha256}: Pick<Seen, 'sha256'>) => JSON.stringify([folder, sha256]);

function add(looks: Map<string, Look[]>, folder: string, message: Seen): void {
  const key = keyOf(folder, message);
  const look = lookOf(message);
  const all = looks.get(key) ?? [];
  if (!all.some(each => said(each) === said(look))) looks.set(key, [...all, look]);
}
