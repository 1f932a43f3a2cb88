// Digests of whole messages, for settling whether two with the same headers are the same.
import {hash} from 'node:crypto';
import {bodyStart, bufferOf, decode, mostParts, parameter, partsOf} from './entity.ts';
import {exchangeLimits, LineScan} from './examine.ts';
import {decodeCharset, decodeText, type Headers, parseHeaders} from './headers.ts';
import {mended} from './mend.ts';

/** As deep and as many parts as Exchange takes; hostile nesting ends here. */
export const deepest = 30;

/** SHA-256 of the bytes, hex. */
export function exactDigest(message: Uint8Array): string {
  return hash('sha256', message, 'hex');
}

/**
 * Digest of the decoded leaf parts in order: the same after another transfer encoding, charset, boundary, folding or
 * line ending of a text, and after lines were broken or NUL bytes taken out (mend.ts). Headers do not count, except the
 * subject of an embedded message. Ledgers keep it, so that it must not change. Hex.
 */
export function contentDigest(message: Uint8Array): string {
  return contentDigests(message).content;
}

/**
 * `loose` is the same whatever the line endings are of what is no text: those of signatures, reports and code are
 * changed on the way as well.
 */
export function contentDigests(message: Uint8Array): {readonly content: string; readonly loose: string} {
  const leaves: Leaf[] = [];
  walk(bufferOf(message), 'text/plain', 0, leaves);
  const all = (digest: keyof Leaf) => hash('sha256', leaves.map(leaf => leaf[digest]).join('\n'), 'hex');
  const content = all('content');
  return {content, loose: leaves.every(leaf => leaf.loose === leaf.content) ? content : all('loose')};
}

type Leaf = {readonly content: string; readonly loose: string};

/**
 * As mending would leave it. A part at a time, and what it says rather than how it is written: a server that gives a
 * long line another encoding has not broken it.
 */
function asMended(part: Buffer): Buffer {
  const scan = new LineScan();
  scan.push(part);
  if (scan.longestLine <= exchangeLimits.line && !scan.hasNul) return part;
  return Buffer.concat(mended(part, ['lines', 'nul'], 'body')?.pieces ?? [part]);
}

const fieldName = /^[!-9;-~]+$/;

/** Where there is neither an empty line nor a field all of it is body, also for those who write it anew. */
function apart(entity: Buffer): {readonly headers: Headers; readonly body: Buffer} {
  const split = bodyStart(entity);
  const headers = parseHeaders(entity.subarray(0, split));
  const isAllBody =
    split === entity.length && !endsEmpty(entity) && ![...headers.keys()].some(name => fieldName.test(name));
  return isAllBody ? {headers: new Map(), body: entity} : {headers, body: entity.subarray(split)};
}

/** The last line is empty. */
function endsEmpty(entity: Buffer): boolean {
  return /(?:^|\n)\r?\n$/.test(entity.toString('latin1', Math.max(0, entity.length - 3)));
}

/** An entity as its header describes it; `boundary` is '' where it has no parts. */
export function described(entity: Buffer, defaultType: string) {
  const {headers, body} = apart(entity);
  const contentType = headers.get('content-type')?.[0] ?? defaultType;
  const type = /^\s*([^\s;]+)/.exec(contentType)?.[1]?.toLowerCase() ?? defaultType;
  const encoding = (headers.get('content-transfer-encoding')?.[0] ?? '').trim().toLowerCase();
  const boundary = type.startsWith('multipart/') ? parameter(contentType, 'boundary') : '';
  return {headers, body, contentType, type, encoding, boundary};
}

function walk(entity: Buffer, defaultType: string, depth: number, leaves: Leaf[]): void {
  if (leaves.length >= mostParts) return;
  const {body, contentType, type, encoding, boundary} = described(entity, defaultType);
  if (boundary !== '' && depth < deepest) {
    const partType = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    for (const part of partsOf(body, boundary)) walk(part, partType, depth + 1, leaves);
    return;
  }
  // Breaks in base64 say nothing; in quoted-printable they do, so what was broken there is broken first.
  const decoded = decode(encoding === 'quoted-printable' ? asMended(body) : body, encoding);
  if (type === 'message/rfc822' && depth < deepest) {
    const subject = parseHeaders(decoded).get('subject')?.[0] ?? '';
    const shown = `message ${decodeText(subject.slice(0, 8000)).replace(/\s+/g, ' ').trim()}`;
    leaves.push({content: shown, loose: shown});
    walk(decoded, 'text/plain', depth + 1, leaves);
    return;
  }
  const said = asMended(decoded);
  const isText = type.startsWith('text/');
  const bytes = isText ? normalText(said, parameter(contentType, 'charset')) : said;
  // Servers add and drop empty parts.
  if (bytes.length === 0) return;
  const content = hash('sha256', bytes, 'hex');
  const fed = isText ? bytes : withLineFeeds(bytes);
  leaves.push({content, loose: fed === bytes ? content : hash('sha256', fed, 'hex')});
}

/** Text in UTF-8 with LF, without blanks at the ends of lines and empty lines at the end. */
function normalText(bytes: Buffer, charset: string): Buffer {
  const text = decodeCharset(bytes, charset.toLowerCase() === 'us-ascii' ? '' : charset);
  return Buffer.from(
    text
      .split('\n')
      .map(line => line.trimEnd())
      .join('\n')
      .trimEnd(),
  );
}

/**
 * Digest of what is there of a message whatever its line endings are, where no more is read of it than so many bytes at one
 * end at least: more of the text is in them where its lines end in LF. Undefined where all of it is read at both.
 */
export function beginningDigest(message: Uint8Array, read: number): string | undefined {
  if (message.length < read / 2) return undefined;
  const fed = withLineFeeds(bufferOf(message));
  let lines = 0;
  for (let at = fed.indexOf(0x0a); at !== -1; at = fed.indexOf(0x0a, at + 1)) lines++;
  // Also of nothing but empty lines, and behind a header that got longer on its way, so much of it is there.
  const end = bodyStart(fed) + Math.floor((read * 3) / 8);
  return fed.length + lines < read || fed.length < end ? undefined : contentDigest(fed.subarray(0, end));
}

/** Each CR LF as LF; the same bytes where there is none. */
export function withLineFeeds(bytes: Buffer): Buffer {
  if (!bytes.includes('\r\n')) return bytes;
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte !== 0x0d || bytes[at + 1] !== 0x0a) out[length++] = byte;
  }
  return out.subarray(0, length);
}
