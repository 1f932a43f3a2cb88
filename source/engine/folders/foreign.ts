// Mailboxes of others that a server lists beside one's own: by the prefixes of its other namespaces (RFC 2342).

type Listed = {readonly path: readonly string[]; readonly delimiter: string};

/** @param prefixes of other users' and shared mailboxes */
export function isForeign({path, delimiter}: Listed, prefixes: readonly string[]): boolean {
  const name = path.join(delimiter) + delimiter;
  return prefixes.some(prefix => name.startsWith(whole(prefix, delimiter)));
}

/** One that ends in a word and not in a separator names a whole level: "Public" is not the beginning of "Publications". */
function whole(prefix: string, delimiter: string): string {
  return /[\p{L}\p{N}]$/u.test(prefix) ? prefix + delimiter : prefix;
}

/** What a folder of somebody else's is for, it is not for this mailbox: its special-use flags count for nothing. */
export function withoutForeignUse<F extends Listed & {readonly flags: readonly string[]}>(
  folders: readonly F[],
  prefixes: readonly string[],
): readonly F[] {
  if (prefixes.length === 0) return folders;
  return folders.map(folder => (isForeign(folder, prefixes) ? {...folder, flags: []} : folder));
}
