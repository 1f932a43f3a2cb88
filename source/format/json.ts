// JSON as text that is safe to look at: JSON.stringify escapes C0 only, and a folder's name may hold U+009B, which
// starts a control sequence in a terminal, or a bidi override.

// DEL and C1, line separators (a line of JSON stays one line everywhere), and whatever draws nothing or turns the reading
// direction: bidi, zero width, BOM, tags.
const treacherous = /[\x7f-\x9f\u2028\u2029]|\p{Cf}|\p{Default_Ignorable_Code_Point}/gu;

/** The same data as JSON.stringify's text, with every control, bidi and invisible character written as \uXXXX. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(treacherous, character =>
    character
      .split('')
      .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Characters from which a piece is given. */
const pieceLength = 64 * 1024;

/**
 * The same text and a line break, piece by piece, for what is too large to stand in memory as one: a mailbox may have
 * 100,000 folders.
 * @param deep levels that are taken apart; what lies below them is one piece
 */
export function* jsonPieces(value: unknown, deep: number, indent = 0): Generator<string> {
  let piece = '';
  for (const part of parts(value, deep, indent, '')) {
    piece += part;
    if (piece.length < pieceLength) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n`;
}

function* parts(value: unknown, deep: number, indent: number, margin: string): Generator<string> {
  const isList = Array.isArray(value);
  if (deep === 0 || typeof value !== 'object' || value === null) {
    // No text in JSON has a line break of its own.
    yield (value === undefined ? 'null' : jsonText(value, indent)).replaceAll('\n', `\n${margin}`);
    return;
  }
  const entries = Object.entries(value).filter(([, each]) => isList || each !== undefined);
  const inner = margin + ' '.repeat(indent);
  const [line, colon] = indent === 0 ? ['', ':'] : ['\n', ': '];
  yield isList ? '[' : '{';
  let comma = '';
  for (const [name, each] of entries) {
    yield `${comma}${line}${line && inner}${isList ? '' : `${jsonText(name)}${colon}`}`;
    yield* parts(each, deep - 1, indent, inner);
    comma = ',';
  }
  if (comma !== '') yield line && line + margin;
  yield isList ? ']' : '}';
}
