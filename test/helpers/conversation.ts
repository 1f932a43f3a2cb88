// Where in a recorded IMAP conversation a fault is of interest: around the ends of lines, inside lines, at and inside
// literals. Pure.

export type Place = {
  /** Bytes before it. */
  readonly at: number;
  /** For people: 'in a literal', 'in a tagged line' … */
  readonly where: string;
};

/** Every place of interest in what one end said, ascending, each byte once. */
export function placesIn(said: Buffer): Place[] {
  const places = new Map<number, string>();
  const mark = (at: number, where: string) => {
    if (at >= 0 && at < said.length && !places.has(at)) places.set(at, where);
  };
  let at = 0;
  while (at < said.length) {
    const newline = said.indexOf(10, at);
    const end = newline === -1 ? said.length : newline + 1;
    const line = said.toString('latin1', at, end);
    const kind = kindOf(line);
    mark(at, `before ${kind}`);
    mark(at + 1, `in ${kind}`);
    mark(at + Math.floor((end - at) / 2), `in ${kind}`);
    mark(end - 2, `before the CRLF of ${kind}`);
    mark(end - 1, `inside the CRLF of ${kind}`);
    at = end;
    const size = Number(/\{(\d+)\+?\}\r\n$/.exec(line)?.[1] ?? 0);
    if (size === 0) continue;
    mark(at, 'before a literal');
    mark(at + 1, 'in a literal');
    mark(at + Math.floor(size / 2), 'in a literal');
    mark(at + size - 1, 'before the last byte of a literal');
    at += size;
  }
  return [...places].map(([byte, where]) => ({at: byte, where})).sort((one, other) => one.at - other.at);
}

function kindOf(line: string): string {
  if (line.startsWith('+')) return 'a go-ahead';
  if (/\[APPENDUID /.test(line)) return 'the answer to an APPEND';
  const [, untagged] = /^\* (?:\d+ )?([A-Z]+)/i.exec(line) ?? [];
  if (untagged !== undefined) return `* ${untagged.toUpperCase()}`;
  const [, tagged] = /^[A-Z0-9]+ (OK|NO|BAD|[A-Z]+(?: [A-Z]+)?)/i.exec(line) ?? [];
  if (tagged === undefined) return 'the rest of a line';
  return /^(OK|NO|BAD)/i.test(tagged) ? `a tagged ${tagged.slice(0, 3).trim()}` : wordsOf(tagged);
}

/** UID commands by both their words. */
function wordsOf(command: string): string {
  const [first = '', second = ''] = command.toUpperCase().split(' ');
  return first === 'UID' ? `${first} ${second}` : first;
}
