// Digests of whole messages, for settling whether two with the same headers are the same.
import {hash} from 'node:crypto';
import {bodyStart, bufferOf, decode, mostParts, parameter, partsOf} from './entity.ts';
import {exchangeLimits, LineScan} from './examine.ts';
import {decodeCharset, decodeText, type Headers, parseHeaders} from './headers.ts';
import {mended} from './mend.ts';

/** As deep and as many parts as Exchange takes; hostile nesting ends here. */
const deepest = 30;

/** SHA-256 of the bytes, hex. */
export function exactDigest(message: Uint8Array): string {
  return hash('sha256', message, 'hex');
}

/**
 * Digest of the decoded leaf parts in order: the same after another transfer encoding, charset, boundary, line
 * ending or folding, and after lines were broken or NUL bytes taken out (mend.ts). Headers do not count, except the
 * subject of an embedded message. Hex.
 */
export function contentDigest(message: Uint8Array): string {
  const leaves: string[] = [];
  walk(bufferOf(message), 'text/plain', 0, leaves);
  return hash('sha256', leaves.join('\n'), 'hex');
}

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

function walk(entity: Buffer, defaultType: string, depth: number, leaves: string[]): void {
  if (leaves.length >= mostParts) return;
  const {headers, body} = apart(entity);
  const contentType = headers.get('content-type')?.[0] ?? defaultType;
  const type = /^\s*([^\s;]+)/.exec(contentType)?.[1]?.toLowerCase() ?? defaultType;
  const encoding = (headers.get('content-transfer-encoding')?.[0] ?? '').trim().toLowerCase();
  const boundary = type.startsWith('multipart/') ? parameter(contentType, 'boundary') : '';
  if (boundary !== '' && depth < deepest) {
    const partType = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    for (const part of partsOf(body, boundary)) walk(part, partType, depth + 1, leaves);
    return;
  }
  // Breaks in base64 say nothing; in quoted-printable they do, so what was broken there is broken first.
  const decoded = decode(encoding === 'quoted-printable' ? asMended(body) : body, encoding);
  if (type === 'message/rfc822' && depth < deepest) {
    const subject = parseHeaders(decoded).get('subject')?.[0] ?? '';
    leaves.push(`message ${decodeText(subject.slice(0, 8000)).replace(/\s+/g, ' ').trim()}`);
    walk(decoded, 'text/plain', depth + 1, leaves);
    return;
  }
  const text = type.startsWith('text/');
  const said = asMended(decoded);
  const bytes = text ? normalText(said, parameter(contentType, 'charset')) : said;
  // Servers add and drop empty parts.
  if (bytes.length > 0) leaves.push(hash('sha256', bytes, 'hex'));
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
