// A path being typed: what it means, and what Tab completes. Pure; the entries come from outside.

export type PathEntry = {readonly name: string; readonly isDirectory: boolean};

/** Where paths start: ~ is `home`, relative ones begin in `workingDirectory`. Both absolute. */
export type PathBase = {readonly home: string; readonly workingDirectory: string};

/** The text in two: the directory as typed, with its slash, and the beginning of a name. */
export function splitPath(text: string): {directory: string; start: string} {
  if (text === '~') return {directory: '~/', start: ''};
  const slash = text.lastIndexOf('/');
  return {directory: text.slice(0, slash + 1), start: text.slice(slash + 1)};
}

/** The absolute path that the text means; dots are left to the file system. */
export function absolutePath(text: string, {home, workingDirectory}: PathBase): string {
  if (text === '~' || text.startsWith('~/')) return `${home}${text.slice(1)}`;
  if (text.startsWith('/') || /^[a-z]:[\\/]/i.test(text)) return text;
  return text === '' ? workingDirectory : `${workingDirectory.replace(/\/$/, '')}/${text}`;
}

/** The entries the beginning of a name fits, directories first. Names with a dot in front only when it is typed,
 * names with control characters never. */
export function candidates(
  entries: readonly PathEntry[],
  start: string,
  wanted: (name: string) => boolean,
): readonly PathEntry[] {
  const small = start.toLowerCase();
  const fitting = entries.filter(
    ({name, isDirectory}) =>
      name.toLowerCase().startsWith(small) &&
      !/\p{Cc}/u.test(name) &&
      (start.startsWith('.') || !name.startsWith('.')) &&
      (isDirectory || wanted(name)),
  );
  const exact = fitting.filter(({name}) => name.startsWith(start));
  return [...(exact.length > 0 ? exact : fitting)].sort(
    (left, right) =>
      Number(right.isDirectory) - Number(left.isDirectory) || left.name.localeCompare(right.name),
  );
}

/** What Tab makes of the text: as much as all candidates have in common, with a slash behind a single directory. */
export function completed(text: string, found: readonly PathEntry[]): string {
  const {directory, start} = splitPath(text);
  const [first, ...rest] = found;
  if (first === undefined) return text;
  let common = first.name;
  for (const {name} of rest) while (!name.startsWith(common)) common = common.slice(0, -1);
  // A half surrogate or a shorter text would be no help.
  if (common.length < start.length || !common.isWellFormed()) return text;
  return directory + common + (rest.length === 0 && first.isDirectory ? '/' : '');
}
