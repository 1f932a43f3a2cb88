// Folder trees as real mailboxes have them, names that trouble servers among them.
import {bigMessage, type CorpusOptions, corpus, type FolderToFill} from './mail-corpus.ts';

/** An English Office 365 mailbox: mail, and the folders that are not mail, with children. */
export const exchangeTree: readonly (readonly string[])[] = [
  ['INBOX'],
  ['Archive'],
  ['Archive', '2019'],
  ['Archive', '2019', 'Q4'],
  ['Drafts'],
  ['Sent Items'],
  ['Sent Items', 'Offers'],
  ['Projects'],
  ['Projects', 'Île de Ré'],
  ['Projects', '東京'],
  ['Junk Email'],
  ['Deleted Items'],
  ['Deleted Items', 'Old offers'],
  ['Calendar'],
  ['Calendar', 'Birthdays'],
  ['Contacts'],
  ['Contacts', 'Suppliers'],
  ['Tasks'],
  ['Tasks', 'Later'],
  ['Notes'],
  ['Journal'],
  ['Outbox'],
  ['Conversation History'],
  ['Conversation History', 'Team Chat'],
  ['Sync Issues'],
  ['Sync Issues', 'Conflicts'],
  ['RSS Feeds'],
];

/** The same in German, as Exchange names them. */
export const germanTree: readonly (readonly string[])[] = [
  ['INBOX'],
  ['Archiv'],
  ['Entwürfe'],
  ['Gesendete Elemente'],
  ['Gelöschte Elemente'],
  ['Gelöschte Elemente', 'Alt'],
  ['Junk-E-Mail'],
  ['Kalender'],
  ['Kalender', 'Geburtstage'],
  ['Kontakte'],
  ['Kontakte', 'Lieferanten'],
  ['Aufgaben'],
  ['Notizen'],
  ['Journal'],
  ['Postausgang'],
  ['Verträge & Angebote'],
];

/**
 * Names that trouble servers and terminals. All can be made on a Dovecot whose separator is '/'; those with a '.'
 * trouble a destination whose separator is '.'.
 */
export const oddNames: readonly (readonly string[])[] = [
  ['a.b'],
  ['a.b', 'v1.2.3'],
  ['Q&A'],
  ['&Jjo-'],
  ['say "hi"'],
  ["it's (done) {1} [x]"],
  ['two  spaces'],
  ['100%*'],
  ['back\\slash'],
  ['😀 fun'],
  ['Cafe\u0301'],
  ['Café'],
  ['UPPER'],
  ['upper'],
  ['=SUM(A1)'],
  ['very long '.repeat(20).trim()],
];

/**
 * The tree with mail in every folder, the same for the same seed. `messages` is spread over the folders, most in
 * the first; each folder has at least one unless `emptyFolders` names it (path joined by '/').
 */
export function fillTree(
  tree: readonly (readonly string[])[],
  options: CorpusOptions & {
    readonly messages: number;
    readonly emptyFolders?: readonly string[];
    /** Puts one message of about so many bytes into the first folder. */
    readonly bigBytes?: number;
  },
): FolderToFill[] {
  const each = Math.max(1, Math.floor(options.messages / (tree.length + 3)));
  const inFirst = Math.max(1, options.messages - each * (tree.length - 1));
  return tree.map((path, index) => {
    if (options.emptyFolders?.includes(path.join('/'))) return {path, messages: []};
    const messages = corpus(index === 0 ? inFirst : each, {...options, seed: options.seed * 1_000 + index});
    if (index === 0 && options.bigBytes !== undefined)
      messages.push(bigMessage(options.bigBytes, options.seed));
    return {path, messages};
  });
}
