// What servers list, and where they say that it is.
import type {Defence} from '../../helpers/defence.ts';

const listing = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: `engine/${file}.ts`, code, instead},
  test: 'engine/copy/odd-listings.test.ts',
  title,
});

export const listings: readonly Defence[] = [
  listing(
    'takes no folder of somebody else for the mailbox’s own Sent',
    'folders/foreign',
    '{...folder, flags: []}',
    'folder',
    'no sent mail goes by the flag of a folder that %s',
  ),
  listing(
    'puts no folder where the destination keeps those of others',
    'folders/map',
    '    taken.add(takenKey(levelsOf(prefix, destination), destination));',
    '    takenKey(levelsOf(prefix, destination), destination);',
    'a folder that has the name of the place where the destination keeps those of others does not go there',
  ),
  listing(
    'takes the prefix of a namespace for whole levels',
    'folders/foreign',
    'prefix + delimiter : prefix',
    'prefix : prefix',
    'a folder whose name only begins like the place of others is one of the mailbox',
  ),
  listing(
    'leaves folders of others out',
    'folders/select',
    '  if (isForeign(folder, choice.foreign ?? [])) return othersReason;\n',
    '',
    'a folder whose name only begins like the place of others is one of the mailbox',
  ),
  listing(
    'copies a shared folder that is named',
    'folders/select',
    '  if (included > 0) return undefined;\n',
    '',
    'a shared folder is copied where it is named: as %s',
  ),
  listing(
    'copies an INBOX that is not listed',
    'imap/list',
    'const unlisted = !listed.some(({wire}) => isInbox(wire));',
    'const unlisted = false;',
    'INBOX is copied also where the list leaves it out',
  ),
  listing(
    'separates levels as the list does where nothing else is told',
    'imap/session',
    '{delimiter: delimiterOf(listed), ...(await told)}',
    "{delimiter: '/', ...(await told)}",
    'levels are separated as the list says where the destination %s',
  ),
  listing(
    'keeps folders apart whose levels are separated differently',
    'imap/list',
    'taken.has(key) ? [name] : levels',
    'levels',
    'a folder that is listed like another is one of its own: %s',
  ),
  listing(
    'takes all that follows the delimiter for the name',
    'imap/list',
    '.exec(line)?.[1] ?? name;',
    '.exec(line)?.[2] ?? name;',
    'a folder that is listed like another is one of its own: %s',
  ),
  {
    ...listing(
      'keeps what was told of a message before its body',
      'imap/fetch',
      'flags: read.flags ?? before?.flags ?? []',
      'flags: read.flags ?? []',
      'a message whose flags and date come %s keeps them',
    ),
    test: 'engine/imap/answer-in-parts.test.ts',
  },
];
