// What kept whole mailboxes and folders from being carried, put together by what is to be done about it: three hundred
// mailboxes with the same trouble are one step to take. Pure.
import type {Problem} from '../engine/problems/problems.ts';
import type {ReportRequest} from './data.ts';

export type Concern = {
  /** The first of them; its next step and link are everybody's. */
  readonly problem: Problem;
  /** In the order of the report. `folder` is absent where it is the mailbox as a whole. */
  readonly places: readonly {readonly who: string; readonly folder?: string; readonly problem: Problem}[];
  readonly mailboxes: number;
  readonly folders: number;
};

type Place = Concern['places'][number];

/** In the order in which each first shows up, mailboxes as a whole first. */
export function concernsOf(requests: readonly ReportRequest[]): readonly Concern[] {
  const groups = new Map<string, Place[]>();
  const add = (place: Place) => {
    const {code, nextStep, link} = place.problem;
    const key = JSON.stringify([code, nextStep, link]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [place]);
    else group.push(place);
  };
  const nameOf = (request: ReportRequest) => request.source || request.title;
  for (const request of requests)
    if (request.problem !== undefined) add({who: nameOf(request), problem: request.problem});
  for (const request of requests)
    for (const folder of request.folders)
      if (folder.problem !== undefined)
        add({who: nameOf(request), folder: folder.source, problem: folder.problem});
  return [...groups.values()].flatMap(places => {
    const [first] = places;
    if (first === undefined) return [];
    const folders = places.filter(place => place.folder !== undefined).length;
    return [{problem: first.problem, places, mailboxes: places.length - folders, folders}];
  });
}
