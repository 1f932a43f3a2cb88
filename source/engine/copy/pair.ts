// A lane's two connections.
import type {AppendStrategy} from '../imap/append.ts';
import type {Sessions} from './settle.ts';
import type {Links} from './transfer.ts';

/**
 * One more connection to each end; undefined where a server does not grant it.
 * @param after signs in once this resolves; connects at once
 */
export async function openPair(links: Links, after?: Promise<unknown>): Promise<Sessions | undefined> {
  const [source, target] = await Promise.all([links.source.openExtra(after), links.target.openExtra(after)]);
  if (source !== undefined && target !== undefined) return {source, target};
  source?.logout();
  target?.logout();
  return undefined;
}

export function closePair(sessions: Sessions): void {
  sessions.source.logout();
  sessions.target.logout();
}

/**
 * Lanes that pay where the servers are near: more only share out what the processor can do, and where every message is
 * a command of its own they wake each other so often that they take twice as much of it (measured on two cores).
 */
export const nearLanes: Readonly<Record<AppendStrategy, number>> = {
  multiappend: 3,
  pipelined: 2,
  overlapped: 4,
  single: 4,
};
/** How a destination stores is known once it has let us in; these are wanted whichever it is. */
const nearAnyway = Math.min(...Object.values(nearLanes));

/**
 * Lanes that are on their way while the first one signs in and lists. They sign in when the first is let in, so that
 * a wrong password is tried once; those beyond what pays near by wait until the servers are known to be far.
 */
export class EarlyLanes {
  readonly #opening: Promise<Sessions | undefined>[] = [];
  readonly #letIn = Promise.withResolvers<void>();
  readonly #far = Promise.withResolvers<void>();

  /** @param count lanes beside the first */
  constructor(links: Links, count: number) {
    this.#letIn.promise.catch(() => undefined);
    this.#far.promise.catch(() => undefined);
    const both = Promise.all([this.#letIn.promise, this.#far.promise]);
    both.catch(() => undefined);
    for (let lane = 0; lane < count; lane++) {
      const opening = openPair(links, lane < nearAnyway - 1 ? this.#letIn.promise : both);
      this.#opening.push(opening.catch(() => undefined));
    }
  }

  /** Both ends have let the first lane in. */
  letIn(): void {
    this.#letIn.resolve();
  }

  /** The first lane has listed: whether the servers are far is known. */
  listed(far: boolean): void {
    if (far) this.#far.resolve();
    else {
      this.#far.reject(new Error('More lanes do not pay near by'));
      // Nobody refused them: they may be asked for anew.
      this.#opening.splice(nearAnyway - 1);
    }
  }

  /** The next of them; undefined where none is left. */
  take(): Promise<Sessions | undefined> | undefined {
    return this.#opening.shift();
  }

  /** Closes those that nobody took. */
  close(): void {
    this.#letIn.reject(new Error('Not needed'));
    this.#far.reject(new Error('Not needed'));
    for (const opening of this.#opening.splice(0))
      void opening.then(sessions => sessions && closePair(sessions));
  }
}
