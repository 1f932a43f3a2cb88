// What is asked of the destination when all has moved, and what is made of its answers.
import type {Defence} from '../../helpers/defence.ts';

const verified =
  (test: string) =>
  (about: string, file: string, code: string, instead: string, title: string): Defence => ({
    about,
    change: {file: `${file}.ts`, code, instead},
    test: `engine/copy/${test}.test.ts`,
    title,
  });
const finished = verified('finished');
const finish = verified('finish');
const reconciled = verified('reconcile');
const lookedFor = verified('looked-for');

const stopped =
  'a run that is stopped before the destination was asked whether it holds what it took has not carried it out';
const unseen = 'what was said to be stored, %s, was deleted by nobody: it comes with the next run';
const named = 'a folder that can never be verified (%s) fails by name, and no other with it';
const later = 'copies of an earlier run that go while a later one is at work are deleted in all its numbers';

const uncompared = 'nor is what was refused and may be there, where the %s %s';

export const verifying: readonly Defence[] = [
  verified('during-a-run')(
    'a server that counts in an open folder only what it has shown there (Dovecot) opens it again first',
    'engine/imap/session',
    'if (opened !== undefined && !this.exchange)',
    'if (opened !== undefined && this.exchange)',
    'a copy is deleted when all is stored, in the folder that is open: it is missed',
  ),
  finished(
    'a run that was stopped before the destination was asked is not done',
    'engine/copy/mailbox',
    "(stage === 'copied' && !stopped)",
    "stage === 'copied'",
    stopped,
  ),
  lookedFor(
    'what nobody has ever seen at the destination was not deleted there: it is sent again',
    'engine/copy/reconcile',
    ' || (row.destinationUid ?? 0) >= (lookedUntil ?? Number.POSITIVE_INFINITY)',
    '',
    unseen,
  ),
  lookedFor(
    'also what the folder was looked at without',
    'engine/copy/settle',
    "    if (row !== undefined && (compare === 'all' || row.run === context.settings.run)) open.push(row);\n",
    '',
    unseen,
  ),
  lookedFor(
    'also what is said to have a UID that was looked at before',
    'engine/copy/records',
    'result.uid >= destinationSeen',
    'result.uid >= 1',
    unseen,
  ),
  reconciled(
    'only a folder that is gone holds nothing: any other refusal says nothing of what is in it',
    'engine/copy/reconcile',
    'error instanceof ServerRefused && error.folderGone',
    'error instanceof ServerRefused',
    'a %s that is refused (%s) while a folder is looked at deletes nothing',
  ),
  finish(
    'nor does another folder of its name hold its copies',
    'engine/copy/reconcile',
    "    if (opened.uidValidity !== work.ledgerFolder.destinationUidValidity)\n      throw new FolderReplaced('destination');\n",
    '',
    'a folder that is made anew between two questions has other messages',
  ),
  reconciled(
    'a server that does not let one folder be looked at keeps no other from being verified',
    'engine/copy/folder-verdicts',
    "why.scope === 'folder' || why.code === 'command-refused'",
    'false',
    named,
  ),
  reconciled(
    'nor does one that is always about to',
    'engine/copy/folder-verdicts',
    '++work.unverified >= mostUnverified',
    'false',
    named,
  ),
  reconciled(
    'one that says how long to wait is asked again, however often',
    'engine/copy/folder-verdicts',
    "why.code !== 'throttled' && ",
    '',
    'nor does one while a folder is verified: it is looked at when the server has waited enough, however often it asks',
  ),
  reconciled(
    'what goes is taken from the tally that it was in',
    'engine/copy/folder-tally',
    'const wasPresent = !this.#copiedNow.has(uid);',
    'const wasPresent = false;',
    later,
  ),
  reconciled(
    'copies of an earlier run that are deleted meanwhile are told one by one',
    'engine/copy/reconcile',
    '    for (const row of theirs) if (row.selected) work.tally.deletedNow(nameOf(row), deleted);\n',
    '',
    later,
  ),
  reconciled(
    'and on the screen as in the report',
    'progress/fold-folder',
    'alreadyPresent: wasPresent ? -1 : 0',
    'alreadyPresent: 0',
    later,
  ),
  ...(
    [
      [
        'sends nothing beside a copy that it could not compare',
        'pairing',
        'copies.some(copy => free.has(copy)) ? ',
        'copies.length < 0 ? ',
        'what the %s is asked for to compare, and %s, is named until it is given, and not sent',
      ],
      [
        'nor what was refused and may be there',
        'reconcile',
        'work.doubt([...doubts.keys()]);',
        '',
        uncompared,
      ],
      [
        'takes what it could not compare for no stranger’s',
        'reconcile',
        ' && !mayBeOurs.has(uid)',
        '',
        uncompared,
      ],
      [
        'compares the others where one is refused',
        'compare-contents',
        '.catch(unlessOfOne)',
        '',
        'nor is what was sent without an answer, where the %s %s',
      ],
    ] as const
  ).map(
    ([about, file, code, instead, title]): Defence => ({
      about,
      change: {file: `engine/copy/${file}.ts`, code, instead},
      test: 'engine/copy/texts-left-out.test.ts',
      title,
    }),
  ),
];
