// Which flags travel (RFC 9051 section 2.3.2). Pure.

export type FlagChoice = {readonly kept: readonly string[]; readonly dropped: readonly string[]};

/**
 * PERMANENTFLAGS, to be asked message after message.
 * @param exchange Exchange's: $MDNSent given to APPEND would show as a category of each mail in Outlook
 */
export function allowedFlags(permanent: readonly string[], exchange = false): ReadonlySet<string> {
  const allowed = new Set(permanent.map(flag => flag.toLowerCase()));
  if (exchange) allowed.delete('$mdnsent');
  return allowed;
}

/**
 * \Recent is the server's own. Keywords travel where PERMANENTFLAGS holds \* or names them; system flags where it
 * names them. A server that sends no PERMANENTFLAGS takes all (RFC 9051 section 7.1).
 */
export function chooseFlags(flags: readonly string[], allowed: ReadonlySet<string>): FlagChoice {
  const kept: string[] = [];
  const dropped: string[] = [];
  for (const flag of flags) {
    const name = flag.toLowerCase();
    if (name === '\\recent') continue;
    const free = allowed.size === 0 || allowed.has(name) || (allowed.has('\\*') && !name.startsWith('\\'));
    (free ? kept : dropped).push(flag);
  }
  return {kept, dropped};
}
