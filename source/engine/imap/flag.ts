const flagAtom = /^\\?[!#$&'+\-./0-9:;<=>?@A-Z[^_`a-z{|}~]+$/;

/** A flag that a command can carry (RFC 9051 section 9): some servers hand out others. */
export function isFlag(text: string): boolean {
  return flagAtom.test(text);
}
