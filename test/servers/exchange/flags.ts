// Flags as Exchange keeps them: the five of IMAP and $MDNSent; other keywords vanish without a word.
import type {Quirks} from './quirks.ts';

const system = ['\\Seen', '\\Answered', '\\Flagged', '\\Deleted', '\\Draft', '$MDNSent'];
const bySpelling = new Map(system.map(flag => [flag.toLowerCase(), flag]));

export function keptFlags(flags: readonly string[], quirks: Quirks): string[] {
  const kept = flags.flatMap(flag => {
    const known = bySpelling.get(flag.toLowerCase());
    if (known !== undefined) return [known];
    return quirks.keywords === 'kept' && !flag.startsWith('\\') ? [flag] : [];
  });
  return [...new Set(kept)];
}
