// A cursor in a list of boxes, some ticked. What a tick means is the screen's business.
import {type Move, movedIndex} from './virtual-list.ts';

export type CheckList = {
  readonly index: number;
  readonly ticked: ReadonlySet<string>;
};

export type CheckListAction =
  | {readonly type: 'move'; readonly move: Move; readonly page: number}
  | {readonly type: 'toggle'}
  | {readonly type: 'toggle-all'};

/**
 * `keys`: all boxes in their order; `natural`: the ones that "all" ticks. Where every natural one is ticked,
 * "all" clears the whole list instead.
 */
export function checkListReducer(
  list: CheckList,
  action: CheckListAction,
  keys: readonly string[],
  natural: ReadonlySet<string>,
): CheckList {
  switch (action.type) {
    case 'move':
      return {...list, index: Math.max(0, movedIndex(action.move, list.index, action.page, keys.length))};
    case 'toggle': {
      const key = keys[list.index];
      if (key === undefined) return list;
      const ticked = new Set(list.ticked);
      if (!ticked.delete(key)) ticked.add(key);
      return {...list, ticked};
    }
    case 'toggle-all': {
      const full = [...natural].every(key => list.ticked.has(key));
      return {...list, ticked: full ? new Set() : new Set([...list.ticked, ...natural])};
    }
  }
}
