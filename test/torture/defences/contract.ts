// What an option asks for is done, and programs that read the output are told what they are promised.
import {type Change, type Defence, rowOf} from '../../helpers/defence.ts';

const held = (about: string, change: Change, title: string): Defence => ({
  ...{about, change, title},
  test: 'held-open.test.tsx',
});

export const contract: readonly Defence[] = [
  rowOf('program/credentials', 'program/credentials')(
    'the strict policy holds for a password wherever it is kept',
    'sources, passwordPolicy, signal',
    'sources, undefined, signal',
    'the strict policy refuses a password %s, the others send it',
  ),
  rowOf('program/ask', 'program/ask')(
    'and where it is typed',
    'typedSecretRule(text, passwordPolicy)',
    "typedSecretRule(text, 'off')",
    'under the policy %s %s is refused where it is typed, and asked for again',
  ),
  {
    about: 'also on the screens',
    change: {
      file: 'wizard/csv/secrets.tsx',
      code: 'typedSecretRule(typed.text, passwordPolicy)',
      instead: "typedSecretRule(typed.text, 'off')",
    },
    test: 'wizard/csv/secrets.test.tsx',
    title: 'a typed password with characters the form forbids, under the policy %s',
  },
  rowOf('program/run-options', 'program/load')(
    'nothing is repaired where the command line says so, whatever a row says',
    '...(repair === undefined ? {} : {repair})',
    "...(repair === undefined || repair === 'none' ? {} : {repair})",
    'what --repair says counts in place of what a %s says, none too',
  ),
  rowOf('program/again', 'program/resumed-retry')(
    'a retry that goes on is for no more than it was for',
    "command === 'retry' || record.retryOf !== undefined",
    "command === 'retry'",
    'resume of a retry takes along only the mailboxes that the retry was for',
  ),
  rowOf('program/private-file', 'program/fix-command')(
    'a device, a pipe or a link to nowhere is not replaced by a file',
    '  if (real?.isFile()) return realpath(path);\n',
    '  if (real !== null) return path;\n',
    'what is no file is not replaced by one',
  ),
  rowOf('program/read-file', 'program/run-options')(
    'no more is read of a short file than there can be in it',
    '    if (length > mostShort) throw tooLarge(path);\n',
    '',
    'of an endless certificate file no more is read than there can be',
  ),
  rowOf('check/causes', 'check/check')(
    'each wrong --include and --exclude is told',
    ', choiceOf(problem)]',
    ']',
    'each folder of --include and --exclude that nobody has is a cause of its own',
  ),
  rowOf('program/again', 'program/again-answers')(
    'nor where a run is gone on with',
    'repair ?? asBefore',
    'asBefore ?? repair',
    'a run from answers that may repair all, gone on with %j',
  ),
  {
    about: 'a check that is stopped says so in its last line',
    change: {
      file: 'program/check-command.ts',
      code: "throw new Cancelled('Stopped; nothing was copied.');",
      instead: 'return 130;',
    },
    test: 'cli/exit-codes.test.ts',
    title: 'where %s',
    built: true,
  },
  rowOf('program/run-command', 'program/run-command')(
    'a quiet run says nothing of what need not change',
    "loaded.advice.length > 0 && output !== 'quiet'",
    'loaded.advice.length > 0',
    '%s says of a file that can be run as it is: %j',
  ),
  rowOf('program/check-command', 'program/check-command')(
    'nor does a quiet check',
    "if (output !== 'quiet') for (const line of loaded.advice)",
    'for (const line of loaded.advice)',
    'quiet says nothing at all of what need not change',
  ),
  rowOf('command-line/options', 'command-line/options')(
    'an output that a command does not have is refused',
    'value !== undefined && !choices.includes(String(value))',
    'value !== undefined && choices.length === 0',
    '%j is a usage error',
  ),
  rowOf('program/run-command', 'program/untold-notes')(
    'programs are told of the file also where a run cannot begin',
    '    lines.refused?.(parts.system.now());\n',
    '',
    'where %s (%s)',
  ),
  rowOf('program/check-command', 'program/untold-notes')(
    'and where a check cannot',
    '    tellNotes();\n    throw error;',
    '    throw error;',
    'where %s (%s)',
  ),
  held(
    'a file that Windows says may not be replaced is open elsewhere',
    {file: 'files/whole-file.ts', code: 'throw heldOpen(error, path);', instead: 'throw error;'},
    '%s on %s comes from %s',
  ),
  held(
    'a file of a check that is open keeps no other back',
    {
      file: 'program/check-command.ts',
      code: '      told.add(why.code);\n',
      instead: '      told.add(why.code);\n      break;\n',
    },
    'a check whose table is open in a spreadsheet writes its other files, and says what to close',
  ),
  rowOf('program/face', 'program/face')(
    'who has a terminal that is said to be dumb hears that',
    'isTerminal(system) && isDumb(system)',
    'isDumb(system) && options.noInput',
    'in %s the guided screens say why they do not open',
  ),
  rowOf('program/start-run', 'cli/failures')(
    'a run without its report does not end as if all were well',
    'failures.length === 0 ? result.exitCode : Math.max(3, result.exitCode)',
    'result.exitCode',
    'tells that the report has room for a part of itself only, and the mail is there once',
  ),
];
