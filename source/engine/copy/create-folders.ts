// Creates at the destination what is missing there, and lets people see it.
import {ServerRefused} from '../imap/errors.ts';
import type {Session} from '../imap/session.ts';
import type {FolderWork} from './folder-work.ts';

/**
 * All in one round trip, each with its status; a folder that is there already is as good as created.
 * @param isNew true where nobody remembers it: the run that created it may not have come to subscribe
 * @param there told of each folder as soon as it stands, while others are still being created
 * @returns the folders that are still not there, each with what the destination said
 * @throws ConnectionLost, and ServerRefused where STATUS is throttled
 */
export async function createFolders(
  works: readonly FolderWork[],
  target: Session,
  isNew: (work: FolderWork) => boolean,
  there: (work: FolderWork) => void = () => undefined,
): Promise<readonly (readonly [FolderWork, ServerRefused])[]> {
  const missing = new Map(
    works.filter(work => work.destinationStatus === undefined).map(work => [work.pair.destination, work]),
  );
  const hidden = works.filter(work => work.destinationStatus !== undefined && isNew(work));
  const subscribed = target.subscribe(hidden.map(work => work.pair.destination));
  subscribed.catch(() => undefined);
  if (missing.size === 0 || target.exchange) await subscribed;
  if (missing.size === 0) return [];
  const refused = await target.create([...missing.keys()], (name, status) => {
    const work = missing.get(name);
    if (work === undefined) return;
    work.destinationStatus = status;
    there(work);
  });
  await subscribed;
  return [...missing.values()]
    .filter(work => work.destinationStatus === undefined)
    .map(work => [
      work,
      refused.get(work.pair.destination) ?? new ServerRefused('destination', 'NO', 'Not created', 'STATUS'),
    ]);
}

/**
 * As `createFolders`; where a name is refused, the folder is tried by the plainer names that it may have instead. One that
 * gets none of them goes where it went, with what was said of its own name.
 * @param mindsName whether the refusal may be for the name
 */
export async function createByAnyName(
  works: readonly FolderWork[],
  target: Session,
  isNew: (work: FolderWork) => boolean,
  there: (work: FolderWork) => void,
  mindsName: (work: FolderWork, refusal: ServerRefused) => boolean,
): Promise<ReadonlyMap<FolderWork, ServerRefused>> {
  const refused = new Map(await createFolders(works, target, isNew, there));
  const names = new Map(
    [...refused]
      .filter(([work, refusal]) => mindsName(work, refusal))
      .map(([work]) => [work, {own: work.pair, places: work.pair.elsewhere?.(work.pair.destination) ?? []}]),
  );
  for (let turn = 0; ; turn++) {
    const tried = [...names].flatMap(([work, {own, places}]) => {
      const place = places[turn];
      return place === undefined ? [] : [{work, own, place}];
    });
    if (tried.length === 0) return refused;
    const notes = new Map(tried.map(({work, place}) => [work, place.note]));
    const stands = (work: FolderWork) => {
      const note = notes.get(work);
      if (note === undefined || !names.delete(work)) return;
      refused.delete(work);
      work.renamed(note);
      there(work);
    };
    for (const {work, place} of tried) {
      work.goTo(place);
      // Before anything is waited for: whoever counts it meanwhile takes it for ready.
      if (place.destinationStatus !== undefined) stands(work);
    }
    try {
      const still = await createFolders([...notes.keys()], target, isNew, stands);
      for (const [work, refusal] of still) {
        if (mindsName(work, refusal)) continue;
        refused.set(work, refusal);
        names.delete(work);
      }
    } finally {
      for (const {work, own} of tried)
        if (refused.has(work)) {
          work.goTo(own);
          work.destinationStatus = undefined;
        }
    }
  }
}
