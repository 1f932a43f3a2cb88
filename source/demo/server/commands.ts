// Reads commands off a connection: lines, with literals in between (RFC 3501 section 4.3, RFC 7888).

/** An atom or string, a literal, or a parenthesised list. */
export type Argument = string | Buffer | readonly Argument[];

export type Command = {
  readonly tag: string;
  /** Upper case; a UID command is 'UID FETCH'. */
  readonly name: string;
  readonly arguments: readonly Argument[];
};

export type CommandSource = {
  /** Bytes as they arrive; done when the client is gone. */
  readonly chunks: AsyncIterator<Buffer>;
  /** Asked before a literal that waits for it. Text refuses the literal, and with it the command. */
  accept(command: string, size: number): string | undefined;
  /** Sends a line; its CRLF is added. */
  send(line: string): Promise<void>;
};

const longestLine = 65_536;

export class CommandReader {
  readonly #source: CommandSource;
  #kept: Buffer = Buffer.alloc(0);

  constructor(source: CommandSource) {
    this.#source = source;
  }

  /** The next command, or undefined when the client is gone. Refused literals are answered here. */
  async next(): Promise<Command | undefined> {
    const parts: (string | Buffer)[] = [];
    for (;;) {
      const line = await this.line();
      if (line === undefined) return undefined;
      const literal = /\{(\d{1,12})(\+?)\}$/.exec(line);
      if (literal === null) return readCommand([...parts, line]);
      parts.push(line.slice(0, literal.index));
      const size = Number(literal[1]);
      const start = String(parts[0]);
      if (literal[2] === '') {
        const refusal = this.#source.accept(start, size);
        if (refusal !== undefined) {
          await this.#source.send(`${start.split(' ')[0]} ${refusal}`);
          parts.length = 0;
          continue;
        }
        await this.#source.send('+ go on');
      }
      const bytes = await this.#bytes(size);
      if (bytes === undefined) return undefined;
      parts.push(bytes);
    }
  }

  /** The next line without CRLF. */
  async line(): Promise<string | undefined> {
    for (;;) {
      const end = this.#kept.indexOf('\r\n');
      if (end !== -1) {
        const line = this.#kept.toString('utf8', 0, end);
        this.#kept = this.#kept.subarray(end + 2);
        return line;
      }
      const chunk = this.#kept.length > longestLine ? undefined : await this.#chunk();
      if (chunk === undefined) return undefined;
      this.#kept = Buffer.concat([this.#kept, chunk]);
    }
  }

  async #bytes(size: number): Promise<Buffer | undefined> {
    const chunks = [this.#kept];
    let have = this.#kept.length;
    while (have < size) {
      const chunk = await this.#chunk();
      if (chunk === undefined) return undefined;
      chunks.push(chunk);
      have += chunk.length;
    }
    const all = Buffer.concat(chunks);
    this.#kept = all.subarray(size);
    // A copy: a small literal must not keep everything that came with it in memory.
    return Buffer.from(all.subarray(0, size));
  }

  async #chunk(): Promise<Buffer | undefined> {
    const next = await this.#source.chunks.next();
    return next.done === true ? undefined : next.value;
  }
}

const tokens = /"((?:[^"\\]|\\.)*)"|([()])|((?:\[[^\]]*\]|[^\s()"])+)/gs;

/** Puts a command together: `parts` are lines without CRLF, and literals between them. */
export function readCommand(parts: readonly (string | Buffer)[]): Command {
  const top: Argument[] = [];
  const open: Argument[][] = [top];
  const add = (argument: Argument) => open.at(-1)?.push(argument);
  for (const part of parts) {
    if (typeof part !== 'string') {
      add(part);
      continue;
    }
    for (const [, quoted, bracket, atom] of part.matchAll(tokens)) {
      if (quoted !== undefined) add(quoted.replaceAll(/\\(.)/gs, '$1'));
      else if (bracket === '(') {
        const list: Argument[] = [];
        add(list);
        open.push(list);
      } else if (bracket === ')') {
        if (open.length > 1) open.pop();
      } else if (atom !== undefined) add(atom);
    }
  }
  const [tag = '', first = '', ...rest] = top;
  const name = textOf(first).toUpperCase();
  if (name !== 'UID') return {tag: textOf(tag), name, arguments: rest};
  const [second = '', ...further] = rest;
  return {tag: textOf(tag), name: `UID ${textOf(second).toUpperCase()}`, arguments: further};
}

/** The text of an atom, string or literal; a list has none. */
export function textOf(argument: Argument | undefined): string {
  if (typeof argument === 'string') return argument;
  return Buffer.isBuffer(argument) ? argument.toString('utf8') : '';
}

export function isList(argument: Argument | undefined): argument is readonly Argument[] {
  return Array.isArray(argument);
}

/** As a quoted string. */
export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
