// A meddler's view of the commands a client sends: whole, with their literals, so that a test answers one in the
// server's name or lets it pass.
import type {MeddledWire, Meddling} from './meddler.ts';

export type SentCommand = {
  readonly tag: string;
  /** The command and its arguments without literals. */
  readonly text: string;
  /** Literals that came with it unasked. */
  readonly literals: readonly string[];
  /** Commands of the same connection, this one not counted, that the server has not answered yet. */
  readonly unanswered: number;
};

/** What to say in the server's place, without the tag; '' says nothing, undefined lets the command pass. */
export type Says = string | Promise<string> | undefined;

export function meddleWithCommands(answer: (command: SentCommand) => Says): Meddling {
  const connections = new WeakMap<MeddledWire, Connection>();
  const of = (wire: MeddledWire) => {
    const known = connections.get(wire) ?? new Connection(wire, answer);
    connections.set(wire, known);
    return known;
  };
  return {
    line: (part, wire) => {
      of(wire).sent(part);
      return true;
    },
    down: (chunk, wire) => {
      of(wire).answered(chunk.toString('latin1'));
      return false;
    },
  };
}

class Connection {
  readonly #wire: MeddledWire;
  readonly #answer: (command: SentCommand) => Says;
  readonly #unanswered = new Set<string>();
  /** What has come of the command so far, and the line of it that has no end yet. */
  #raw = '';
  #line = '';
  #text = '';
  #literals: string[] = [];
  #left = 0;
  #literal = '';
  /** A literal that the server asks for goes straight through. */
  #asked = 0;
  #rest = '';

  constructor(wire: MeddledWire, answer: (command: SentCommand) => Says) {
    this.#wire = wire;
    this.#answer = answer;
  }

  answered(text: string): void {
    const lines = (this.#rest + text).split('\r\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#unanswered.delete(line.split(' ')[0] ?? '');
  }

  sent(bytes: string): void {
    let part = bytes;
    while (part !== '') {
      if (this.#asked > 0) {
        const piece = part.slice(0, this.#asked);
        this.#asked -= piece.length;
        this.#wire.say(piece);
        part = part.slice(piece.length);
        continue;
      }
      if (this.#left > 0) {
        const piece = part.slice(0, this.#left);
        this.#left -= piece.length;
        this.#literal += piece;
        this.#raw += piece;
        part = part.slice(piece.length);
        if (this.#left === 0) this.#literals.push(this.#literal);
        continue;
      }
      const end = part.indexOf('\n');
      const piece = end === -1 ? part : part.slice(0, end + 1);
      this.#line += piece;
      this.#raw += piece;
      part = part.slice(piece.length);
      if (end !== -1) this.#endLine();
    }
  }

  #endLine(): void {
    const [, size, unasked] = /\{(\d+)(\+?)\}\r?\n$/.exec(this.#line) ?? [];
    this.#text += this.#line.trimEnd();
    this.#line = '';
    if (size !== undefined && unasked === '+') {
      this.#left = Number(size);
      this.#literal = '';
      if (this.#left === 0) this.#literals.push('');
      return;
    }
    const [tag = '', ...words] = this.#text.split(' ');
    const says = this.#answer({
      tag,
      text: words.join(' '),
      literals: this.#literals,
      unanswered: this.#unanswered.size,
    });
    if (says === undefined) {
      if (words.length > 0) this.#unanswered.add(tag);
      this.#wire.say(this.#raw);
      this.#asked = size === undefined ? 0 : Number(size);
    } else if (typeof says === 'string') this.#say(tag, says);
    else void says.then(said => this.#say(tag, said));
    this.#raw = '';
    this.#text = '';
    this.#literals = [];
  }

  #say(tag: string, says: string): void {
    if (says !== '') this.#wire.answer(`${tag} ${says}\r\n`);
  }
}
