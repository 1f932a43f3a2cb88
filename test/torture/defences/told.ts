// What is said of a run that did not go all the way: no number of it contradicts another.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const shown = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'report/shown.ts', code, instead},
  test: 'report/page-numbers.test.ts',
  title,
});

const listed = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: `engine/${file}.ts`, code, instead},
  test: 'engine/look/list-mail.test.ts',
  title,
});
const again =
  'what a mailbox that is tried again has copied in the same run is copied, in its counts and in its list';

const full =
  'a disk that was full for a while takes the end: nothing is missing of it, and nothing counts twice';
const cut =
  'of a run that has ended, and whose journal does not know, its summary.json tells, and no grid is shown';

export const told: readonly Defence[] = [
  rowOf('lines/names', 'lines/plain')(
    'requests of one mailbox are called by where they go',
    'first ? short[at] : second',
    'true ? short[at] : second',
    'requests of one mailbox are told apart, in the log and at its end',
  ),
  {
    about: 'what is left of a folder that had failed before the stop is told once',
    change: {
      file: 'progress/reached.ts',
      code: "openIn(request.folders.filter(folder => folder.state !== 'failed'))",
      instead: 'openIn(request.folders)',
    },
    test: 'progress/reached.test.ts',
    title: 'what is left of a folder that had failed before the stop is failed, not "not reached" as well',
  },
  {
    about: 'what an attempt left is not skipped or failed while the mailbox waits for another',
    change: {
      file: 'progress/fold-request.ts',
      code: 'addToRun(draft, request, difference(request.counts, toldByFolders(request)));',
      instead: '',
    },
    test: 'progress/reached.test.ts',
    title: 'a mailbox that ended early (%s) and is put back waits with what its folders told',
  },
  {
    about: 'a run that was stopped says how many mailboxes were not begun',
    change: {
      file: 'report/verdict.ts',
      code: "const far = waiting === '' ? sofar",
      instead: 'const far = true ? sofar',
    },
    test: 'report/verdict.test.ts',
    title: 'of a run that was stopped early says it also where most of what was begun has arrived',
  },
  {
    about: 'the messages that are named are not given for all where one of them was found',
    change: {
      file: 'progress/fold-folder.ts',
      code: 'return counts.failed + counts.skipped > failures.length;',
      instead: 'return failures.length >= mostFailures && counts.failed + counts.skipped > failures.length;',
    },
    test: 'report/named.test.ts',
    title: 'also where one of those that it names has been found meanwhile',
  },
  {
    about: 'what is to be looked at in a folder is told outside the closed tables',
    change: {
      file: 'report/notes.ts',
      code: "    ...together(ofFolders, 'more folder', 'more folders'),\n",
      instead: '',
    },
    test: 'report/folder-notes.test.ts',
    title: 'the page tells the notes of folders once, outside the closed tables, with what to do',
  },
  {
    about: 'the end of the log and of a report in lines tells the notes too',
    change: {
      file: 'lines/ending.ts',
      code: '...noteLines(snapshot, names).map(',
      instead: '...noteLines({...snapshot, requests: []}, names).map(',
    },
    test: 'lines/ending.test.ts',
    title: 'the notes of folders, mailboxes and the run are told, each once for all',
  },
  ...['', "return '';"].map(instead => ({
    about: 'and what to do about single messages, once',
    change: {file: 'lines/sentences.ts', code: "if (steps.has(step)) return '';", instead},
    test: 'lines/ending.test.ts',
    title: 'of single messages it is said what to do, once, wherever the same is to be done',
  })),
  {
    about: 'a dry run whose terminal is gone is not said to be watched',
    change: {file: 'program/run-command.ts', code: 'live === undefined\n', instead: 'live !== undefined\n'},
    test: 'program/run-command.test.ts',
    title: 'whose terminal is gone is told how to watch the run only where that can be (dry run: %s)',
  },
  ...[
    {
      about: 'a dry run is not told as one that copied',
      code: 'const copied = snapshot.dryRun ? 0 : snapshot.totals.copied;',
      instead: 'const {copied} = snapshot.totals;',
      title: 'a dry run that has ended is not told as one that copied',
    },
    {
      about: 'the grid names what was deleted as the log does',
      code: "const skipped = skippedWords(snapshot).join(', ');",
      instead: "const skipped = snapshot.totals.skipped > left ? 'skipped' : '';",
      title: 'what somebody deleted meanwhile is told as in the log and the report, not as skipped',
    },
  ].map(({about, code, instead, title}) => ({
    about,
    change: {file: 'dashboard/header-lines.ts', code, instead},
    test: 'dashboard/header.test.ts',
    title,
  })),
  shown(
    'what a stop left is not called skipped',
    'skipped: of.skipped - of.notReached',
    'skipped: of.skipped',
    'what a stop left is not reached: no tile, bar or table calls it skipped, and what is not known is not 0',
  ),
  shown(
    'the report of a dry run does not show its work as lost',
    'if (dryRun) return {...planned(of, of.deleted), notReached: 0};',
    '',
    'what a dry run would copy is the work there is: nothing of it is red, skipped or sent',
  ),
  listed(
    'counts as copied what an attempt before this one has copied in the same run',
    'copy/plan-folder',
    'return again || work.tally.recounted ?',
    'return work.tally.recounted ?',
    again,
  ),
  listed('counts its bytes too', 'copy/folder-tally', 'this.#bytes = copied.bytes;', '', again),
  listed(
    'lists nothing that failed before and is not asked for any more',
    'look/list-mail',
    "if (row.state !== 'stored' && !row.selected) continue;",
    '',
    'what failed before, and is %s, is not listed',
  ),
  listed(
    'lists what earlier runs brought as theirs also where its folder is left out',
    'look/list-mail',
    ', ...mine.get(other.destinationUid)',
    '',
    'what an earlier run brought is listed as brought by it where its folder is left out now, or is gone',
  ),
  listed(
    'but takes no UID of another numbering for what was brought under it',
    'look/list-mail',
    'folder.destinationUidValidity !== status.uidValidity || ',
    '',
    'what an earlier run brought is listed as brought by it where its folder is left out now, or is gone',
  ),
  listed(
    'tells what a request has brought from what another one of the run had',
    'request',
    'context.sharesLedger ? ',
    'context.alone ? ',
    'what one request of a run has brought is present already for another of the same two mailboxes',
  ),
  listed(
    'names the run alone',
    'look/list-mail',
    'listed.run = runOf(row.run)',
    'listed.run = row.run',
    'what one request of a run has brought is present already for another of the same two mailboxes',
  ),
  listed(
    'lists what failed before and was not come to as not reached',
    'look/list-mail',
    'return asked && state ===',
    "return asked && state !== 'failed' && state ===",
    'what failed before, and was not come to now, is listed as skipped with what it is',
  ),
  listed(
    'tells that a folder that cannot be opened counts whole, whatever the days',
    'copy/folder-verdicts',
    'if (filtered && !work.prepared',
    'if (!filtered && !work.prepared',
    'of a folder that cannot be opened it is told that its dates are not known',
  ),
  {
    about: 'finds a copy again that has another UID',
    change: {
      file: 'engine/copy/reconcile.ts',
      code: 'await findMoved(missing, ',
      instead: 'await findMoved([], ',
    },
    test: 'engine/copy/moved-copies.test.ts',
    title: 'a copy that gets another UID when its header has been read is neither deleted nor a stranger’s',
  },
  {
    about: 'also where it was taken for a stranger’s',
    change: {file: 'engine/copy/moved-copies.ts', code: '[...unknown, ...again]', instead: 'unknown'},
    test: 'engine/copy/moved-copies.test.ts',
    title: 'nor is one that got another UID between two runs',
  },
  {
    about: 'also where it has no Message-ID',
    change: {
      file: 'engine/copy/moved-copies.ts',
      code: "{messageId = '', destinationUid = 0}",
      instead: "{messageId = '-', destinationUid = 0}",
    },
    test: 'engine/copy/moved-copies.test.ts',
    title:
      'nor one without a Message-ID (there before the first run: %s), also after a run that saw it and was broken off',
  },
  {
    about: 'carries no mailbox into itself that goes by two host names',
    change: {
      file: 'engine/look/survey.ts',
      code: 'mayBeOwn && looksTheSame(',
      instead: 'false && looksTheSame(',
    },
    test: 'engine/look/inspect.test.ts',
    title: 'a mailbox that has two names is known as one: its destination folder is not carried into itself',
  },
  rowOf('wizard/folder-choice', 'wizard/folder-choice')(
    'leads back to the end that has refused',
    'problem.end === end',
    "end === 'source'",
    'finds the %s that refused, by whatever sentence',
  ),
  rowOf('check/asked', 'check/asked')(
    'calls a sum the least where the size of a folder is not known',
    '    else if (asked.bytes === undefined && asked.messages > 0) unsized++;\n',
    '',
    'is told with what is known of it and with the same time by every check',
  ),
  rowOf('live/journal', 'live/journal')(
    'the end is written where the disk has room again',
    '      broken = false;\n      attempt',
    '      attempt',
    full,
  ),
  rowOf('live/journal', 'live/journal')(
    'and counts nothing twice that was half written',
    'writeSnapshot(Number.MAX_SAFE_INTEGER)',
    'writeSnapshot()',
    full,
  ),
  rowOf('program/report-command', 'program/report-command')(
    'no run that has ended is said not to have',
    ' || isCut(snapshot, record)',
    '',
    cut,
  ),
  rowOf('program/attach', 'program/report-command')(
    'nor shown as if it went on',
    ' || isCut(outcome.snapshot, record)',
    '',
    cut,
  ),
  rowOf('engine/batch', 'engine/batch')(
    'a run says nothing after its result',
    'if (!this.#over) this.#options.take(',
    'this.#options.take(',
    'says nothing more once the last mailbox has ended, whatever is asked for',
  ),
  rowOf('program/run-command', 'program/run-command')(
    'and does not stop when it has ended',
    'if (isOver(handle.store.getSnapshot())) {',
    'if (handle === null) {',
    'who stops a run that has ended is told so',
  ),
  listed(
    'the list of what others brought keeps no mailbox waiting for a connection',
    'look/list-mail',
    'await link.openOnce()',
    'await link.open()',
    'the list ends at a destination that is %s, which costs no mail, and says so in words that hold',
  ),
];
