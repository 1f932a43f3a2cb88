// What about a message Exchange may not take. It refuses without a reason, so the message is looked at. Pure; asked
// for only after a refusal. The limits: Exchange Online's own, and those of the script by the University of Cambridge
// that imapsync ships.
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

/** Levels that are looked into. */
export const deepestLook = 100;

export function examineMessage(message: Uint8Array): Findings {
  const bytes = bufferOf(message);
  const found: Found = {parts: 0, depth: 0, isReport: false, unknownCharset: undefined};
  look(bytes, 'text/plain', 0, found);
  const lines = new LineScan();
  lines.push(bytes);
  return {
    longestLine: lines.longestLine,
    parts: found.parts,
    depth: found.depth,
    isReport: found.isReport,
    hasNul: lines.hasNul,
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

/** What can be seen of a message while it passes by. */
export class LineScan {
  longestLine = 0;
  hasNul = false;
  /** Of the line that has begun. */
  #length = 0;
  #endsWithReturn = false;

  push(chunk: Buffer): void {
    this.hasNul ||= chunk.includes(0);
    let start = 0;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, start)) {
      const returned = at > start ? chunk[at - 1] === 0x0d : this.#endsWithReturn;
      this.#saw(this.#length + at - start - (returned ? 1 : 0));
      this.#length = 0;
      this.#endsWithReturn = false;
      start = at + 1;
    }
    if (start === chunk.length) return;
    this.#length += chunk.length - start;
    this.#endsWithReturn = chunk.at(-1) === 0x0d;
    this.#saw(this.#length - (this.#endsWithReturn ? 1 : 0));
  }

  #saw(length: number): void {
    if (length > this.longestLine) this.longestLine = length;
  }
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
