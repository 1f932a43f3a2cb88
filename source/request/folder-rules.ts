// Which names a destination folder may have. It is made new below the top of the mailbox and holds the whole tree
// of the source, so it must neither be one of the server's own folders nor a name the server cannot hold.
import {folderCharacterRule} from './folder-characters.ts';
import {controlCharacters, type Refusal} from './rules.ts';

/** The request form's reserved names. */
const formNames = ['Drafts', 'Trash', 'Spam', 'Chat', 'Quarantine', 'Archive'];

/** Exchange's own, in English; the engine finds localised ones by special use and by name. */
const exchangeNames = [
  'Inbox',
  'Sent Items',
  'Deleted Items',
  'Junk Email',
  'Outbox',
  'Calendar',
  'Contacts',
  'Tasks',
  'Notes',
  'Journal',
  'Conversation History',
  'Sync Issues',
  'RSS Feeds',
  'Files',
];

export const reservedFolderNames: readonly string[] = [...formNames, ...exchangeNames];

const alike = (name: string) => name.normalize('NFC').toLowerCase();
const reserved = new Set(reservedFolderNames.map(alike));

/** Exchange's PR_DISPLAY_NAME and most file systems below other servers end at 255. */
const longestLevel = 255;
/** Exchange Online's depth limit is 300 levels; the source's own tree needs some of them. */
const deepest = 100;

/**
 * @param path levels joined by '/'
 * @param needed the destination is Office 365, where a folder must be given
 * @param alsoReserved first-level names of this provider
 */
export function destinationFolderRule(
  path: string,
  needed: boolean,
  alsoReserved: readonly string[] = [],
): Refusal {
  if (path === '') {
    return needed
      ? 'The destination folder is missing. Name a new folder, for example Data17012018; all mail goes below it.'
      : undefined;
  }
  const control = folderCharacterRule(path) ?? controlCharacters(path, 'The folder name');
  if (control !== undefined) return control;
  if (path !== path.trim()) return 'The folder name must not begin or end with a blank.';
  if (path.startsWith('/') || path.endsWith('/')) return 'The folder name must not begin or end with "/".';
  const levels = path.split('/');
  if (levels.includes('')) return 'The folder name has an empty level ("//").';
  // Exchange closes the connection on a folder whose name ends with a blank.
  if (levels.some(level => level !== level.trim())) {
    return 'No level of the folder name may begin or end with a blank.';
  }
  if (levels.some(level => level === '.' || level === '..')) return 'A level must not be "." or "..".';
  // RFC 9051 section 5.1: the LIST wildcards cannot be asked for by name again.
  if (/[*%]/.test(path)) return 'The folder name must not contain * or %.';
  if (levels.some(level => level.length > longestLevel)) {
    return `A level of the folder name is longer than ${longestLevel} characters.`;
  }
  if (levels.length > deepest) return `The folder name has more than ${deepest} levels.`;
  const first = levels[0] ?? '';
  if (reserved.has(alike(first)) || alsoReserved.some(name => alike(name) === alike(first))) {
    return `"${first}" is a reserved folder name. Choose a name of your own, for example Data17012018.`;
  }
  return undefined;
}

/** An existing folder's exact path; empty means the whole mailbox. */
export function sourceFolderRule(path: string): Refusal {
  if (path === '') return undefined;
  const control = controlCharacters(path, 'The folder name');
  if (control !== undefined) return control;
  if (path.startsWith('/') || path.endsWith('/')) return 'The folder path must not begin or end with "/".';
  if (path.includes('//')) return 'The folder path has an empty level ("//").';
  return undefined;
}
