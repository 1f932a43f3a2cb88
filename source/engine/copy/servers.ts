// What a run has learned of the servers it works with; all mailboxes of a server share it.
import type {AppendStrategy} from '../imap/append.ts';

export class ServerMemory {
  /** Ways of storing that the server has objected to. */
  readonly #objections = new Set<AppendStrategy>();

  get objections(): ReadonlySet<AppendStrategy> {
    return this.#objections;
  }

  objects(strategy: AppendStrategy): void {
    this.#objections.add(strategy);
    // Overlapping too sends a command before the one before it is answered.
    if (strategy === 'pipelined') this.#objections.add('overlapped');
  }
}

export class Servers {
  readonly #known = new Map<string, ServerMemory>();

  /** @param server host:port */
  of(server: string): ServerMemory {
    const key = server.toLowerCase();
    const memory = this.#known.get(key) ?? new ServerMemory();
    this.#known.set(key, memory);
    return memory;
  }
}
