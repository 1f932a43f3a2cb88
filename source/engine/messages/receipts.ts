// Read receipts that would be sent long after: Exchange sends one for a message that is stored as read and asks for it
// (quirk `readReceipts`). Only where it is switched on the request for it is renamed.
import {bodyStart} from './entity.ts';

/** Bytes of a header that are looked through. */
const longestHeader = 256 * 1024;
const mark = Buffer.from('X-');
const request = /(?:^|\n)(?=Disposition-Notification-To[ \t]*:)/gi;

/** True where the message, or its header, asks for one. */
export function asksForReceipt(bytes: Buffer): boolean {
  return placesOf(bytes).length > 0;
}

function placesOf(bytes: Buffer): number[] {
  const text = bytes.toString('latin1', 0, bodyStart(bytes.subarray(0, longestHeader)));
  return [...text.matchAll(request)].map(match => match.index + match[0].length);
}

/** The message with `X-Disposition-Notification-To:`, in pieces; undefined where it asks for no receipt. */
export function withoutReceipt(bytes: Buffer): readonly Buffer[] | undefined {
  const places = placesOf(bytes);
  if (places.length === 0) return undefined;
  const pieces: Buffer[] = [];
  let from = 0;
  for (const at of places) {
    pieces.push(bytes.subarray(from, at), mark);
    from = at;
  }
  return [...pieces, bytes.subarray(from)].filter(piece => piece.length > 0);
}
