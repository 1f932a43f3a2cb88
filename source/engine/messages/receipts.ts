// Read receipts that would be sent long after: Exchange sends one for a message that is stored as read and asks for it
// (facts 5). Only where it is switched on the request for it is renamed, the one change mailferry makes to a message.

/** Bytes of a header that are looked through. */
const longestHeader = 256 * 1024;
const mark = Buffer.from('X-');
const request = /(?:^|\n)(?=Disposition-Notification-To[ \t]*:)/gi;

/** The message with `X-Disposition-Notification-To:`, in pieces; undefined where it asks for no receipt. */
export function withoutReceipt(bytes: Buffer): readonly Buffer[] | undefined {
  const text = bytes.toString('latin1', 0, longestHeader);
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const places = [...text.slice(0, end).matchAll(request)].map(match => match.index + match[0].length);
  if (places.length === 0) return undefined;
  const pieces: Buffer[] = [];
  let from = 0;
  for (const at of places) {
    pieces.push(bytes.subarray(from, at), mark);
    from = at;
  }
  return [...pieces, bytes.subarray(from)].filter(piece => piece.length > 0);
}
