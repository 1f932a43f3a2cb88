// One line of text being typed: what each key does to it. Pure, so that every field edits alike.

/** `cursor` counts UTF-16 units from the start and never stands inside a letter. */
export type Line = {readonly text: string; readonly cursor: number};

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** The longest text a field takes; more is never a mailbox, a path or a password. */
export const longestText = 4096;

export const lineOf = (text: string): Line => ({text, cursor: text.length});

function before(line: Line): number {
  let last = 0;
  for (const {index} of graphemes.segment(line.text)) {
    if (index >= line.cursor) break;
    last = index;
  }
  return last;
}

function after(line: Line): number {
  for (const {index, segment} of graphemes.segment(line.text.slice(line.cursor)))
    return line.cursor + index + segment.length;
  return line.cursor;
}

/** Where the word before the cursor starts: blanks and the signs of addresses and paths end a word. */
function wordStart({text, cursor}: Line): number {
  const word = /[^\s@./\\:]*[\s@./\\:]*$/.exec(text.slice(0, cursor));
  return word ? word.index : 0;
}

function without({text}: Line, from: number, to: number): Line {
  return {text: text.slice(0, from) + text.slice(to), cursor: from};
}

/** The line after an editing key; undefined where the key does not edit. */
export function editLine(line: Line, key: string): Line | undefined {
  const {text, cursor} = line;
  switch (key) {
    case 'left':
      return {text, cursor: before(line)};
    case 'right':
      return {text, cursor: after(line)};
    case 'home':
    case 'ctrl+a':
      return {text, cursor: 0};
    case 'end':
    case 'ctrl+e':
      return {text, cursor: text.length};
    case 'backspace':
      return without(line, before(line), cursor);
    case 'delete':
    case 'ctrl+d':
      return without(line, cursor, after(line));
    case 'ctrl+u':
      return without(line, 0, cursor);
    case 'ctrl+k':
      return without(line, cursor, text.length);
    case 'ctrl+w':
      return without(line, wordStart(line), cursor);
    default:
      return undefined;
  }
}

export function insertText({text, cursor}: Line, added: string): Line {
  const room = added.slice(0, Math.max(0, longestText - text.length));
  return {text: text.slice(0, cursor) + room + text.slice(cursor), cursor: cursor + room.length};
}
