// What clients have said, for tests to look at. Passwords and tokens are not in it.

export type LoggedCommand = {
  /** Number of the connection, from 1. */
  readonly connection: number;
  /** Address of the mailbox; absent before the sign-in. */
  readonly mailbox?: string;
  /** Upper case; a UID command is 'UID FETCH'. */
  readonly name: string;
  /** The line without its tag, as it was sent; only the name where it holds a secret. */
  readonly line: string;
  /** ms, by the server's clock. */
  readonly at: number;
};

export class CommandLog {
  readonly commands: LoggedCommand[] = [];
  #watchers: ((command: LoggedCommand) => void)[] = [];

  add(command: LoggedCommand): void {
    this.commands.push(command);
    for (const watcher of this.#watchers) watcher(command);
  }

  /** @returns how to stop */
  watch(watcher: (command: LoggedCommand) => void): () => void {
    this.#watchers.push(watcher);
    return () => {
      this.#watchers = this.#watchers.filter(each => each !== watcher);
    };
  }

  /** How often a command was given, by its name in upper case; all of them without one. */
  count(name?: string): number {
    return name === undefined
      ? this.commands.length
      : this.commands.filter(each => each.name === name).length;
  }
}
