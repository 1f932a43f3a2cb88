// Names that differ in case only: Exchange takes them for one folder, and so do other servers.
import {foldCase, isInbox} from './path.ts';

/** How a server knows a folder by its whole name: INBOX in any case, others where it makes no difference of it. */
export function knownAs(name: string, foldsCase: boolean): string {
  if (isInbox(name)) return 'INBOX';
  return foldsCase ? foldCase(name) : name;
}

/** Whether any two of them, or of the levels above them, differ in nothing but case. */
export function differInCaseOnly(paths: Iterable<readonly string[]>): boolean {
  const names = new Set<string>();
  for (const [top = '', ...below] of paths) {
    const first = isInbox(top) ? 'INBOX' : top;
    for (let depth = 0; depth <= below.length; depth++)
      names.add(JSON.stringify([first, ...below.slice(0, depth)]).normalize('NFC'));
  }
  return new Set([...names].map(foldCase)).size < names.size;
}

/**
 * A whole name with the letters of its last level in the other case; undefined where it has none, or they may be INBOX's,
 * which is the same in any.
 */
export function inOtherCase(name: string, path: readonly string[]): string | undefined {
  const last = path.at(-1) ?? '';
  if (!/[a-z]/i.test(last) || isInbox(last) || !name.endsWith(last)) return undefined;
  const other = last.replaceAll(/[a-z]/gi, letter =>
    letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
  );
  return name.slice(0, name.length - last.length) + other;
}
