// Splits what an IMAP server sends into responses of tokens, RFC 3501 section 9.
import type {Socket} from 'node:net';

/** An atom or quoted string, a literal, NIL, or a parenthesised list. */
export type Token = string | Buffer | null | readonly Token[];

const lineEnd = Buffer.from('\r\n');

export class ImapReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #kept: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.#chunks = socket[Symbol.asyncIterator]();
  }

  /** The next line without its CRLF. */
  async line(): Promise<string> {
    return (await this.#rawLine()).toString('utf8');
  }

  /** The next response, with its literals; the text after OK, NO, BAD and BYE is one token. */
  async response(): Promise<Token[]> {
    const parts: (string | Buffer)[] = [];
    for (;;) {
      const line = await this.line();
      const literal = /\{(\d+)\}$/.exec(line);
      if (!literal) {
        parts.push(line);
        return parse(parts);
      }
      parts.push(line.slice(0, literal.index), await this.#bytes(Number(literal[1])));
    }
  }

  async #more(): Promise<Buffer> {
    const next = await this.#chunks.next();
    if (next.done) throw new Error('The server closed the connection');
    return next.value;
  }

  async #rawLine(): Promise<Buffer> {
    for (;;) {
      const end = this.#kept.indexOf(lineEnd);
      if (end !== -1) {
        const line = this.#kept.subarray(0, end);
        this.#kept = this.#kept.subarray(end + 2);
        return line;
      }
      this.#kept = Buffer.concat([this.#kept, await this.#more()]);
    }
  }

  async #bytes(count: number): Promise<Buffer> {
    const chunks = [this.#kept];
    let have = this.#kept.length;
    while (have < count) {
      const chunk = await this.#more();
      chunks.push(chunk);
      have += chunk.length;
    }
    const all = chunks.length === 1 ? this.#kept : Buffer.concat(chunks);
    this.#kept = all.subarray(count);
    return all.subarray(0, count);
  }
}

const freeText = /^(\S+) (OK|NO|BAD|BYE|PREAUTH)( .*)?$/s;

function parse(parts: readonly (string | Buffer)[]): Token[] {
  const [only] = parts;
  if (parts.length === 1 && typeof only === 'string') {
    if (only.startsWith('+')) return ['+', only.slice(1).trim()];
    const status = freeText.exec(only);
    if (status) return [status[1] ?? '', status[2] ?? '', (status[3] ?? '').trim()];
  }
  const top: Token[] = [];
  const open: Token[][] = [top];
  const add = (token: Token) => open.at(-1)?.push(token);
  for (const part of parts) {
    if (typeof part !== 'string') {
      add(part);
      continue;
    }
    for (const match of part.matchAll(/"((?:[^"\\]|\\.)*)"|([()])|((?:\[[^\]]*\]|[^\s()"])+)/gs)) {
      const [, quoted, bracket, atom] = match;
      if (quoted !== undefined) add(quoted.replaceAll(/\\(.)/gs, '$1'));
      else if (bracket === '(') {
        const list: Token[] = [];
        add(list);
        open.push(list);
      } else if (bracket === ')') open.pop();
      else if (atom !== undefined) add(atom === 'NIL' ? null : atom);
    }
  }
  return top;
}
