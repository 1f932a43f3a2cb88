// Which rows a list shows and in which order.

import {settled} from '../progress/draft.ts';
import {selectRows, sortOrders} from '../progress/select.ts';
import type {Failure, FolderSnapshot, RequestSnapshot} from '../progress/snapshot.ts';
import {share} from '../ui/bar.ts';
import type {ListState} from './state.ts';
import {folderHasFailures, requestHasFailures} from './words.ts';

/** True where `text` holds the filter; a leading '!' turns it round. Without regard to case. */
function matches(filter: string, text: string): boolean {
  const inverted = filter.startsWith('!');
  const wanted = (inverted ? filter.slice(1) : filter).trim().toLowerCase();
  if (wanted === '') return true;
  return text.toLowerCase().includes(wanted) !== inverted;
}

/** Rows in the order that was frozen; rows that came later follow in their own order. */
function inFrozenOrder<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  list: ListState,
): readonly Row[] {
  const {frozen} = list;
  if (frozen === undefined) return rows;
  const place = new Map(frozen.map((key, index) => [key, index]));
  const at = (row: Row) => place.get(keyOf(row)) ?? frozen.length;
  return rows.toSorted((one, other) => at(one) - at(other));
}

const byText = new Intl.Collator('en', {numeric: true, sensitivity: 'base'});

export const requestKey = (request: RequestSnapshot) => String(request.request);
export const folderKey = (folder: FolderSnapshot) => String(folder.folder);

/** The mailboxes the filter leaves; a leading '!' turns it round. */
export function arrangeRequests(
  requests: readonly RequestSnapshot[],
  list: ListState,
): readonly RequestSnapshot[] {
  const failing = list.onlyFailures ? requests.filter(requestHasFailures) : requests;
  const inverted = list.filter.startsWith('!');
  const found = selectRows(failing, {sort: 'order', filter: inverted ? list.filter.slice(1) : list.filter});
  if (!inverted || list.filter.trim() === '!') return inFrozenOrder(found, requestKey, list);
  const hidden = new Set(found);
  return inFrozenOrder(
    failing.filter(request => !hidden.has(request)),
    requestKey,
    list,
  );
}

/** The keys in order number `order`; undefined for the order as given. */
export function freezeRequests(
  requests: readonly RequestSnapshot[],
  order: number,
): readonly string[] | undefined {
  const sort = sortOrders[order];
  if (sort === 'order') return undefined;
  if (sort !== undefined) return selectRows(requests, {sort}).map(requestKey);
  return requests.toSorted((one, other) => other.counts.selected - one.counts.selected).map(requestKey);
}

/** Selected folders first, then the ones left out; each in the server's order. */
export function arrangeFolders(
  folders: readonly FolderSnapshot[],
  list: ListState,
): readonly FolderSnapshot[] {
  const shown = folders.filter(
    folder =>
      (!list.onlyFailures || folderHasFailures(folder)) &&
      matches(list.filter, `${folder.source} ${folder.destination} ${folder.reason ?? ''}`),
  );
  const ordered = inFrozenOrder(shown, folderKey, list);
  return [...ordered.filter(folder => folder.selected), ...ordered.filter(folder => !folder.selected)];
}

export function freezeFolders(
  folders: readonly FolderSnapshot[],
  order: number,
): readonly string[] | undefined {
  const done = (folder: FolderSnapshot) =>
    folder.state === 'done' ? 1 : share(settled(folder.counts), folder.counts.selected);
  const compare: ((one: FolderSnapshot, other: FolderSnapshot) => number)[] = [
    (one, other) => byText.compare(one.source, other.source),
    (one, other) => Number(folderHasFailures(other)) - Number(folderHasFailures(one)),
    (one, other) => other.counts.selected - one.counts.selected,
    (one, other) => done(one) - done(other),
  ];
  const by = compare[order - 1];
  return by === undefined ? undefined : folders.toSorted(by).map(folderKey);
}

export const failureKey = (failure: Failure) => `${failure.kind} ${failure.message.uid}`;

/** Newest first by the message's date, oldest first, or by reason. A message's place never changes by itself. */
export function arrangeFailures(failures: readonly Failure[], list: ListState): readonly Failure[] {
  const shown = failures.filter(
    failure =>
      (!list.onlyFailures || failure.kind === 'failed') &&
      matches(
        list.filter,
        `${failure.message.subject ?? ''} ${failure.message.messageId ?? ''} ${failure.problem.sentence}`,
      ),
  );
  const newest = (one: Failure, other: Failure) =>
    (other.message.date ?? 0) - (one.message.date ?? 0) || other.message.uid - one.message.uid;
  if (list.order === 1) return shown.toSorted((one, other) => newest(other, one));
  if (list.order === 2) {
    return shown.toSorted(
      (one, other) => byText.compare(one.problem.code, other.problem.code) || newest(one, other),
    );
  }
  return shown.toSorted(newest);
}
