// A lane's two connections.
import type {AppendStrategy} from '../imap/append.ts';
import type {Links} from '../link/link.ts';
import type {Sessions} from './open-ends.ts';

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
 * Lanes to begin with. Where the servers are near, more only share out what the processor can do; far away those that are
 * wanted for the last folders would be opened when the others are done (a fifth of the time, five folders 60 ms away).
 * Where every message is a command of its own they wake each other so often that they take twice as much of the
 * processor, far away too, since nothing waits for an answer there. Where messages wait for answers, as many as are
 * allowed (measured on two cores).
 */
export const firstLanes: Readonly<Record<AppendStrategy, {readonly near: number; readonly far: number}>> = {
  multiappend: {near: 2, far: 6},
  pipelined: {near: 2, far: 3},
  overlapped: {near: 4, far: Number.POSITIVE_INFINITY},
  single: {near: 4, far: Number.POSITIVE_INFINITY},
};
/** How a destination stores is known once it has let us in; these are wanted whichever it is. */
const anyway = Math.min(...Object.values(firstLanes).map(({near}) => near));

/**
 * Lanes that are on their way while the first one signs in and lists. They sign in when the first is let in, so that
 * a wrong password is tried once; those that may not pay wait until it is known how many do.
 */
export class EarlyLanes {
  readonly #opening: Promise<Sessions | undefined>[] = [];
  readonly #letIn = Promise.withResolvers<void>();
  /** What those wait for that may not pay, the first ones first. */
  readonly #undecided: PromiseWithResolvers<void>[] = [];

  /** @param count lanes beside the first */
  constructor(links: Links, count: number) {
    this.#letIn.promise.catch(() => undefined);
    for (let lane = 1; lane <= count; lane++) {
      const wanted = Promise.withResolvers<void>();
      if (lane < anyway) wanted.resolve();
      else this.#undecided.push(wanted);
      const after = Promise.all([this.#letIn.promise, wanted.promise]);
      after.catch(() => undefined);
      this.#opening.push(openPair(links, after).catch(() => undefined));
    }
  }

  /** What it takes to open a lane has been spent. */
  get onTheirWay(): boolean {
    return this.#opening.length > 0;
  }

  /** Both ends have let the first lane in. */
  letIn(): void {
    this.#letIn.resolve();
  }

  /** @param lanes there are to be so many, with the first one */
  decided(lanes: number): void {
    this.#undecided.forEach((wanted, index) => {
      if (anyway + index < lanes) wanted.resolve();
      else wanted.reject(new Error('More lanes do not pay'));
    });
    // Nobody refused them: they may be asked for anew.
    this.#opening.splice(Math.max(lanes, anyway) - 1);
  }

  /** The next of them; undefined where none is left. */
  take(): Promise<Sessions | undefined> | undefined {
    return this.#opening.shift();
  }

  /** Closes those that nobody took. */
  close(): void {
    this.#letIn.reject(new Error('Not needed'));
    for (const wanted of this.#undecided) wanted.reject(new Error('Not needed'));
    for (const opening of this.#opening.splice(0))
      void opening.then(sessions => sessions && closePair(sessions));
  }
}
