// Which flags travel (RFC 9051 section 2.3.2). Pure.
import {isFlag} from '../imap/flag.ts';

const none: ReadonlySet<string> = new Set();

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
 * @param refused those that it has refused a message for, lower case
 */
export function chooseFlags(
  flags: readonly string[],
  allowed: ReadonlySet<string> | undefined,
  refused: ReadonlySet<string> = none,
): FlagChoice {
  const kept: string[] = [];
  const dropped: string[] = [];
  for (const flag of flags) {
    const name = flag.toLowerCase();
    if (name === '\\recent') continue;
    const free = allowed === undefined || allowed.has(name) || (allowed.has('\\*') && !name.startsWith('\\'));
    (free && isFlag(flag) && !refused.has(name) ? kept : dropped).push(flag);
  }
  return {kept, dropped};
}

/**
 * The flag for which a destination refuses a message, where its words name it: Yahoo and AOL say \Deleted among
 * PERMANENTFLAGS, and take no message that has it.
 */
export function blamedFlag(flags: readonly string[], words: string): string | undefined {
  return /\bdeleted flag\b/i.test(words) ? flags.find(flag => flag.toLowerCase() === '\\deleted') : undefined;
}
