// A CSV file's bytes as text: its encoding, its line ends, and the character between its cells.

export type DecodedText =
  | {
      readonly ok: true;
      readonly text: string;
      /** 'windows-1252' is a guess: the bytes are no UTF-8, and all of them are letters and signs there. */
      readonly encoding: 'utf-8' | 'utf-16' | 'windows-1252';
      /** The file began with a byte order mark. */
      readonly mark: boolean;
    }
  | {readonly ok: false; readonly bad: readonly BadText[]};

/** What cannot be read, from 1, and why. */
export type BadText = {readonly line: number; readonly sentence: string};

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, {fatal: true}).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Spreadsheets save "Unicode text" as UTF-16; a NUL in the first two bytes of a header can be nothing else. */
function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (bytes.length >= 2 && second === 0 && first !== 0) return 'utf-16le';
  if (bytes.length >= 2 && first === 0 && second !== 0) return 'utf-16be';
  return undefined;
}

const startsWith = (bytes: Uint8Array, ...magic: readonly number[]) =>
  magic.every((byte, index) => bytes[index] === byte);

/** Each line's bytes. A line feed is never part of a UTF-8 sequence. */
function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start <= bytes.length; ) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** How many bytes come before the first one that is not UTF-8. */
function goodBytes(line: Uint8Array): number {
  const text = new TextDecoder('utf-8', {ignoreBOM: true}).decode(line);
  return new TextEncoder().encode(text.slice(0, text.indexOf('\ufffd'))).length;
}

function badLines(bytes: Uint8Array): BadText[] {
  const bad: BadText[] = [];
  let line = 1;
  // Old Macs end lines with CR alone; the byte is then counted from the last LF, and the line from the CRs.
  for (const part of linesOf(bytes)) {
    if (decode(part, 'utf-8') === undefined) {
      const good = goodBytes(part);
      const before = Buffer.from(part.subarray(0, good)).lastIndexOf(0x0d);
      const returns = before === -1 ? 0 : part.subarray(0, before + 1).filter(byte => byte === 0x0d).length;
      const sentence = `Byte ${good - before} of this line is not UTF-8. Save the file again as "CSV UTF-8".`;
      bad.push({line: line + returns, sentence});
    }
    line += 1 + part.subarray(0, -1).filter(byte => byte === 0x0d).length;
  }
  return bad;
}

const lineEnd = /\r\n|\r|\n/g;

/** The first code unit that is half a character; an odd byte at the end is the other way to be cut off. */
function badUtf16(bytes: Uint8Array, encoding: string): BadText[] {
  const text = new TextDecoder(encoding).decode(bytes);
  const broken = text.indexOf('\ufffd');
  const line = 1 + (text.slice(0, broken === -1 ? text.length : broken).match(lineEnd)?.length ?? 0);
  const sentence =
    'The text is UTF-16, and this line holds half a character: the file is damaged or cut off. Save it again as "CSV UTF-8".';
  return [{line, sentence}];
}

/** C1 controls: bytes that Windows-1252 does not use. */
const unused = /[\u0080-\u009F]/;

/**
 * Excel's plain "CSV" is Windows-1252 in the countries west of the Oder. Lines that are UTF-8 beyond ASCII beside
 * lines that are not say that it is a damaged or mixed file, and no such one.
 */
function windows1252Of(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder('windows-1252').decode(bytes);
  if (unused.test(text)) return undefined;
  for (const line of linesOf(bytes)) {
    if (line.some(byte => byte >= 0x80) && decode(line, 'utf-8') !== undefined) return undefined;
  }
  return text;
}

/** Its bytes by their letters. */
const windows1252 = new Map(
  Array.from({length: 256}, (_, byte) => [new TextDecoder('windows-1252').decode(Uint8Array.of(byte)), byte]),
);

/** What was read as Windows-1252 as its bytes again, or the first letter that is not in it. */
export function windows1252Bytes(text: string): Uint8Array | string {
  const bytes: number[] = [];
  for (const letter of text) {
    const byte = windows1252.get(letter);
    if (byte === undefined) return letter;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** A workbook of today (.xlsx, .ods: a ZIP file) or of old (.xls), which people take for its CSV. */
export function isSpreadsheet(bytes: Uint8Array): boolean {
  return startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) || startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0);
}

/** UTF-8 or UTF-16, with or without byte order mark, or what is most likely Windows-1252. */
export function decodeCsv(bytes: Uint8Array): DecodedText {
  const utf16 = utf16Of(bytes);
  const mark =
    startsWith(bytes, 0xef, 0xbb, 0xbf) || startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff);
  const text = decode(bytes, utf16 ?? 'utf-8');
  if (text !== undefined) return {ok: true, text, encoding: utf16 === undefined ? 'utf-8' : 'utf-16', mark};
  if (utf16 !== undefined) return {ok: false, bad: badUtf16(bytes, utf16)};
  const guessed = mark ? undefined : windows1252Of(bytes);
  if (guessed !== undefined) return {ok: true, text: guessed, encoding: 'windows-1252', mark};
  return {ok: false, bad: badLines(bytes)};
}

export type Delimiter = ',' | ';' | '\t';

/**
 * The delimiter of the header line: the one of the three that stands most often outside quotes. Excel's own first
 * line "sep=;" says it outright and is no part of the table; `skip` is its length, 0 where there is none.
 */
export function delimiterOf(text: string): {delimiter: Delimiter; skip: number} {
  const said = /^"?sep=([,;\t])"?(?:\r\n|\r|\n|$)/i.exec(text);
  if (said !== null) return {delimiter: said[1] as Delimiter, skip: said[0].length};
  const outside = outsideQuotes(firstLine(text));
  const often = (delimiter: Delimiter) => outside.split(delimiter).length;
  let delimiter: Delimiter = ',';
  for (const candidate of [';', '\t'] as const) {
    if (often(candidate) > often(delimiter)) delimiter = candidate;
  }
  return {delimiter, skip: 0};
}

/** The first that is not empty. An expression that takes it whole keeps a place to go back to for every character of it. */
function firstLine(text: string): string {
  const from = text.search(/[^\r\n]/);
  if (from < 0) return '';
  const length = text.slice(from).search(/[\r\n]/);
  return length < 0 ? text.slice(from) : text.slice(from, from + length);
}

/** A doubled quote closes and opens again: as good for counting. What stands behind one that is never closed is outside. */
function outsideQuotes(line: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (;;) {
    const opens = line.indexOf('"', from);
    const closes = opens < 0 ? -1 : line.indexOf('"', opens + 1);
    if (closes < 0) break;
    if (opens > from) pieces.push(line.slice(from, opens));
    from = closes + 1;
  }
  pieces.push(line.slice(from));
  return pieces.join('');
}

export type LineEnd = '\n' | '\r\n' | '\r';

/** How the first line ends; '\n' where there is one line only. */
export function lineEndOf(text: string): LineEnd {
  return (/\r\n|\r|\n/.exec(text)?.[0] ?? '\n') as LineEnd;
}
