// Which folders of the source are copied, and why the others are not. The rule comes from the request form: from
// Office 365 everything but Contacts, Deleted Items, Tasks, Calendar and what is below them; mail moved to Trash
// or Spam is not copied. A person may override the rule for single folders.
import type {Problem} from '../problems/problems.ts';
import {problem} from '../problems/problems.ts';
import {isForeign} from './foreign.ts';
import type {FolderRole} from './localised.ts';
import {nearPaths} from './near.ts';
import type {ListedFolder} from './path.ts';
import {isWithin, readPath, showPath} from './path.ts';
import {exchangeRoles, flaggedRole, hasFlag, namedRole} from './role.ts';

export type FolderChoice = {
  /** Exact path with everything below it; the rule does not exclude a folder that is named here. */
  readonly sourceFolder?: string;
  /** Paths, each with everything below; the most exact path decides, and `exclude` where both name the same. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly withJunk: boolean;
  /** The source's provider; 'o365' for any Exchange. */
  readonly provider: string;
  /** Levels of the source's personal namespace, such as ['INBOX'] for 'INBOX.'. */
  readonly prefix?: readonly string[];
  /** Prefixes of other users' and shared mailboxes. */
  readonly foreign?: readonly string[];
  /** Where source and destination are the same mailbox: levels of the destination folder, never carried into itself. */
  readonly ownFolder?: readonly string[];
  /** That mailbox takes names for one that differ in case only. */
  readonly foldsCase?: boolean;
};

export type SelectedFolder = {
  readonly folder: ListedFolder;
  /** For people, see path.ts. */
  readonly path: string;
  readonly selected: boolean;
  /** Why it is left out; absent where it is selected. */
  readonly reason?: string;
};

const rule = '(rule of the request)';

const reasons: Readonly<Partial<Record<FolderRole, string>>> = {
  trash: `mail moved to Trash ${rule}`,
  junk: `spam ${rule}; --with-junk copies it`,
  calendar: `calendar, not mail ${rule}`,
  contacts: `contacts, not mail ${rule}`,
  tasks: `tasks, not mail ${rule}`,
  notes: 'notes of Exchange, not mail',
  journal: 'journal of Exchange, not mail',
  outbox: 'outbox, mail not sent yet',
  conversations: 'chat history of Exchange, not mail',
  sync: 'synchronisation log of Outlook, not mail',
  feeds: 'RSS feeds, not mail',
  files: 'hidden file store of Exchange, not mail',
};

const othersReason =
  "another user's or a shared folder, not part of this mailbox; switch it on to copy it too";

/** Gmail's views of mail that is in other folders too (RFC 6154). */
const views: readonly (readonly [string, string])[] = [
  [
    '\\all',
    'shows the mail of all folders once more; switch it on to copy archived mail that is in no other folder',
  ],
  ['\\flagged', 'shows starred mail of other folders once more'],
  ['\\important', 'shows important mail of other folders once more'],
];

/**
 * Decides for every folder. For a source other than Exchange only trash, junk and Gmail's views are left out:
 * there a folder "Tasks" holds ordinary mail. Keeps the order of `listed`.
 */
export function selectFolders(listed: readonly ListedFolder[], choice: FolderChoice): SelectedFolder[] {
  const roots = listed.flatMap(folder => {
    const reason = reasonByRule(folder, choice);
    return reason === undefined ? [] : [{path: folder.path, reason}];
  });
  const start = choice.sourceFolder === undefined ? [] : readPath(choice.sourceFolder);
  const includes = choice.include.map(readPath);
  if (start.length > 0) includes.push(start);
  const excludes = choice.exclude.map(readPath);

  return listed.map(folder => {
    const own = choice.ownFolder !== undefined && isWithin(folder.path, choice.ownFolder, choice.foldsCase);
    const reason = own
      ? 'the destination folder of this request'
      : reasonFor(folder, {start, includes, excludes, roots});
    const path = showPath(folder.path);
    return reason === undefined ? {folder, path, selected: true} : {folder, path, selected: false, reason};
  });
}

/** Choices that name no folder of the source, with names near to them. Stops where the source folder is missing. */
export function choiceProblems(listed: readonly ListedFolder[], choice: FolderChoice): Problem[] {
  const exists = (path: readonly string[]) => listed.some(folder => isWithin(folder.path, path));
  const start = choice.sourceFolder === undefined ? [] : readPath(choice.sourceFolder);
  const paths = listed.map(folder => folder.path);
  const problems: Problem[] = [];
  if (start.length > 0 && !exists(start))
    problems.push(
      problem('source-folder-not-found', {folder: showPath(start), near: nearPaths(start, paths)}),
    );
  for (const [option, texts] of [
    ['--include', choice.include],
    ['--exclude', choice.exclude],
  ] as const)
    for (const path of texts.map(readPath))
      if (path.length > 0 && !exists(path))
        problems.push(
          problem('choice-not-found', {option, folder: showPath(path), near: nearPaths(path, paths)}),
        );
  if (problems.every(each => each.verdict !== 'stop')) {
    const selected = selectFolders(listed, choice).some(each => each.selected);
    if (!selected) problems.push(problem('nothing-selected', {}));
  }
  return problems;
}

type Rules = {
  readonly start: readonly string[];
  readonly includes: readonly (readonly string[])[];
  readonly excludes: readonly (readonly string[])[];
  readonly roots: readonly {readonly path: readonly string[]; readonly reason: string}[];
};

function reasonFor(folder: ListedFolder, rules: Rules): string | undefined {
  const {path} = folder;
  if (folder.noSelect) return 'holds folders only, no mail';
  if (!isWithin(path, rules.start)) return `outside the source folder ${showPath(rules.start)}`;
  const included = depthOf(path, rules.includes);
  const excluded = depthOf(path, rules.excludes);
  if (excluded > 0 && excluded >= included) return 'switched off by you';
  if (included > 0) return undefined;
  const root = rules.roots.find(each => isWithin(path, each.path));
  if (root === undefined) return undefined;
  return root.path.length === path.length ? root.reason : `below ${showPath(root.path)}: ${root.reason}`;
}

/** Levels of the longest of `choices` that covers `path`; 0 where none does. */
function depthOf(path: readonly string[], choices: readonly (readonly string[])[]): number {
  let depth = 0;
  for (const choice of choices) if (choice.length > depth && isWithin(path, choice)) depth = choice.length;
  return depth;
}

function reasonByRule(folder: ListedFolder, choice: FolderChoice): string | undefined {
  if (isForeign(folder, choice.foreign ?? [])) return othersReason;
  const view = views.find(([flag]) => hasFlag(folder, flag));
  if (view !== undefined) return view[1];
  const flagged = flaggedRole(folder);
  // A flag is certain: a folder flagged \Sent is not judged by its name as well.
  const roles: readonly FolderRole[] =
    choice.provider === 'o365' ? ['trash', 'junk', ...exchangeRoles] : ['trash', 'junk'];
  const role = flagged ?? namedRole(folder, roles, choice.prefix);
  if (role === undefined || (role === 'junk' && choice.withJunk)) return undefined;
  return reasons[role];
}
