// What a folder is for: by its special-use flag (RFC 6154) anywhere, by its name at the top of the mailbox only,
// since a project's folder may well hold a folder "Calendar" with mail in it.
import type {FolderRole} from './localised.ts';
import {isRoleName} from './localised.ts';
import {isInbox, isWithin} from './path.ts';

type Named = {readonly path: readonly string[]; readonly flags: readonly string[]};

const flagRoles: readonly (readonly [string, FolderRole])[] = [
  ['\\trash', 'trash'],
  ['\\junk', 'junk'],
  ['\\sent', 'sent'],
  ['\\drafts', 'drafts'],
  ['\\archive', 'archive'],
];

/** Kinds of folder that Exchange shows over IMAP though they hold no mail. */
export const exchangeRoles: readonly FolderRole[] = [
  'calendar',
  'contacts',
  'tasks',
  'notes',
  'journal',
  'outbox',
  'conversations',
  'sync',
  'feeds',
  'files',
];

export function hasFlag(folder: Named, flag: string): boolean {
  return folder.flags.some(each => each.toLowerCase() === flag);
}

/** The role a flag gives. */
export function flaggedRole(folder: Named): FolderRole | undefined {
  return flagRoles.find(([flag]) => hasFlag(folder, flag))?.[1];
}

/**
 * The first of `roles` that the name means in some language, where the folder is at the top of the mailbox.
 * `prefix`: levels of the personal namespace, such as ['INBOX'] where all folders are below INBOX.
 */
export function namedRole(
  folder: Named,
  roles: readonly FolderRole[],
  prefix: readonly string[] = [],
): FolderRole | undefined {
  const top = isWithin(folder.path, prefix) ? folder.path.slice(prefix.length) : folder.path;
  const [name] = top;
  if (top.length !== 1 || name === undefined || isInbox(name)) return undefined;
  return roles.find(role => isRoleName(name, role));
}
