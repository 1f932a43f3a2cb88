// What keeps a folder's mail from being taken for something else when the folder is opened.
import type {Defence} from '../../helpers/defence.ts';

const opened = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: `engine/${file}.ts`, code, instead},
  test: 'engine/copy/said-and-opened.test.ts',
  title,
});

export const openings: readonly Defence[] = [
  opened(
    'believes no opening without a count',
    'imap/session',
    '    if (exists === undefined) throw this.#outOfStep();\n',
    '    exists ??= 0;\n',
    'a folder of the %s that is opened without a count is not empty',
  ),
  opened(
    'says why, where the folder is given up for it',
    'copy/folder-verdicts',
    '{detail: error.message} : {}',
    '{} : {}',
    'a folder of the %s that is opened without a count is not empty',
  ),
  opened(
    'sends nothing to a folder that holds more than was said of it',
    'copy/open-ends',
    'if (messages > planned) {',
    'if (messages < 0) {',
    'mail that the destination counts late is not sent again',
  ),
  opened(
    'nor looks at it as if that were all where a connection went meanwhile',
    'copy/settle',
    "compare === 'all' ? await openTarget(work, sessions) : await openToWrite(work, sessions)",
    'await openTarget(work, sessions)',
    'nor where the connection or answer %s when its folder is opened first',
  ),
  opened(
    'believes then what it says itself',
    'copy/open-ends',
    '    work.destinationStatus = {messages, uidNext, uidValidity};\n',
    '',
    'mail that the destination counts late is not sent again',
  ),
  opened(
    'compares with all mail of a folder of which only the new was counted',
    'copy/folder-verdicts',
    "work.unsettled = true;\n      this.#stages.enter(work, 'count');",
    "work.unsettled = true;\n      this.#stages.enter(work, 'look');",
    'nor is new mail of a folder that was finished%s',
  ),
  opened(
    'ends no other small folder for one that holds more',
    'copy/small-folders',
    '    if (error instanceof HoldsMore) return;\n',
    '',
    'nor is new mail of a folder that was finished%s',
  ),
  opened(
    'looks for what was there by the list, whatever the opening says',
    'copy/settle',
    'Math.max(opened.exists, planned)',
    'opened.exists',
    'mail that the destination holds by its list, and not when it is opened, is not sent again',
  ),
  opened(
    'opens again what was opened for nothing, where the source was in the way',
    'copy/transfer',
    '      unopened === undefined;',
    '      true;',
    'nor where the source refuses to open its folder meanwhile',
  ),
  opened(
    'and where others were on their way with it',
    'copy/transfer',
    '      unopened === undefined;',
    '      true;',
    'nor is new mail of a folder that was finished%s',
  ),
  opened(
    'keeps of a UIDVALIDITY what tells it from another',
    'imap/responses',
    'told > largestNumber ? told % (largestNumber + 1) || 1 : told',
    'Math.min(told, largestNumber)',
    'a UIDVALIDITY of more than 32 bits is the same wherever the server tells it',
  ),
  opened(
    'and the same of it wherever it is told',
    'imap/session',
    'numbering(Number(code[2]))',
    'bounded(Number(code[2]))',
    'a UIDVALIDITY of more than 32 bits is the same wherever the server tells it',
  ),
  {
    about: 'runs requests one after the other whose folders may be one',
    change: {
      file: 'engine/batch.ts',
      code: ".normalize('NFC').toLowerCase()",
      instead: '',
    },
    test: 'engine/copy/copy.test.ts',
    title:
      'runs two requests one after the other whose folders differ in case alone: some servers take them for one',
  },
];
