// A server's words for people: ASCII by the first standard, UTF-8 by RFC 9051 section 9 and RFC 6855. The wire is read
// byte by byte, as latin1.
const utf8 = new TextDecoder('utf-8', {fatal: true});

/** @param text its bytes, one a character; what is not UTF-8 stays latin1 */
export function humanText(text: string): string {
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    return utf8.decode(Buffer.from(text, 'latin1'));
  } catch {
    return text;
  }
}
