// Folder paths for people: levels joined by '/'. A '/' that belongs to a name is written '\/', and a '\' is doubled where
// it would be read as the beginning of that, so that a shown path can be typed back (--include, Source folder) and means
// exactly one folder. Any other name is shown as it is.

/** A folder as the server lists it, names decoded. */
export type ListedFolder = {
  /** Levels from the top, decoded from modified UTF-7. */
  readonly path: readonly string[];
  /** Empty where the server has no hierarchy. */
  readonly delimiter: string;
  /** LIST attributes, in any case, also where SPECIAL-USE is not advertised (Exchange). */
  readonly flags: readonly string[];
  /** Holds no mail (\Noselect, \NonExistent); what is below it still counts. */
  readonly noSelect: boolean;
  readonly messages: number;
  readonly bytes?: number;
};

/** ['INBOX', 'a/b', 'c\d'] -> 'INBOX/a\/b/c\d' */
export function showPath(levels: readonly string[]): string {
  return levels
    .map((level, depth) => {
      const shown = level.replace(/\/|\\(?=[\\/])/g, '\\$&');
      // The '/' that comes next ends the level.
      return depth < levels.length - 1 ? shown.replace(/\\$/, '\\\\') : shown;
    })
    .join('/');
}

/** The levels of a path as a person types it; empty levels (a '/' too many) are dropped. */
export function readPath(text: string): string[] {
  const levels: string[] = [];
  let level = '';
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    const next = text[i + 1];
    if (char === '\\' && (next === '/' || next === '\\')) {
      level += next;
      i++;
    } else if (char === '/') {
      levels.push(level);
      level = '';
    } else level += char;
  }
  levels.push(level);
  return levels.filter(each => each !== '');
}

/**
 * Whether two level names are the same; INBOX is so in any case at the top (RFC 9051 5.1).
 * @param foldsCase the server takes all for one that differ in case only
 */
export function sameLevel(a: string, b: string, depth: number, foldsCase = false): boolean {
  if (a === b || a.normalize('NFC') === b.normalize('NFC')) return true;
  if (foldsCase && foldCase(a) === foldCase(b)) return true;
  return depth === 0 && isInbox(a) && isInbox(b);
}

/** Whether `levels` is `above` or below it. */
export function isWithin(levels: readonly string[], above: readonly string[], foldsCase = false): boolean {
  return (
    above.length <= levels.length &&
    above.every((level, i) => sameLevel(level, levels[i] ?? '', i, foldsCase))
  );
}

/** A name as it is for all that are one where case makes no difference. */
export function foldCase(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase();
}

export function isInbox(level: string): boolean {
  return level.toUpperCase() === 'INBOX';
}
