// What about a message Exchange may not take. It refuses without a reason, so the message is looked at. Pure; asked
// for only after a refusal. The limits: Exchange Online's own, and those of the script by the University of Cambridge
// that imapsync ships (facts 2.8).
import {bodyStart, bufferOf, decode, mostParts as mostLooked, parameter, partsOf} from './entity.ts';
import {parseHeaders} from './headers.ts';

/** Bytes of one line, parts in all, levels of nesting. */
export const exchangeLimits = {line: 10_239, parts: 250, depth: 30} as const;

export type Findings = {
  /** Bytes of the longest line, without its end. */
  readonly longestLine: number;
  /** Parts in all multiparts together; none is counted twice, a message without parts has none. */
  readonly parts: number;
  /** Levels below the message itself. */
  readonly depth: number;
  /** A charset in an encoded word that nobody knows: 'TELETEX'. */
  readonly unknownCharset?: string;
  /** A delivery or read receipt (RFC 6522). */
  readonly isReport: boolean;
  readonly hasNul: boolean;
};

const deepestLook = 100;

export function examineMessage(message: Uint8Array): Findings {
  const bytes = bufferOf(message);
  const found: Found = {parts: 0, depth: 0, isReport: false, unknownCharset: undefined};
  look(bytes, 'text/plain', 0, found);
  return {
    longestLine: longestLine(bytes),
    parts: found.parts,
    depth: found.depth,
    isReport: found.isReport,
    hasNul: bytes.includes(0),
    ...(found.unknownCharset === undefined ? {} : {unknownCharset: found.unknownCharset}),
  };
}

type Found = {
  parts: number;
  depth: number;
  isReport: boolean;
  unknownCharset: string | undefined;
};

function look(entity: Buffer, defaultType: string, depth: number, found: Found): void {
  found.depth = Math.max(found.depth, depth);
  if (depth >= deepestLook || found.parts > mostLooked) return;
  const split = bodyStart(entity);
  const headers = parseHeaders(entity.subarray(0, split));
  for (const values of headers.values())
    for (const value of values) found.unknownCharset ??= unknownCharset(value);
  const contentType = headers.get('content-type')?.[0] ?? defaultType;
  const type = /^\s*([^\s;]+)/.exec(contentType)?.[1]?.toLowerCase() ?? defaultType;
  const body = entity.subarray(split);
  if (type === 'multipart/report') found.isReport = true;
  const boundary = type.startsWith('multipart/') ? parameter(contentType, 'boundary') : '';
  if (boundary !== '') {
    const parts = partsOf(body, boundary);
    found.parts += parts.length;
    const partType = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    for (const part of parts) look(part, partType, depth + 1, found);
  } else if (type === 'message/rfc822') {
    const encoding = (headers.get('content-transfer-encoding')?.[0] ?? '').trim().toLowerCase();
    look(decode(body, encoding), 'text/plain', depth + 1, found);
  }
}

function longestLine(bytes: Buffer): number {
  let longest = 0;
  let start = 0;
  while (start < bytes.length) {
    const at = bytes.indexOf(0x0a, start);
    const end = at === -1 ? bytes.length : at;
    const length = end - start - (end > start && bytes[end - 1] === 0x0d ? 1 : 0);
    if (length > longest) longest = length;
    start = end + 1;
  }
  return longest;
}

/** The first charset of an encoded word (RFC 2047) that is not known; language suffixes (RFC 2231) are none of it. */
function unknownCharset(value: string): string | undefined {
  for (const [, charset = ''] of value.matchAll(
    /=\?([^?*\s]{1,60})(?:\*[^?\s]{0,20})?\?[BQ]\?[^?]{0,2000}\?=/gi,
  ))
    if (!isKnown(charset)) return charset;
  return undefined;
}

function isKnown(charset: string): boolean {
  try {
    new TextDecoder(charset);
    return true;
  } catch {
    return false;
  }
}
