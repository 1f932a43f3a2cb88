// Mailbox names on the wire (RFC 3501 section 5.1.3): printable ASCII as it is, '&' as '&-', the rest as
// modified base64 of UTF-16.

export function encodeMailbox(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, run => {
    if (run === '&') return '&-';
    const bytes = Buffer.alloc(run.length * 2);
    for (let index = 0; index < run.length; index++) bytes.writeUInt16BE(run.charCodeAt(index), index * 2);
    return `&${bytes.toString('base64').replace(/=+$/, '').replaceAll('/', ',')}-`;
  });
}

/** Text that is not valid modified UTF-7 (raw 8-bit, a broken run) is kept as it stands. */
export function decodeMailbox(wire: string): string {
  // A server that sends raw UTF-8 names without being asked is read as such.
  const raw = /[\x80-\xff]/.test(wire) ? Buffer.from(wire, 'latin1').toString('utf8') : wire;
  return raw.replace(/&([A-Za-z0-9+,]*)-/g, (whole, base64: string) => {
    if (base64 === '') return '&';
    const bytes = Buffer.from(base64.replaceAll(',', '/'), 'base64');
    if (bytes.length === 0 || bytes.length % 2 !== 0) return whole;
    let text = '';
    for (let index = 0; index < bytes.length; index += 2)
      text += String.fromCharCode(bytes.readUInt16BE(index));
    return text;
  });
}
