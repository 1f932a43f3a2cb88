// The parts of a MIME message as they lie in its bytes (RFC 2045, 2046): where a body begins, what is between two
// boundaries, what an encoding hides. Nothing is copied that need not be.

/** Parts of one multipart that are looked at; hostile mail ends here. */
export const mostParts = 1000;

/** Where the body begins: after the first empty line, or at the end. */
export function bodyStart(entity: Buffer): number {
  if (entity[0] === 0x0a) return 1;
  if (entity[0] === 0x0d && entity[1] === 0x0a) return 2;
  let at = entity.indexOf(0x0a);
  while (at !== -1) {
    if (entity[at + 1] === 0x0a) return at + 2;
    if (entity[at + 1] === 0x0d && entity[at + 2] === 0x0a) return at + 3;
    at = entity.indexOf(0x0a, at + 1);
  }
  return entity.length;
}

/** What lies between the boundaries. */
export function partsOf(body: Buffer, boundary: string): Buffer[] {
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const parts: Buffer[] = [];
  let start = -1;
  let at = body.indexOf(delimiter);
  while (at !== -1 && parts.length < mostParts) {
    const after = at + delimiter.length;
    const lineStart = at === 0 || body[at - 1] === 0x0a;
    const closing = body[after] === 0x2d && body[after + 1] === 0x2d;
    const next = body[after];
    const lineEnd = closing || next === undefined || [0x0a, 0x0d, 0x20, 0x09].includes(next);
    if (lineStart && lineEnd) {
      if (start !== -1) parts.push(body.subarray(start, endBefore(body, at, start)));
      if (closing) return parts;
      const line = body.indexOf(0x0a, after);
      start = line === -1 ? body.length : line + 1;
    }
    at = body.indexOf(delimiter, after);
  }
  // Cut off before its closing boundary: the rest is the last part.
  if (start !== -1) parts.push(body.subarray(start));
  return parts;
}

/** The line break before a boundary belongs to the boundary (RFC 2046 5.1.1). */
function endBefore(body: Buffer, at: number, start: number): number {
  let end = at;
  if (end > start && body[end - 1] === 0x0a) end--;
  if (end > start && body[end - 1] === 0x0d) end--;
  return end;
}

/** The body without its transfer encoding. */
export function decode(body: Buffer, encoding: string): Buffer {
  if (encoding === 'base64') return Buffer.from(body.toString('latin1'), 'base64');
  if (encoding === 'quoted-printable') return decodeQuotedPrintable(body);
  return body;
}

function decodeQuotedPrintable(body: Buffer): Buffer {
  const out = Buffer.allocUnsafe(body.length);
  let length = 0;
  for (let i = 0; i < body.length; i++) {
    const byte = body[i] ?? 0;
    if (byte !== 0x3d) {
      out[length++] = byte;
      continue;
    }
    const value = hexValue(body[i + 1]) * 16 + hexValue(body[i + 2]);
    if (Number.isFinite(value)) {
      out[length++] = value;
      i += 2;
      continue;
    }
    // A soft line break, with the blanks some relays leave before it.
    let end = i + 1;
    while (body[end] === 0x20 || body[end] === 0x09) end++;
    if (body[end] === 0x0d) end++;
    if (body[end] === 0x0a) i = end;
    else out[length++] = byte;
  }
  return out.subarray(0, length);
}

function hexValue(byte: number | undefined): number {
  if (byte === undefined) return Number.NaN;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : Number.NaN;
}

/** A parameter of a Content-Type or -Disposition; '' where there is none. */
export function parameter(value: string, name: string): string {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^\\s;]+))`, 'i').exec(value);
  return (found?.[1] ?? found?.[2] ?? '').trimEnd();
}

export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
