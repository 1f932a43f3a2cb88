// A CSV file's bytes as text: its encoding, and the character between its cells.

export type DecodedText =
  | {readonly ok: true; readonly text: string}
  | {readonly ok: false; readonly bad: readonly {readonly line: number; readonly byte: number}[]};

function decode(bytes: Uint8Array, encoding: string): string | undefined {
  try {
    return new TextDecoder(encoding, {fatal: true}).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Spreadsheets save "Unicode text" as UTF-16; a NUL in the first two bytes of a header can be nothing else. */
function utf16Of(bytes: Uint8Array): string | undefined {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (bytes.length >= 2 && second === 0 && first !== 0) return 'utf-16le';
  if (bytes.length >= 2 && first === 0 && second !== 0) return 'utf-16be';
  return undefined;
}

/** 1-based positions of the first byte of each line that is not UTF-8. A line feed is never part of a sequence. */
function badLines(bytes: Uint8Array): {line: number; byte: number}[] {
  const bad: {line: number; byte: number}[] = [];
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    const part = bytes.subarray(start, end);
    if (decode(part, 'utf-8') === undefined) bad.push({line, byte: goodBytes(part) + 1});
    start = end + 1;
  }
  return bad;
}

/** How many bytes come before the first one that is not UTF-8. */
function goodBytes(line: Uint8Array): number {
  const before = new TextDecoder('utf-8', {ignoreBOM: true}).decode(line).indexOf('\ufffd');
  return new TextEncoder().encode(new TextDecoder('utf-8', {ignoreBOM: true}).decode(line).slice(0, before))
    .length;
}

/** A workbook of today (.xlsx, .ods: a ZIP file) or of old (.xls), which people take for its CSV. */
export function isSpreadsheet(bytes: Uint8Array): boolean {
  const starts = (...magic: readonly number[]) => magic.every((byte, index) => bytes[index] === byte);
  return starts(0x50, 0x4b, 0x03, 0x04) || starts(0xd0, 0xcf, 0x11, 0xe0);
}

/** UTF-8 with or without byte order mark, or UTF-16. */
export function decodeCsv(bytes: Uint8Array): DecodedText {
  const utf16 = utf16Of(bytes);
  const text = decode(bytes, utf16 ?? 'utf-8');
  if (text !== undefined) return {ok: true, text};
  return {ok: false, bad: utf16 === undefined ? badLines(bytes) : [{line: 1, byte: 1}]};
}

export type Delimiter = ',' | ';' | '\t';

/**
 * The delimiter of the header line: the one of the three that stands most often outside quotes. Excel's own first
 * line "sep=;" says it outright and is no part of the table; `skip` is its length, 0 where there is none.
 */
export function delimiterOf(text: string): {delimiter: Delimiter; skip: number} {
  const said = /^"?sep=([,;\t])"?(?:\r\n|\r|\n|$)/i.exec(text);
  if (said !== null) return {delimiter: said[1] as Delimiter, skip: said[0].length};
  const header = /[^\r\n]+/.exec(text)?.[0] ?? '';
  const outside = header.replace(/"(?:[^"]|"")*"/g, '');
  const often = (delimiter: Delimiter) => outside.split(delimiter).length;
  let delimiter: Delimiter = ',';
  for (const candidate of [';', '\t'] as const) {
    if (often(candidate) > often(delimiter)) delimiter = candidate;
  }
  return {delimiter, skip: 0};
}
