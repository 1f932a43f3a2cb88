// The rows of the level the person is at: the snapshot seen through the view.
import type {Problem} from '../engine/problems/problems.ts';
import type {Failure, FolderSnapshot, RequestSnapshot, Snapshot} from '../progress/snapshot.ts';
import {
  arrangeFailures,
  arrangeFolders,
  arrangeRequests,
  failureKey,
  folderKey,
  freezeFolders,
  freezeRequests,
  requestKey,
} from './arrange.ts';
import {type ListState, levelOf, type View} from './state.ts';

type Shared = {
  readonly list: ListState;
  /** Keys of the rows, in drawing order. */
  readonly keys: readonly string[];
  /** Rows there would be without filter. */
  readonly all: number;
};

export type UsersContent = Shared & {readonly level: 'users'; readonly requests: readonly RequestSnapshot[]};
export type UserContent = Shared & {
  readonly level: 'user';
  readonly request: RequestSnapshot;
  readonly folders: readonly FolderSnapshot[];
  /** Rows after the folders. */
  readonly notes: readonly Problem[];
};
export type FolderContent = Shared & {
  readonly level: 'folder';
  readonly request: RequestSnapshot;
  readonly folder: FolderSnapshot;
  readonly failures: readonly Failure[];
};
export type Content = UsersContent | UserContent | FolderContent;

export function contentOf(snapshot: Snapshot, view: View): Content {
  const level = levelOf(view);
  const list = view.lists[level];
  const request = view.request === undefined ? undefined : snapshot.requests[view.request];
  if (level === 'users' || request === undefined) return usersContent(snapshot.requests, view.lists.users);
  const folder = request.folders.find(one => one.folder === view.folder);
  if (level === 'user' || folder === undefined) return userContent(request, view.lists.user);
  const failures = arrangeFailures(folder.failures, list);
  const keys = failures.map(failureKey);
  return {level: 'folder', list, request, folder, failures, keys, all: folder.failures.length};
}

function usersContent(requests: readonly RequestSnapshot[], list: ListState): UsersContent {
  const shown = arrangeRequests(requests, list);
  return {level: 'users', list, requests: shown, keys: shown.map(requestKey), all: requests.length};
}

function userContent(request: RequestSnapshot, list: ListState): UserContent {
  const folders = arrangeFolders(request.folders, list);
  const notes = list.filter === '' && !list.onlyFailures ? request.notes : [];
  const keys = [...folders.map(folderKey), ...notes.map((_, index) => `note ${index}`)];
  return {level: 'user', list, request, folders, notes, keys, all: request.folders.length};
}

/** The keys in order number `order`, to be kept until the next one is asked for. */
export function frozenOrder(
  snapshot: Snapshot,
  content: Content,
  order: number,
): readonly string[] | undefined {
  if (content.level === 'users') return freezeRequests(snapshot.requests, order);
  if (content.level === 'user') return freezeFolders(content.request.folders, order);
  return undefined;
}
