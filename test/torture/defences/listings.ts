// What servers list, and where they say that it is.
import type {Defence} from '../../helpers/defence.ts';

const listing = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: `engine/${file}.ts`, code, instead},
  test: 'engine/copy/odd-listings.test.ts',
  title,
});

const folding = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  ...listing(about, file, code, instead, title),
  test: 'engine/copy/case-folding.test.ts',
});
const notMixed = 'folders that differ in case only do not mix where the destination tells %s';
const inOtherCase = 'a folder goes into the one that stands there in another case where it tells %s';

const inPart = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  ...listing(about, `copy/${file}`, code, instead, title),
  test: 'engine/copy/listed-in-part.test.ts',
});

const sourceInPart = (
  about: string,
  file: string,
  code: string,
  instead: string,
  title: string,
): Defence => ({
  ...listing(about, `copy/${file}`, code, instead, title),
  test: 'engine/copy/source-in-part.test.ts',
});
const named = 'what the source names is copied, and the folder fails until it names all that it holds';
const notGone = 'a message that is not sent has not gone for a search without it, where a list %s';

const notDeleted = 'a search that names %s where a folder is looked at deletes no copy';

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
  listing(
    'takes the answer for Inbox for that of INBOX',
    'imap/create',
    'foldCase(answered) === foldCase(asked) ? asked : answered',
    'foldCase(answered) === foldCase(asked) ? answered : answered',
    'INBOX is found at a destination that spells it otherwise %s',
  ),
  listing(
    'knows INBOX by any spelling',
    'folders/case',
    "if (isInbox(name)) return 'INBOX';",
    '',
    'INBOX is found at a destination that spells it otherwise %s',
  ),
  listing(
    'takes no two mailboxes for one where the mail goes to the top',
    'look/survey',
    'const mayBeOwn = readPath(what.destinationFolder).length > 0;',
    'const mayBeOwn = true;',
    'two mailboxes of one user that look alike are two where the mail goes to the top',
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
  folding(
    'keeps folders apart that differ in case only, where the destination does not',
    'look/survey',
    'const mapped = folded && !told ? map(true) : plain;',
    'const mapped = plain;',
    notMixed,
  ),
  folding(
    'asks the destination whether it does',
    'look/folds-case',
    'return told.has(asked.other) || !told.has(asked.name);',
    'return !told.has(asked.name);',
    notMixed,
  ),
  folding(
    'makes a folder to be able to ask',
    'look/folds-case',
    '  if (made !== undefined) await target.create([made.name]);\n',
    '',
    'folders that differ in case only keep their names where the destination tells them apart',
  ),
  folding(
    'takes the answer for a folder by its name in another case',
    'imap/create',
    'foldCase(answered) === foldCase(asked) ? asked : answered',
    'foldCase(answered) === foldCase(asked) ? answered : answered',
    inOtherCase,
  ),
  folding(
    'knows how a folder stands that is listed in another case',
    'look/survey',
    'destinationStatus: statuses.get(knownAs(goes.path, folded))',
    'destinationStatus: statuses.get(goes.path)',
    inOtherCase,
  ),
  folding(
    'takes no mail for that of others in a folder that is listed in another case',
    'look/list-mail',
    '!ours.has(knownAs(name, foldsCase)) &&',
    '!ours.has(name) &&',
    inOtherCase,
  ),
  inPart(
    'believes no search that names fewer copies than there are',
    'reconcile',
    'await listWhole(target, opened)',
    'await target.search({})',
    'nor does one of a folder in which copies were deleted hide which ones',
  ),
  inPart(
    'nor one that is to name what was sent without an answer',
    'tail',
    'exists - this.#below',
    '0',
    'what was sent without an answer is not sent again because a search names nothing',
  ),
  inPart(
    'nor one that is asked where a header is left out',
    'looks',
    'if (there.length >= uids.length) return there;',
    'return there;',
    'a header that is left out is not gone because a search leaves it out too',
  ),
  inPart(
    'asks in another way where a search names too few',
    'whole-list',
    'if (countHeld(all, uidNext, before) < exists)',
    'if (false)',
    notDeleted,
  ),
  inPart(
    'takes nothing for gone where no answer names all',
    'whole-list',
    'if (held >= exists) return',
    'if (held >= exists || asked === mostAsked) return',
    'where no answer names what is there, the folder fails until one does, and no copy counts as deleted',
  ),
  inPart(
    'nor when all is stored',
    'finish',
    'error instanceof LeftOut || ',
    '',
    'nor do those that are missed when all is stored: the folder is not done',
  ),
  folding(
    'carries no folder into itself that was typed in another case',
    'look/survey',
    'const choice = {...wanted, foldsCase: folded};',
    'const choice = wanted;',
    'a folder typed in another case is not carried into itself: %s',
  ),
  sourceInPart(
    'copies what the source names, and says that this is not all',
    'count',
    'if (missing > 0) work',
    'if (false) work',
    named,
  ),
  sourceInPart(
    'says so in a dry run too',
    'folder-tasks',
    'if (work.inPart !== undefined) work',
    'if (false) work',
    'a dry run says so',
  ),
  sourceInPart(
    'lists a source folder in another way where a search names too few',
    'count',
    'asked === 1 || byDate',
    'true',
    'what a search leaves out is taken from the list of sizes',
  ),
  sourceInPart(
    'but by dates only a search tells',
    'count',
    'asked === 1 || byDate',
    'asked === 1',
    'but not where the search is to tell what is asked for',
  ),
  sourceInPart(
    'takes no message for gone that only a search does not name',
    'alone',
    "return this.#listed !== 'in part' && !this.#listed.has(uid);",
    'return true;',
    notGone,
  ),
  sourceInPart(
    'nor where no list is whole',
    'alone',
    "if (error instanceof ListedInPart) return 'in part';",
    'if (error instanceof ListedInPart) return new Set();',
    notGone,
  ),
  sourceInPart(
    'lists a folder once for all that have gone together',
    'alone',
    "if (this.#listed !== undefined && this.#listed !== 'in part' && !this.#listed.has(uid)) return true;",
    '',
    'one list tells of all that have gone together',
  ),
  sourceInPart(
    'nor takes that for all of it in a later run',
    'finish',
    ' && work.inPart === undefined',
    '',
    'nor does that count as all of it once a message %s, so that as many are there as were named',
  ),
  sourceInPart(
    'lets no mail that has come meanwhile make up for what a list leaves out',
    'whole-list',
    'if (uidNext === 0 || uid < uidNext || before.has(uid)) held++;',
    'held++;',
    'a message that comes meanwhile makes up for none that is missed',
  ),
  sourceInPart(
    'nor where a folder is counted',
    'count',
    'countHeld(uids, opened.uidNext, named)',
    'uids.length',
    'a message that comes while it is counted makes up for none that is hidden',
  ),
  sourceInPart(
    'asks once more by dates where not all was told',
    'count',
    'for (const uid of dated) wanted.add(uid);',
    '',
    'and is asked once more what it is to tell',
  ),
  sourceInPart(
    'lists a folder that is told in part no more than once',
    'alone',
    "if (this.#listed === 'in part') return false;",
    '',
    'nor is a list that is in part asked for again with each message',
  ),
  sourceInPart(
    'takes an answer without mail for no progress',
    'transfer',
    'if (messages.some(({body}) => body !== undefined && body.length > 0))\n',
    '',
    'a source that does not send a message, and refuses %s for now whenever it is missed, is given up',
  ),
  sourceInPart(
    'believes no UIDNEXT that mail of before lies beyond, where a folder is counted',
    'count',
    'opened.uidNext, named)',
    'opened.uidNext)',
    'a source that does not know which UID comes next is believed where it names all',
  ),
  sourceInPart(
    'nor where what has gone is told from what is hidden',
    'whole-list',
    '    before = all;\n',
    '',
    'and where it names all but what has gone',
  ),
  sourceInPart(
    'nor an answer of empty mail',
    'transfer',
    'if (messages.some(({body}) => body !== undefined && body.length > 0))',
    'if (messages.length > 0)',
    'nor is one asked without end that sends empty mail, and refuses what is asked of it then',
  ),
  {
    ...sourceInPart('leaves to the next run what has come since all was listed', 'count', '', '', ''),
    change: {
      file: 'engine/copy/count.ts',
      code: 'asked.filter(uid => uid < uidNext)',
      instead: 'asked',
    },
    test: 'engine/copy/counted-by-date.test.ts',
    title: 'between the search of all and that by dates, where the sizes were told in part',
  },
  {
    ...sourceInPart('also in a folder that has grown', 'count', '', '', ''),
    change: {
      file: 'engine/copy/count.ts',
      code: 'from === 1 && told !== opened.exists',
      instead: 'told !== opened.exists',
    },
    test: 'engine/copy/counted-by-date.test.ts',
    title: 'between the sizes and the search, in a folder that has grown',
  },
  {
    ...sourceInPart('sends nothing that was read for a halt once the run is stopped', 'transfer', '', '', ''),
    change: {
      file: 'engine/copy/transfer.ts',
      code: 'written < leastUnderWay && !finish.aborted;',
      instead: 'written < leastUnderWay;',
    },
    test: 'engine/copy/one-ahead.test.ts',
    title: 'where %s meanwhile, the others are not sent any more',
  },
  inPart(
    'takes mail that was named before for mail that was there',
    'whole-list',
    ' || before.has(uid)',
    '',
    'a destination that does not know which UID comes next is believed where it names all, when %s',
  ),
];
