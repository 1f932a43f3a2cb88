// What is left of a message when a server has written it anew. Exchange keeps no bytes of a mail but those of its
// attachments: it writes one kind of text from another, HTML, charsets and blanks in its own way. So what there is to
// read is compared: where that is the same the messages are one, and where it plainly differs they are not. Pure.
import {isUtf8} from 'node:buffer';
import {hash} from 'node:crypto';
import {deepest, described, withLineFeeds} from './content.ts';
import {bufferOf, decode, mostParts, parameter, partsOf} from './entity.ts';
import {decodeCharset, isCharset} from './headers.ts';
import {visibleText} from './visible-text.ts';

export type Likeness = {
  /** Digest of all there is to read and of the attachments; absent where it is not certain, or there is nothing. */
  readonly all?: string;
  /** Digest of the text as far as nobody changes it: of HTML the letters and digits. Absent where not certain. */
  readonly letters?: string;
  /** The same of the characters of ASCII, which are certain. */
  readonly ascii: string;
  readonly html: boolean;
  /** Digest of the bytes of all attachments, in no order. */
  readonly attachments: string;
};

/**
 * Both can be read, and what they say or hold is not the same. False where it cannot be told.
 */
export function isOther(one: Likeness | undefined, other: Likeness | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  if (one.attachments !== other.attachments) return true;
  // Of a text in HTML a server may show a plain one, which says a little more or less.
  if (one.html !== other.html) return false;
  return one.letters === undefined || other.letters === undefined
    ? one.ascii !== other.ascii
    : one.letters !== other.letters;
}

/**
 * @param message all of it
 * @returns undefined where Exchange makes something of its own of it, or its text cannot be read
 */
export function likenessOf(message: Uint8Array): Likeness | undefined {
  const {texts, attachments, readable} = gather(bufferOf(message), 'text/plain', 0, {parts: 0});
  if (!readable) return undefined;
  const html = texts.some(text => text.html);
  const certain = texts.every(text => text.certain);
  const text = texts.map(({shown}) => shown.replaceAll(/[\s\0]+/g, '')).join('');
  const holds = attachments.toSorted().join(' ');
  const letters = html ? text.replaceAll(/[^\p{L}\p{N}]+/gu, '') : text;
  return {
    ...(certain && text + holds !== '' ? {all: digest(`${holds} ${text.normalize('NFC')}`)} : {}),
    ...(certain ? {letters: digest(letters.normalize('NFC'))} : {}),
    ascii: digest(letters.replaceAll(/[^!-~]+/g, '')),
    html,
    attachments: digest(holds),
  };
}

function digest(of: string | Buffer): string {
  return hash('sha256', of, 'hex').slice(0, 32);
}

type Text = {
  readonly shown: string;
  readonly html: boolean;
  /** Each character is known, not only those of ASCII. */
  readonly certain: boolean;
};

type Gathered = {
  readonly texts: readonly Text[];
  /** Digests of their bytes. */
  readonly attachments: readonly string[];
  readonly readable: boolean;
};

const unreadable: Gathered = {texts: [], attachments: [], readable: false};
const nothing: Gathered = {texts: [], attachments: [], readable: true};
const encodings = new Set(['', '7bit', '8bit', 'binary', 'base64', 'quoted-printable']);
/** What Exchange takes apart, and writes another of when it is read. */
const ownItems =
  /^(?:multipart\/(?:report|digest|appledouble)|message\/|text\/(?:calendar|enriched|richtext|rtf)$|application\/(?:(?:vnd\.)?ms-tnef|applefile|mac-binhex40)$)/;
/** A file in the middle of a text. */
const uuencoded = /^begin [0-7]{3,4} \S/m;

function gather(entity: Buffer, defaultType: string, depth: number, seen: {parts: number}): Gathered {
  const {headers, body, contentType, type, encoding, boundary} = described(entity, defaultType);
  seen.parts += 1;
  const isMultipart = type.startsWith('multipart/');
  if (seen.parts > mostParts || depth > deepest || ownItems.test(type) || !encodings.has(encoding))
    return unreadable;
  if (isMultipart) {
    const parts = boundary === '' ? [] : partsOf(body, boundary);
    const inside = parts.map(part => gather(part, 'text/plain', depth + 1, seen));
    if (inside.length === 0 || inside.some(part => !part.readable)) return unreadable;
    return {
      texts: type === 'multipart/alternative' ? best(inside) : inside.flatMap(part => part.texts),
      attachments: inside.flatMap(part => part.attachments),
      readable: true,
    };
  }
  const decoded = decode(body, encoding);
  const isAttached = /^\s*attachment\b/i.test(headers.get('content-disposition')?.[0] ?? '');
  if (isAttached || !['text/plain', 'text/html'].includes(type)) {
    const bytes = withoutEnd(withLineFeeds(decoded));
    return bytes.length === 0 ? nothing : {texts: [], attachments: [digest(bytes)], readable: true};
  }
  const text = textOf(decoded, parameter(contentType, 'charset'));
  if (text === undefined || (type === 'text/plain' && uuencoded.test(text.shown))) return unreadable;
  return {texts: [type === 'text/html' ? asShown(text) : text], attachments: [], readable: true};
}

/** The text that the others are written from: the last in HTML, else the first. */
function best(alternatives: readonly Gathered[]): readonly Text[] {
  const withText = alternatives.filter(({texts}) => texts.length > 0);
  return (withText.findLast(({texts}) => texts.some(text => text.html)) ?? withText[0] ?? nothing).texts;
}

function textOf(bytes: Buffer, charset: string): Text | undefined {
  const named = charset.toLowerCase() === 'us-ascii' ? '' : charset;
  if (!isCharset(named)) return undefined;
  const shown = decodeCharset(bytes, named);
  // Where no charset is named each server takes the text for another, and in some of them a letter is part of another one.
  const certain = named !== '' || bytes.every(byte => byte < 0x80);
  const misread = certain ? shown.includes('\ufffd') : !isUtf8(bytes);
  return misread ? undefined : {shown, html: false, certain};
}

function asShown({shown, certain}: Text): Text {
  const {text, whole} = visibleText(shown);
  return {shown: text, html: true, certain: certain && whole};
}

/** Without the empty lines at its end, which servers add and drop. */
function withoutEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (bytes[end - 1] === 0x0a) end--;
  return bytes.subarray(0, end);
}
