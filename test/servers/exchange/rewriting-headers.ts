// Header values as Exchange writes them anew: dates in UTC, words in UTF-8 and base64. Pure.

/** An RFC 5322 date in UTC, or undefined where it cannot be read. */
export function utcDate(value: string): string | undefined {
  const ms = Date.parse(value.replaceAll(/\([^()]*\)/g, '').trim());
  return Number.isNaN(ms) ? undefined : new Date(ms).toUTCString().replace('GMT', '+0000');
}

const nonAscii = '[^\\x00-\\x7f]';

/** Words with a character beyond ASCII in them, and what lies between two of them. */
function wordsWith(delimiters: string): RegExp {
  const word = `[^${delimiters}]*${nonAscii}[^${delimiters}]*`;
  return new RegExp(`${word}(?: +${word})*`, 'g');
}

const inText = wordsWith('\\s');
/** A comma ends a name, and an address is no word. */
const inAddresses = wordsWith('\\s<>",;');

/**
 * @param name of the field
 * @param value one character a byte, unfolded
 */
export function encodeWords(name: string, value: string): string {
  const decoded = value
    .replaceAll(/(\?=)\s+(?==\?)/g, '$1')
    .replaceAll(/=\?([^?*\s]+)(?:\*[^?]*)?\?([BbQq])\?([^?]*)\?=/g, (whole, charset, encoding, text) =>
      decodeWord(String(charset), String(encoding), String(text), String(whole)),
    );
  const readable = /[\x80-\xff]/.test(decoded) && !/[^\x00-\xff]/.test(decoded) ? utf8(decoded) : decoded;
  if (/^(Subject|Thread-Topic)$/i.test(name)) return readable.replaceAll(inText, run => words(run));
  // Quoting around a word would keep it from being one.
  return readable.replaceAll(/"([^"]*[^\x00-\x7f][^"]*)"/g, '$1').replaceAll(inAddresses, run => words(run));
}

function decodeWord(charset: string, encoding: string, text: string, whole: string): string {
  const bytes =
    encoding.toUpperCase() === 'B'
      ? Buffer.from(text, 'base64')
      : Buffer.from(
          text
            .replaceAll('_', ' ')
            .replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
              String.fromCharCode(Number.parseInt(hex, 16)),
            ),
          'latin1',
        );
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return whole;
  }
}

function utf8(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes);
  } catch {
    return value;
  }
}

/** Encoded words of up to 75 characters, which never break a character. */
function words(text: string): string {
  const all: string[] = [];
  let piece = '';
  for (const char of text) {
    if (Buffer.byteLength(piece + char) > 45) {
      all.push(piece);
      piece = '';
    }
    piece += char;
  }
  return [...all, piece].map(each => `=?utf-8?B?${Buffer.from(each).toString('base64')}?=`).join(' ');
}
