// Which flags travel (RFC 9051 section 2.3.2). Pure.
import {isFlag} from '../imap/flag.ts';

export type FlagChoice = {readonly kept: readonly string[]; readonly dropped: readonly string[]};

/**
 * PERMANENTFLAGS, to be asked message after message; undefined where a server sends none: it takes all (RFC 9051 section
 * 7.1). An empty list takes none.
 * @param exchange Exchange's: $MDNSent given to APPEND would show as a category of each mail in Outlook
 */
export function allowedFlags(
  permanent: readonly string[] | undefined,
  exchange = false,
): ReadonlySet<string> | undefined {
  if (permanent === undefined) return undefined;
  const allowed = new Set(permanent.map(flag => flag.toLowerCase()));
  if (exchange) allowed.delete('$mdnsent');
  return allowed;
}

/**
 * \Recent is the server's own. Keywords travel where PERMANENTFLAGS holds \* or names them; system flags where it
 * names them. What no command can carry stays, whatever the destination takes.
 */
export function chooseFlags(flags: readonly string[], allowed: ReadonlySet<string> | undefined): FlagChoice {
  const kept: string[] = [];
  const dropped: string[] = [];
  for (const flag of flags) {
    const name = flag.toLowerCase();
    if (name === '\\recent') continue;
    const free = allowed === undefined || allowed.has(name) || (allowed.has('\\*') && !name.startsWith('\\'));
    (free && isFlag(flag) ? kept : dropped).push(flag);
  }
  return {kept, dropped};
}
