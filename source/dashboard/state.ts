// What the person is looking at: which level, which row, which order. A pure reducer; the rows themselves come
// from the snapshot and are handed in by their keys.
import {visibleWindow} from '../progress/select.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {type Move, movedIndex} from '../ui/virtual-list.ts';
import type {Place} from './keys.ts';

export type Level = Place['level'];

export const orders = {
  users: ['as given', 'by name', 'by state', 'least done first', 'failures first', 'largest first'],
  user: ['as on the server', 'by name', 'failed first', 'largest first', 'least done first'],
  folder: ['newest first', 'oldest first', 'by reason'],
} as const satisfies Record<Level, readonly string[]>;

export type ListState = {
  /** Key of the selected row. Absent: the first one. */
  readonly cursor?: string;
  /** Row at the top. */
  readonly offset: number;
  readonly filter: string;
  readonly onlyFailures: boolean;
  /** Index in `orders`. */
  readonly order: number;
  /** The keys in the order at the moment it was asked for, so that rows do not move under the cursor. */
  readonly frozen?: readonly string[];
};

/** Words, or what they are made of when they are drawn: a key that is pressed again is faster than the run tells. */
export type Said = string | ((snapshot: Snapshot) => string);

export type View = {
  /** The mailbox that is open, and the folder in it. */
  readonly request?: number;
  readonly folder?: number;
  readonly lists: Readonly<Record<Level, ListState>>;
  readonly typing: boolean;
  readonly help: boolean;
  /** The question that is open: stop the run, or one mailbox? */
  readonly asking?: {readonly stop: 'run'} | {readonly stop: 'mailbox'; readonly request: number};
  /** The answer to a key that could do nothing, or did something unseen; gone with the next key. */
  readonly said?: Said;
};

/** What the list of the level holds now: keys in drawing order, rows on screen. */
export type Rows = {readonly keys: readonly string[]; readonly height: number};

export type ViewEvent =
  | {readonly type: 'move'; readonly move: Move; readonly rows: Rows}
  | {readonly type: 'open'; readonly key: string}
  | {readonly type: 'back'}
  | {readonly type: 'sort'; readonly frozen: (order: number) => readonly string[] | undefined}
  | {readonly type: 'only-failures'}
  | {readonly type: 'filter-open'}
  | {readonly type: 'filter-text'; readonly text: string}
  | {readonly type: 'filter-rub'}
  | {readonly type: 'filter-keep'}
  | {readonly type: 'filter-clear'}
  | {readonly type: 'help'}
  | {readonly type: 'ask'; readonly about: NonNullable<View['asking']>}
  | {readonly type: 'answered'}
  | {readonly type: 'say'; readonly text: Said};

const freshList: ListState = {offset: 0, filter: '', onlyFailures: false, order: 0};

export const firstView: View = {
  lists: {users: freshList, user: freshList, folder: freshList},
  typing: false,
  help: false,
};

export function levelOf(view: View): Level {
  if (view.request === undefined) return 'users';
  return view.folder === undefined ? 'user' : 'folder';
}

/** The row that is selected: the cursor's, or the first one where that is not in the list. */
export function selectedIndex(list: ListState, keys: readonly string[]): number {
  if (list.cursor === undefined) return keys.length > 0 ? 0 : -1;
  const index = keys.indexOf(list.cursor);
  return index >= 0 ? index : Math.min(list.offset, keys.length - 1);
}

/** True where rows are hidden on request. */
export function isNarrowed(list: ListState): boolean {
  return list.filter !== '' || list.onlyFailures;
}

/** What is seen after an event. */
export function reduceView(before: View, event: ViewEvent): View {
  const {said: _said, ...view} = before;
  return event.type === 'say' ? {...view, said: event.text} : next(view, event);
}

function next(view: View, event: Exclude<ViewEvent, {type: 'say'}>): View {
  const level = levelOf(view);
  const list = view.lists[level];
  const withList = (change: Partial<ListState>): View => ({
    ...view,
    lists: {...view.lists, [level]: {...list, ...change}},
  });
  switch (event.type) {
    case 'move': {
      const {keys, height} = event.rows;
      const index = movedIndex(event.move, selectedIndex(list, keys), height, keys.length);
      const cursor = keys[index];
      if (cursor === undefined) return view;
      return withList({cursor, offset: visibleWindow(keys.length, height, index, list.offset).start});
    }
    case 'open':
      return opened(view, level, event.key);
    case 'back':
      return steppedOut(view, level, withList);
    case 'sort': {
      const order = (list.order + 1) % orders[level].length;
      const frozen = event.frozen(order);
      const {frozen: _old, ...rest} = list;
      const next: ListState = {...rest, order, offset: 0, ...(frozen === undefined ? {} : {frozen})};
      return {...view, lists: {...view.lists, [level]: next}};
    }
    case 'only-failures':
      return withList({onlyFailures: !list.onlyFailures, offset: 0});
    case 'filter-open':
      return {...view, typing: true};
    case 'filter-text':
      return withList({filter: `${list.filter}${event.text}`.slice(0, 80), offset: 0});
    case 'filter-rub':
      return withList({filter: [...list.filter].slice(0, -1).join(''), offset: 0});
    case 'filter-keep':
      return {...view, typing: false};
    case 'filter-clear':
      return {...withList({filter: '', offset: 0}), typing: false};
    case 'help':
      return {...view, help: !view.help};
    case 'ask':
      return {...view, asking: event.about, help: false};
    case 'answered': {
      const {asking: _asking, ...rest} = view;
      return rest;
    }
  }
}

function opened(view: View, level: Level, key: string): View {
  const users = {...view.lists.users};
  const index = Number(key);
  if (!Number.isInteger(index)) return view;
  if (level === 'users') {
    const lists = {...view.lists, users: {...users, cursor: key}, user: freshList, folder: freshList};
    return {...view, request: index, lists};
  }
  if (level === 'folder') return view;
  const user = {...view.lists.user, cursor: key};
  return {...view, folder: index, lists: {...view.lists, user, folder: freshList}};
}

/** One step out: first the help, then the filter and the failures, then the level. */
function steppedOut(view: View, level: Level, withList: (change: Partial<ListState>) => View): View {
  const list = view.lists[level];
  if (view.help) return {...view, help: false};
  if (isNarrowed(list)) return withList({filter: '', onlyFailures: false, offset: 0});
  if (level === 'folder') {
    const {folder: _folder, ...outer} = view;
    return outer;
  }
  const {request: _request, folder: _folder, ...outer} = view;
  return outer;
}
