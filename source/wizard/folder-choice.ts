// Which folders go: what the rule says, and where the person said otherwise. Pure.
import type {PlannedFolder} from '../engine/events.ts';
import type {Inspection} from '../engine/inspection.ts';
import type {Request} from '../request/schema.ts';

/** The request's paths that go against the rule. */
export type FolderChoice = Pick<Request, 'include' | 'exclude'>;

export const noChoice: FolderChoice = {include: [], exclude: []};

/** The folders that are copied, by their path at the source, as the look at the mailbox found them. */
export function tickedFolders(folders: readonly PlannedFolder[]): ReadonlySet<string> {
  return new Set(folders.filter(folder => folder.selected).map(folder => folder.source));
}

/**
 * The folders the rule itself takes: the ones the person switched are taken back to what the rule gave, where that
 * is known. A folder that was switched on has to be one the rule leaves out.
 */
export function ruledFolders(
  folders: readonly PlannedFolder[],
  {include, exclude}: FolderChoice,
): ReadonlySet<string> {
  return new Set(
    folders
      .filter(({source, selected}) => (selected && !include.includes(source)) || exclude.includes(source))
      .map(folder => folder.source),
  );
}

/** What to write into the request so that just the ticked folders go; paths of other folders stay as they are. */
export function choiceOf(
  folders: readonly PlannedFolder[],
  ruled: ReadonlySet<string>,
  ticked: ReadonlySet<string>,
  before: FolderChoice = noChoice,
): FolderChoice {
  const known = new Set(folders.map(folder => folder.source));
  const paths = folders.map(folder => folder.source);
  return {
    include: [
      ...before.include.filter(path => !known.has(path)),
      ...paths.filter(path => ticked.has(path) && !ruled.has(path)),
    ],
    exclude: [
      ...before.exclude.filter(path => !known.has(path)),
      ...paths.filter(path => !ticked.has(path) && ruled.has(path)),
    ],
  };
}

export type Totals = {
  readonly folders: number;
  readonly messages: number;
  /** Absent where a server did not tell a folder's size. */
  readonly bytes?: number;
};

/** What is to be copied: the ticked folders, before the filters on dates and without what is already there. */
export function totalsOf(folders: readonly PlannedFolder[], ticked: ReadonlySet<string>): Totals {
  const chosen = folders.filter(folder => ticked.has(folder.source));
  const sizes = chosen.map(folder => folder.bytes ?? (folder.messages === 0 ? 0 : undefined));
  const bytes = sizes.reduce(
    (sum, size) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  return {
    folders: chosen.length,
    messages: chosen.reduce((sum, folder) => sum + folder.messages, 0),
    ...(bytes === undefined ? {} : {bytes}),
  };
}

/** The end that has to be mended before anything can go on; undefined where both are signed in. */
export function failedEnd({source, destination}: Inspection): 'source' | 'destination' | undefined {
  if (source === undefined) return 'source';
  return destination === undefined ? 'destination' : undefined;
}

/** Why one cannot go on from here, in a sentence; undefined where one can. */
export function obstacle(inspection: Inspection, ticked: ReadonlySet<string>): string | undefined {
  const stopping = inspection.problems.find(
    problem => problem.verdict === 'stop' && problem.scope !== 'folder' && problem.scope !== 'message',
  );
  if (stopping) return stopping.sentence;
  if (failedEnd(inspection) !== undefined) return 'One of the two mailboxes could not be opened.';
  if (ticked.size === 0) return 'No folder is chosen. Space chooses one, a chooses all.';
  return undefined;
}
