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

export type Boxes = {
  /** All boxes in their order. */
  readonly keys: readonly string[];
  /** The boxes that follow when this one is switched, itself among them. */
  readonly together: (key: string) => readonly string[];
  /** What "all" ticks. Where every one of them is ticked, "all" clears the whole list instead. */
  readonly natural: ReadonlySet<string>;
};

export function checkListReducer(list: CheckList, action: CheckListAction, boxes: Boxes): CheckList {
  switch (action.type) {
    case 'move':
      return {
        ...list,
        index: Math.max(0, movedIndex(action.move, list.index, action.page, boxes.keys.length)),
      };
    case 'toggle': {
      const key = boxes.keys[list.index];
      if (key === undefined) return list;
      const on = !list.ticked.has(key);
      const ticked = new Set(list.ticked);
      for (const each of boxes.together(key)) {
        if (on) ticked.add(each);
        else ticked.delete(each);
      }
      return {...list, ticked};
    }
    case 'toggle-all': {
      const full = [...boxes.natural].every(key => list.ticked.has(key));
      return {...list, ticked: full ? new Set() : new Set([...list.ticked, ...boxes.natural])};
    }
  }
}
