// Which folders get a column of their own: the largest few by the last level of their path, over all mailboxes.
import type {FolderSnapshot, RequestSnapshot} from '../progress/snapshot.ts';

export type FolderColumn = {
  /** The last level, in lower case: what belongs into this column. */
  readonly key: string;
  /** As the first mailbox writes it. */
  readonly label: string;
};

/** The last level of a path. */
function lastLevel(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function columnKey(path: string): string {
  return lastLevel(path).toLowerCase();
}

/** Changes whenever more folders are known: only then the columns have to be chosen again. */
export function plannedFolders(requests: readonly RequestSnapshot[]): number {
  let planned = 0;
  for (const request of requests) planned += request.folders.length;
  return planned;
}

/**
 * At most `most` columns. Mailboxes become known one after the other; a column once shown keeps its place, and
 * only one that holds less than half of a newcomer is exchanged, in place. Returns `shown` itself where nothing
 * changes.
 */
export function chooseColumns(
  shown: readonly FolderColumn[],
  requests: readonly RequestSnapshot[],
  most: number,
): readonly FolderColumn[] {
  const sizes = new Map<string, {label: string; messages: number}>();
  for (const request of requests) {
    for (const folder of request.folders) {
      if (!folder.selected) continue;
      const key = columnKey(folder.source);
      const known = sizes.get(key);
      if (known) known.messages += folder.counts.selected;
      else sizes.set(key, {label: lastLevel(folder.source), messages: folder.counts.selected});
    }
  }
  const size = (key: string) =>
    key === 'inbox' ? Number.POSITIVE_INFINITY : (sizes.get(key)?.messages ?? 0);
  const ranked = [...sizes]
    .map(([key, {label}]) => ({key, label}))
    .sort((one, other) => size(other.key) - size(one.key) || 0);

  const chosen: FolderColumn[] = shown.slice(0, most);
  const has = (key: string) => chosen.some(column => column.key === key);
  for (const candidate of ranked) {
    if (has(candidate.key)) continue;
    if (chosen.length < most) {
      chosen.push(candidate);
      continue;
    }
    const weakest = chosen.reduce(
      (least, column, index) => (size(column.key) < size(chosen[least]?.key ?? '') ? index : least),
      0,
    );
    if (size(candidate.key) <= 2 * size(chosen[weakest]?.key ?? '')) break;
    chosen[weakest] = candidate;
  }
  return same(shown, chosen) ? shown : chosen;
}

function same(one: readonly FolderColumn[], other: readonly FolderColumn[]): boolean {
  return one.length === other.length && one.every((column, index) => column.key === other[index]?.key);
}

/** The selected folders of one mailbox by column, and the ones that have none. */
export function splitFolders(
  folders: readonly FolderSnapshot[],
  columns: readonly FolderColumn[],
): {readonly cells: readonly (readonly FolderSnapshot[])[]; readonly others: readonly FolderSnapshot[]} {
  const place = new Map(columns.map((column, index) => [column.key, index]));
  const cells: FolderSnapshot[][] = columns.map(() => []);
  const others: FolderSnapshot[] = [];
  for (const folder of folders) {
    if (!folder.selected) continue;
    const index = place.get(columnKey(folder.source));
    (index === undefined ? others : (cells[index] ?? others)).push(folder);
  }
  return {cells, others};
}
