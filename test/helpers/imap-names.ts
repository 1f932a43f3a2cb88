// Modified UTF-7 of mailbox names, RFC 3501 section 5.1.3, written apart from the program's own.

/** UTF-8 text to a mailbox name as sent. */
export function encodeName(name: string): string {
  return name.replaceAll('&', '&-').replaceAll(/[^\x20-\x7e]+/g, run => {
    const utf16 = Buffer.from(run, 'utf16le').swap16();
    return `&${utf16.toString('base64').replaceAll('/', ',').replaceAll('=', '')}-`;
  });
}

/** A mailbox name as received to text. */
export function decodeName(name: string): string {
  return name.replaceAll(/&([^-]*)-/g, (_, run: string) =>
    run === '' ? '&' : Buffer.from(run.replaceAll(',', '/'), 'base64').swap16().toString('utf16le'),
  );
}

/** As an IMAP quoted string. */
export function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
