// Many folders, small ones and such as are made anew while they are copied.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const staged = (about: string, code: string, instead: string): Defence => ({
  about,
  change: {file: 'engine/copy/stages.ts', code, instead},
  test: 'engine/copy/stages.test.ts',
  title:
    'the folders of a stage are known without looking through all of them, in the order in which they came',
});

const misread =
  'behind an EXAMINE that was refused, FETCH reads the folder that was open before: none of it is stored as another’s';
const remade = 'a folder that was made anew at the %s is noticed also where it stays open';
const apart: ReadonlySet<string> = new Set([misread, remade]);

const small = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'engine/copy/small-folders.ts', code, instead},
  test: `engine/copy/small-folders${apart.has(title) ? '-opened' : ''}.test.ts`,
  title,
});

const lanes = rowOf('engine/copy/small-folders', 'engine/copy/stages');

const connections = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file, code, instead},
  test: 'engine/copy/connections.test.ts',
  title,
});
const oneEach =
  'among several mailboxes with little mail each has one connection to each end, and none is opened that is not used';

const choice = (about: string, code: string, instead: string, title: string): Defence => ({
  ...small(about, code, instead, title),
  test: 'engine/copy/small-folders-choice.test.ts',
});

const bound = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file, code, instead},
  test: 'engine/imap/bounds.test.ts',
  title,
});

const sharedTitle = 'two folders whose names read the same are both copied, and it is told: %s';
const shared = (about: string, file: string, code: string, instead: string): Defence => ({
  about,
  change: {file, code, instead},
  test: 'engine/copy/shared-names.test.ts',
  title: sharedTitle,
});

export const folders: readonly Defence[] = [
  staged('takes a folder out of the stage that it was in', 'this.#in[before].delete(work);', ''),
  staged('notes the stage of a folder', '    this.#stages.set(work, stage);\n', ''),
  staged('tells of a change', 'this.begin(work, stage);\n    this.#changed();', 'this.begin(work, stage);'),
  staged(
    'counts no folder that is copied as open',
    'count.size + look.size + copy.size',
    'count.size + look.size + copy.size + this.#in.copied.size',
  ),
  bound(
    'believes no list of far more messages than a folder says it holds',
    'engine/imap/session.ts',
    '        boundListed(found.size, this.#told);\n',
    '',
    'are given up where a folder lists far more messages than it says it holds',
  ),
  bound(
    'holds EXISTS against the list of the folder that is open',
    'engine/imap/session.ts',
    'this.#told = exists;',
    '',
    'are given up where a folder lists far more messages than it says it holds',
  ),
  bound(
    'lets a folder list five million messages',
    'engine/imap/session.ts',
    '      most: mostMessages,\n',
    '',
    'are given up where a folder lists far more messages than it says it holds',
  ),
  {
    about: 'looks into the folder itself where its EXISTS is not what it lists',
    change: {
      file: 'engine/copy/count.ts',
      code: '      () => source.examine(name, wire),\n      () => source.search({}),',
      instead:
        '      async () => ({uidValidity: work.sourceUidValidity, exists: 0}),\n      () => source.search({}),',
    },
    test: 'engine/copy/hostile-folders.test.ts',
    title: 'is counted by looking into it, and no other: %s',
  },
  bound(
    'gives up a folder that is opened without end',
    'engine/imap/answers.ts',
    '++by.taken > (by.most ?? mostAnswers)',
    '++by.taken > (by.most ?? 1e9)',
    'are given up by their number, whatever was asked',
  ),
  small(
    'what is not written down goes back to its folder',
    '  work.giveBack(taken);\n',
    '',
    'answers that are lost are looked for, not sent again',
  ),
  small(
    'what was sent without an answer is looked for',
    '  if (writer.abandon()) work.lost(ports.elapsed());\n',
    '  writer.abandon();\n',
    'answers that are lost are looked for, not sent again',
  ),
  small(
    'sends nothing of what was only read when it is stopped',
    '  if (context.stop.finish.aborted) return;\n',
    '',
    'a stop sends nothing of what was only asked for',
  ),
  staged('leaves a folder in its place that is there already', '    if (before === stage) return;\n', ''),
  small(
    'a folder whose EXAMINE failed has no messages of another',
    '  await part.opened;\n  const messages',
    '  const messages',
    misread,
  ),
  small(
    'a folder out of the ordinary goes alone next',
    'if (taken.size > 0 && !stop.finish.aborted) work.alone = true;',
    '',
    'folders that cannot be opened any more fail by themselves',
  ),
  small(
    'gives back the bytes of what was not sent',
    'if (!part.sent) budget.give(batch.bytes);',
    '',
    'folders that cannot be opened any more fail by themselves',
  ),
  choice(
    'a folder that goes alone goes alone',
    'work.alone || work.unsettled || work.wary || work.opening.doubtful',
    'work.unsettled || work.wary || work.opening.doubtful',
    'is no folder that %s',
  ),
  choice(
    'no folder goes with others before what was sent is looked for',
    'work.alone || work.unsettled || work.wary',
    'work.alone || work.wary',
    'is no folder that %s',
  ),
  choice('nor one that may show more mail', ' || work.wary', '', 'is no folder that %s'),
  choice(
    'nor one that may have closed the connection',
    ' || work.opening.doubtful',
    '',
    'is no folder that %s',
  ),
  choice(
    'nor one that fails',
    '  if (work.refusal !== undefined) return false;\n',
    '',
    'is no folder that %s',
  ),
  connections(
    'among many mailboxes no connection is made ahead',
    'engine/request.ts',
    ' || !context.alone',
    '',
    oneEach,
  ),
  connections(
    'small folders are carried on one connection',
    'engine/copy/mailbox.ts',
    'this.#sparing ? this.#stages.lanes : this.#stages.open',
    'this.#stages.open',
    oneEach,
  ),
  {
    about: 'lanes that are on their way are not spared',
    change: {file: 'engine/copy/mailbox.ts', code: ' && !early.onTheirWay;', instead: ';'},
    test: 'engine/copy/lanes-at-work.test.ts',
    title: 'far away, no connection is signed in that no folder is left for',
  },
  connections(
    'a busy computer is not a server far away',
    'engine/link/servers.ts',
    'Math.min(this.#roundTrip, ms)',
    'ms',
    'a server that another mailbox has seen near by is near, though many at work keep its answers waiting',
  ),
  lanes(
    'lanes are of use for what is left of a folder',
    'if (work.batches.left > 0) return lastBatch(work) === undefined ? wholeLane : someOfLane;',
    '',
    'once a folder is counted, what is left of it says how many lanes are of use',
  ),
  lanes(
    'not for many bytes, which few messages may have',
    ' && bytes <= size.bytes',
    '',
    'a lane is of use for each large folder, one for a few whose mail is one batch, one for many small ones',
  ),
  choice(
    'only few messages go with others',
    '  if (work.batches.left > small.messages) return false;\n',
    '',
    'is a folder with little mail, all of it in one batch',
  ),
  choice(
    'only few bytes',
    ' && batch.bytes <= small.bytes',
    '',
    'is a folder with little mail, all of it in one batch',
  ),
  choice(
    'only a folder of one batch',
    ' && batch.uids.length === batches.left ?',
    ' ?',
    'is a folder with little mail, all of it in one batch',
  ),
  choice(
    'no message that streams',
    '!batch.large && ',
    '',
    'is a folder with little mail, all of it in one batch',
  ),
  choice(
    'only where a UID is told',
    " && target.has('UIDPLUS')",
    '',
    'is nothing where a UID is not told, each message is asked for, or an end is Exchange',
  ),
  choice(
    'only where messages are sent unasked',
    ' && isUnasked(strategy)',
    '',
    'is nothing where a UID is not told, each message is asked for, or an end is Exchange',
  ),
  choice(
    'not from Exchange',
    '!source.exchange && ',
    '',
    'is nothing where a UID is not told, each message is asked for, or an end is Exchange',
  ),
  choice(
    'not to Exchange',
    '!target.exchange && ',
    '',
    'is nothing where a UID is not told, each message is asked for, or an end is Exchange',
  ),
  small(
    'what was being handed over when the connection went is looked for',
    '    if (error instanceof ConnectionLost) work.lost(context.ports.elapsed());\n',
    '',
    'that goes while the socket is full doubles and loses none: %s',
  ),
  bound(
    'lets a search find five million messages',
    'engine/imap/session.ts',
    '        boundFound(uids.length);\n',
    '',
    'are given up where a search finds more messages than a folder can hold',
  ),
  small(
    'what a server has answered is not waited for',
    '  if (error instanceof StrategyRefused || error instanceof ServerRefused) await writer.drain();\n',
    '',
    'a server that %s has answered: nothing is waited for as if it were on its way',
  ),
  small(
    'a folder that was made anew ends no other',
    'error instanceof FolderReplaced || error instanceof StrategyRefused',
    'error instanceof StrategyRefused',
    remade,
  ),
  small(
    'a server that minds how one folder’s mail is sent is heard out about the others',
    'error instanceof FolderReplaced || error instanceof StrategyRefused',
    'error instanceof FolderReplaced',
    'a server that %s has answered: nothing is waited for as if it were on its way',
  ),
  shared(
    'keeps both of two folders whose names read the same',
    'engine/imap/names-apart.ts',
    'for (let next = wire; taken.has(name); next = encodeMailbox(next)) name = next;',
    '',
  ),
  {
    ...shared(
      'goes on where the name on the wire is what a third folder reads',
      'engine/imap/names-apart.ts',
      'for (let next = wire; taken.has(name); next = encodeMailbox(next)) name = next;',
      'if (taken.has(name)) name = wire;',
    ),
    test: 'engine/imap/names-apart.test.ts',
    title: 'names that read the same are kept apart, in any order: %s',
  },
  shared(
    'asks alone how each of two folders stands whose names read the same',
    'engine/imap/list.ts',
    'const alone = unique.filter(isShared);',
    'const alone: typeof unique = [];',
  ),
  shared(
    'tells of a folder that goes by another name than it reads',
    'engine/look/survey.ts',
    '...sharedNames(listed),',
    '',
  ),
  {
    about: 'takes no folder for open while another is on its way',
    change: {
      file: 'engine/imap/session.ts',
      code: 'if (turn === this.#selects) this.#open',
      instead: 'this.#open',
    },
    test: 'engine/copy/small-folders-opened.test.ts',
    title: 'a folder that is open while others are still to be opened behind it is opened again',
  },
  {
    about: 'lets mail that came meanwhile make up for none that was left out',
    change: {
      file: 'engine/copy/count.ts',
      code: 'countHeld(listed, opened.uidNext)',
      instead: 'listed.length',
    },
    test: 'engine/copy/count.test.ts',
    title: 'a message that is left out is missed also where just as many have come meanwhile',
  },
  {
    about: 'counts nothing any more when folders are counted anew',
    change: {
      file: 'engine/copy/folder-tasks.ts',
      code: 'await Promise.allSettled([...counted, created]);',
      instead: '',
    },
    test: 'engine/copy/opened-together.test.ts',
    title: 'mail that comes while folders are counted again is not taken for counted: the next run brings it',
  },
  {
    about: 'takes no folder for the one of its name that was made since',
    change: {
      file: 'engine/copy/open-ends.ts',
      code: ' && openValidity === work.sourceUidValidity',
      instead: '',
    },
    test: 'engine/copy/open-source.test.ts',
    title: 'a folder that was made anew is opened again where the one before it is still open',
  },
  {
    about: 'blames no message of a folder that was made anew for what broke the connection before',
    change: {file: 'engine/copy/folder-mail.ts', code: '    this.suspicion.clear();\n', instead: ''},
    test: 'engine/copy/open-source.test.ts',
    title: 'what broke the connection, or the server, is no message of the folder that was made anew',
  },
  {
    about: 'blames no message of a folder that was made anew for what broke the server before',
    change: {file: 'engine/copy/folder-mail.ts', code: '    this.failing.clear();\n', instead: ''},
    test: 'engine/copy/open-source.test.ts',
    title: 'what broke the connection, or the server, is no message of the folder that was made anew',
  },
];
