// What people write: CSV files, command lines, folder names, days, where a password is.

import {parseCommandLine} from '../../../../source/command-line/options.ts';
import {complete} from '../../../../source/completion/complete.ts';
import {foldName, isRoleName} from '../../../../source/engine/folders/localised.ts';
import {repairLevel} from '../../../../source/engine/folders/name.ts';
import {nearPaths} from '../../../../source/engine/folders/near.ts';
import {readPath, showPath} from '../../../../source/engine/folders/path.ts';
import {exchangeRoles} from '../../../../source/engine/folders/role.ts';
import {searchDate} from '../../../../source/engine/imap/internal-date.ts';
import {resolveSecret, SecretError, type SecretSources} from '../../../../source/profiles/secrets.ts';
import {Keys} from '../../../../source/program/one-key.ts';
import {readRequestsCsv} from '../../../../source/request/csv/csv.ts';
import {problemLine} from '../../../../source/request/csv/problem.ts';
import {readRecords} from '../../../../source/request/csv/records.ts';
import {sheetBytes} from '../../../../source/request/csv/save.ts';
import {isSound, readSheet, type Sheet} from '../../../../source/request/csv/sheet.ts';
import {decodeCsv, delimiterOf} from '../../../../source/request/csv/text.ts';
import {templateCsv} from '../../../../source/request/csv/write.ts';
import {destinationFolderRule, sourceFolderRule} from '../../../../source/request/folder-rules.ts';
import {dayRule} from '../../../../source/request/rules.ts';
import {secretReferenceOf, textOfSecretReference} from '../../../../source/request/secret-text.ts';
import {requestTypes} from '../../../../source/request/types.ts';
import {type Input, must, mustBeClean, same, type Target} from '../target.ts';

const [type] = requestTypes;
const template = type === undefined ? '' : templateCsv(type);
const csvs: readonly (string | Buffer)[] = [
  template,
  `\ufeff${template.replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
  `sep=;\r\n${template.replaceAll(',', '\t')}`,
  Buffer.from(`\ufeff${template}`, 'utf16le'),
  'Source user id,Source domain,Title\njohn,"baya.com,"x ""y""\nz"\n"a,b\n"c",d,"e\n',
  Buffer.from('Title,Source user id\nM\xfcller,j\xf6rg\n', 'latin1'),
  'EmailAddress,UserName,Password\na@b.c,d,e\n',
];

const rules = {allowPlaintext: false, passwordPolicy: 'advise'} as const;

function csv({bytes}: Input): void {
  const reading = readRequestsCsv(bytes, 'file.csv', rules);
  let before = 0;
  for (const problem of reading.problems) {
    mustBeClean(problemLine('file.csv', problem), 'the problem');
    must(Number.isSafeInteger(problem.line) && problem.line >= 1, `line ${problem.line}`);
  }
  for (const row of reading.rows) {
    must(row.line > before, `row ${row.line} behind row ${before}`);
    before = row.line;
  }
  const read = readSheet(bytes, 'file.csv');
  if (read.ok) again(read.sheet);
}

/** Written and read again it is the same, as far as it was read. */
function again(sheet: Sheet): void {
  if (sheet.guessed || sheet.microsoft) return;
  // What stands around wrong quotes is read by guessing.
  if (sheet.rows.some(({fault}) => fault !== undefined)) return;
  // Empty rows are not written again: those below them then stand in another of the lots in which Excel writes rows.
  if (sheet.emptyRows > 0 && !isSound(sheet)) return;
  const second = readSheet(sheetBytes(sheet), 'again.csv');
  must(second.ok, 'what was written cannot be read');
  const cells = ({rows}: Sheet) => rows.map(row => row.cells.map(cell => cell.toWellFormed()));
  must(same(cells(second.sheet), cells(sheet)), 'what was written is read otherwise');
}

function records({bytes, text}: Input): void {
  const decoded = decodeCsv(bytes);
  if (!decoded.ok) {
    must(decoded.bad.length > 0, 'it cannot be read, and nothing is wrong');
    for (const {line, sentence} of decoded.bad) {
      must(line >= 1, `line ${line}`);
      mustBeClean(sentence, 'the problem');
    }
  }
  const {delimiter, skip} = delimiterOf(text);
  must([',', ';', '\t'].includes(delimiter) && skip <= text.length, `delimiter ${delimiter}`);
  let line = 0;
  for (const record of readRecords(text, delimiter, 1).records) {
    must(
      record.line > line && record.lastLine >= record.line,
      `a record of the lines ${record.line} to ${record.lastLine}`,
    );
    line = record.lastLine;
  }
}

const argv = (text: string) => text.split(/[\n\0]/).slice(0, 200);

const commandLines = [
  'run\nusers.csv\n--yes\n--since=2019-01-01\n--before\n2020-01-01',
  'check\nx.csv\n--set\nSource Server=imap.example.com\n--include\nA/B\n--include\nC',
  'profiles\nshow\nx',
  'template\nO365-IMAP',
  'runs\n--output\njsonl\n--state=/tmp',
  'help\nrun',
  '--mailboxes\n3\n--memory=64',
  'secrets\nset\nx',
];
const options = [
  '--',
  '-',
  '--set',
  '--set=',
  '--since',
  '--output',
  'run',
  'profiles',
  '\n',
  '=',
  '--password=hunter2',
  '--no-',
  '-y',
  '--help',
];

function commandLine({text}: Input): void {
  const words = argv(text);
  const read = parseCommandLine(words);
  if (read.ok) return;
  mustBeClean(read.problem, 'the problem');
  must(read.problem.length < 1000, `a problem of ${read.problem.length} characters`);
}

function completion({text}: Input): void {
  const words = argv(text);
  const current = words.pop() ?? '';
  const {candidates} = complete(words, current, {
    profiles: () => ['office', 'old'],
    runs: () => ['2026-01-01-1200-users'],
  });
  for (const {value} of candidates) must(value.startsWith(current), `${value} for ${current}`);
}

function folderRules({text, random}: Input): void {
  for (const refusal of [destinationFolderRule(text, random.below(2) === 0), sourceFolderRule(text)])
    if (refusal !== undefined) mustBeClean(refusal, 'the refusal');
  if (destinationFolderRule(text, true) === undefined)
    must(!/[\p{Cc}*%]/u.test(text) && text.trim() !== '', `taken: ${JSON.stringify(text)}`);
  const levels = readPath(text);
  must(same(readPath(showPath(levels)), levels), 'a path that is shown is read as another');
  nearPaths(levels, [['INBOX'], ['Sent Items', text]]);
  const folded = foldName(text);
  must(foldName(folded) === folded, 'folded twice it is another');
  for (const role of exchangeRoles) isRoleName(text, role);
  for (const level of levels.slice(0, 5)) {
    const {name} = repairLevel(level, {delimiter: '/'});
    must(name !== '' && !/\p{Cc}/u.test(name) && name.isWellFormed(), `repaired to ${JSON.stringify(name)}`);
    must(repairLevel(name, {delimiter: '/'}).name === name, 'repaired twice it is another');
  }
}

async function secrets({text}: Input): Promise<void> {
  const reference = secretReferenceOf(text);
  if (reference.kind !== 'value' && reference.kind !== 'ask') {
    const written = textOfSecretReference(reference);
    must(same(secretReferenceOf(written), reference), 'a reference does not come back as it was');
  }
  const secret = `S3cret${text}`;
  const sources: SecretSources = {
    env: {NAME: secret, HOME: '/home/x'},
    readFile: async () => secret,
    runCommand: async () => ({status: 0, stdout: secret, timedOut: false}),
    readKeychain: async () => secret,
  };
  for (const asked of [
    reference,
    secretReferenceOf('env:NAME'),
    secretReferenceOf('file:x'),
    secretReferenceOf('cmd:x'),
  ])
    try {
      await resolveSecret(asked, sources, 'strict');
    } catch (error) {
      must(error instanceof SecretError, `it fails with ${String(error)}`);
      mustBeClean(error.message, 'the error');
      must(!error.message.includes('S3cret'), 'the error holds the secret');
    }
}

export const askedTargets: readonly Target[] = [
  {
    name: 'asked.csv',
    samples: csvs,
    words: [
      '"',
      '""',
      ',',
      ';',
      '\t',
      '\r\n',
      '\r',
      'Source user id',
      'blank',
      'env:X',
      'sep=,\n',
      'O365-IMAP',
      '@',
      '.com',
    ],
    hurts: [
      ['', '((,', 'Title\n'],
      ['', '"a""', '\n'],
    ],
    weight: 6,
    check: csv,
  },
  {
    name: 'asked.records',
    samples: csvs,
    words: ['"', '""', ',', ';', '\t', '\r\n', '\r', '\n', '",', ',"', 'sep=;\n', 'a', 'é'],
    weight: 2,
    check: records,
  },
  {name: 'asked.options', samples: commandLines, words: options, check: commandLine},
  {name: 'asked.completion', samples: commandLines, words: options, check: completion},
  {
    name: 'asked.folders',
    samples: [
      'Data17012018',
      'INBOX/a\\/b',
      'Gelöschte Elemente',
      'A/B/C',
      'Kalender',
      ' x ',
      '..',
      'Sent Items',
    ],
    words: ['/', '\\', '\\/', '//', '.', '..', ' ', '\u00a0', '%', '*', '~', '#', 'Inbox'],
    hurts: [['a', ' ', 'b']],
    check: folderRules,
  },
  {
    name: 'asked.days',
    samples: ['2019-01-31', '2024-02-29', '0000-01-01', '9999-12-31', '2019-02-30'],
    words: ['-', '0', '9', '02', '\u0662'],
    check({text}) {
      const refusal = dayRule(text);
      if (refusal !== undefined) mustBeClean(refusal, 'the refusal');
      else must(/^\d{1,2}-[A-Z][a-z]{2}-\d{4}$/.test(searchDate(text)), `asked for as ${searchDate(text)}`);
    },
  },
  {
    name: 'asked.secrets',
    samples: ['env:NAME', 'file:~/pw', 'cmd:pass show x', 'keychain:vault', 'hunter2', ''],
    words: ['env:', 'file:', 'cmd:', 'keychain:', ' '],
    check: secrets,
  },
  {
    name: 'asked.keys',
    samples: ['abc\x1b[A\x1b[200~pasted\ntext\x1b[201~\r', '\x1bOP\x1b\x1b[3~', 'é😀'],
    words: ['\x1b', '\x1b[', '\x1b[200~', '\x1b[201~', '\x1bO', '\x1b[[A'],
    check({text, random}) {
      const whole = new Keys();
      must(whole.of(text).join('') === text, 'keys are lost');
      const parts = new Keys();
      const at = random.below(text.length + 1);
      must(
        [...parts.of(text.slice(0, at)), ...parts.of(text.slice(at))].join('') === text,
        'keys are lost where it is cut',
      );
    },
  },
];
