// A CSV that somebody has written: what is mended in it is what was meant, and the rest stays as it was.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const row = (file: string, test: string) => rowOf(`request/${file}`, `request/${test}`);
const edited = row('csv/edit', 'csv/mend');
const mended = row('csv/mend', 'csv/mend');
const saved = row('csv/save', 'csv/mend');
const checked = row('csv/check', 'csv/check');
const short = row('csv/short', 'csv/short');

const left = 'what could be meant otherwise is left as it was';
const format = 'separator, line ends and mark stay; UTF-16 becomes UTF-8 with a mark';
const guess = 'a file that is read by a guess is written as it was, until a person has taken the guess';
const typed = 'of a row’s cells is what is written of it, whatever was wrong before';
const unread = 'what stands in a row that is not understood is left as it is, blanks and all';

export const sheets: readonly Defence[] = [
  {
    about: 'a list is known by every path that leads to it, when it is saved',
    change: {file: 'wizard/csv/save.tsx', code: ' || (await files.isSame(target, read))', instead: ''},
    test: 'wizard/csv/mend.test.tsx',
    title: 'sees that %s is the file that was read, and saves over nothing of somebody else there either',
  },
  {
    about: 'and when it is mended from the command line',
    change: {
      file: 'program/fix-command.ts',
      code: ' || (await system.files.isSame(target, path))',
      instead: '',
    },
    test: 'program/fix-command.test.ts',
    title: 'replaces nothing that was changed while it was mended, also by another path',
  },
  {
    about: 'links too',
    change: {
      file: 'program/private-file.ts',
      code: 'left.dev === right.dev && left.ino === right.ino',
      instead: 'one === other',
    },
    test: 'program/fix-command.test.ts',
    title: 'a file is the same by every path that leads to it',
  },
  edited(
    'a column is added before what a row has too much',
    "row.cells.toSpliced(sheet.columns.length, 0, ...added.map(() => ''))",
    "[...row.cells, ...added.map(() => '')]",
    'puts a column before what a row has too much',
  ),
  edited(
    'a row that is not understood is not filled',
    '      if (!isAligned(row, wide)) return row;\n',
    '',
    'puts a column before what a row has too much',
  ),
  edited(
    'a column is added once',
    '[...new Set(keys)]',
    'keys',
    'adds a column once, for however many rows, and takes it for none that was there',
  ),
  edited(
    'and is none that was there',
    'const lastId = Math.max(-1, ...sheet.columns.map(column => column.id));',
    'const lastId = sheet.columns.length - 1;',
    'adds a column once, for however many rows, and takes it for none that was there',
  ),
  edited(
    'no other column goes for one that has gone',
    '  if (index === -1) return sheet;\n',
    '',
    'takes no other column for one that has gone',
  ),
  edited('every edit counts', '      else list.push(edit);\n', '', 'of a row leaves no other of it out'),
  edited(
    'what is typed is written, not what was wrong',
    'return {...whole(row), cells: edit.cells};',
    'return {...row, cells: edit.cells};',
    typed,
  ),
  edited(
    'nor the empty cells behind it',
    'return {...whole(row), cells: edit.cells};',
    'return {...sound(row), cells: edit.cells};',
    typed,
  ),
  edited(
    'quotes that are accepted are written anew',
    '      return sound(row);\n    default',
    '      return row;\n    default',
    'that takes the quotes as they stand writes them so that they are read so',
  ),
  edited(
    'the cells of a column go with it, and no others',
    '    rows: sheet.rows.map(row => ({...row, cells: row.cells.toSpliced(index, 1)})),\n',
    '',
    'removes rows and columns, fills up what is missing',
  ),
  edited(
    'what is given for all rows fills gaps only',
    'return cell !== undefined && answerOf(cell, key as FieldKey) === undefined;',
    'return cell !== undefined;',
    'adds a column where there is none; a row that is too short stays so',
  ),
  mended('only what is sure is done unasked', 'filter(({fix}) => fix?.sure)', 'filter(({fix}) => fix)', left),
  mended(
    'a row that is not understood is not tidied',
    '    if (!readable.has(row.line)) return row;\n',
    '',
    unread,
  ),
  mended(
    'empty cells behind the last column go',
    '{...evened(row), cells}',
    '{...row, cells}',
    'empty cells behind the last column go',
  ),
  checked(
    'a fix that contradicts another cell is not sure',
    'fix.sure === true && !contradicts',
    'fix.sure === true',
    'an address brings its domain along; one that contradicts the domain is for a person to decide',
  ),
  {
    ...checked('blanks around a folder are its own', '', '', 'blanks around a folder are its own'),
    change: {
      file: 'request/csv/answers.ts',
      code: "return key === 'destinationFolder' || key === 'sourceFolder' ? cell : trimmed;",
      instead: 'return trimmed;',
    },
    test: 'request/csv/mend.test.ts',
  },
  checked(
    'what could not be read is told',
    '  if (unread !== undefined) {',
    '  if (unread !== undefined && rows.length < 0) {',
    'that nothing could be read behind too many open quotes is an error',
  ),
  saved(
    'a row with a wrong quote is written as it was',
    "fault === undefined ? line([...cells, ...Array.from({length: cut}, () => '')]) : fault.raw + lineEnd",
    "line([...cells, ...Array.from({length: cut}, () => '')])",
    left,
  ),
  saved(
    'empty cells behind a row that is not understood stay',
    "line([...cells, ...Array.from({length: cut}, () => '')])",
    'line(cells)',
    unread,
  ),
  saved(
    'a name that is there twice stays as it was written',
    "key !== undefined && state === 'known' ? fieldOf(key).label : written",
    'key !== undefined ? fieldOf(key).label : written',
    'nor are columns that nobody knows, or that are there twice',
  ),
  row('secret-text', 'secret-text')(
    'a blank before the place of a password makes no password of it',
    'const reference = /^\\s*(',
    'const reference = /^(',
    'a blank before or behind a place makes no password of it',
  ),
  row('csv/records', 'csv/records')(
    'a row that is too large is not looked into',
    'raw.length > longestSuspect || ',
    '',
    'a row that is too large to be looked into is taken as it stands',
  ),
  {
    about: 'what can be mended is pointed at where it is sure',
    change: {
      file: 'program/load.ts',
      code: 'errors.some(({fix}) => fix?.sure)',
      instead: 'errors.some(({fix}) => fix)',
    },
    test: 'program/load.test.ts',
    title: 'what can be mended for sure is pointed at, and only that',
  },
  {
    about: 'and offered with one key only then',
    change: {
      file: 'wizard/csv/desk.ts',
      code: 'problem => problem.fix?.sure',
      instead: 'problem => problem.fix',
    },
    test: 'wizard/csv/desk.test.ts',
    title: 'what is mended with one key is only what is sure',
  },
  saved(
    'so does what Excel says of the separator',
    '    separatorLine,\n',
    '',
    'the first line in which Excel says the separator stays',
  ),
  saved('the byte order mark stays', "    mark && !guessed ? '\\ufeff' : '',\n", '', format),
  row('csv/answers', 'csv/mend')(
    'no password is called blank',
    "trimmed.toLowerCase() === 'blank'",
    "(isSecretKey(key) ? cell : trimmed.toLowerCase()) === 'blank'",
    'what is not given is the same to who reads a list and to who fills it: %j',
  ),
  row('csv/answers', 'csv/mend')(
    'and one of blanks is one',
    '  if (isSecretKey(key)) return cell;\n  if (trimmed',
    '  if (trimmed',
    'what is not given is the same to who reads a list and to who fills it: %j',
  ),
  row('build-request', 'csv/check')(
    'a wrong type tells of nothing that hangs on it',
    'found.filter(each => !hangsOnType(each, answers))',
    'found',
    'a request type that is none tells of nothing that hangs on it',
  ),
  row('check-endpoint', 'csv/check')(
    'nor of a way to sign in that is right for one type',
    ' && typeOf(answers) !== undefined) {',
    ') {',
    'a request type that is none tells of nothing that hangs on it',
  ),
  row('csv/sheet', 'csv/check')(
    'a separator too many in the header is none in a row that has one too',
    ' || rows.some(({cells}) => cells.length > named)',
    '',
    'a separator too many in the header alone is none in the rows',
  ),
  row('build-request', 'csv/check')(
    'a wrong day beside a wrong day is told',
    'isPeriod(answers) && ',
    '',
    'two days that are none are two problems, a period that is none is one',
  ),
  checked(
    'a guess at the encoding is not sure',
    "label: 'read it as Windows-1252', sure: false",
    "label: 'read it as Windows-1252', sure: true",
    'Windows-1252 is read and shown, but not taken without a word',
  ),
  saved(
    'a file that is read by a guess stays in its encoding',
    'if (!guessed) return',
    'if (mark || !guessed) return',
    guess,
  ),
  short(
    'takes no short row for Excel’s that only one other bears out',
    'length * 2 > rows.length && length >= least',
    'length * 2 > rows.length',
    'a short row that the rows around it do not bear out has lost a separator',
  ),
  row('csv/guess', 'csv/shape')(
    'gives no column the name of a password unasked',
    'isSecretKey(key) || ',
    '',
    'no column is taken for one of passwords unasked',
  ),
  {
    about: 'mends no year of another calendar',
    change: {file: 'request/check-field.ts', code: 'known && day !== text', instead: 'day !== text'},
    test: 'request/fields.test.ts',
    title: '%j can be another day, or is none',
  },
  {
    about: 'takes no profile in which something stands that nobody sees',
    change: {
      file: 'profiles/shared-profile.ts',
      code: 'textsIn(value).some(',
      instead: '[].some(',
    },
    test: 'profiles/shared-profile.test.ts',
    title: 'one with characters that nobody sees (%j) is not taken: what is told would not be what runs',
  },
  {
    about: 'nor one that lets others read along without a word',
    change: {file: 'profiles/shared-profile.ts', code: "security === 'none'", instead: 'false'},
    test: 'profiles/shared-profile.test.ts',
    title: 'what lets others on the line read along is told',
  },
  {
    about: 'tells what is agreed to, also beforehand',
    change: {
      file: 'program/profiles-command.ts',
      code: '  system.stderr.write(`$' + '{told}\\n`);\n  if (options.yes) return;\n',
      instead: '  if (options.yes) return;\n  system.stderr.write(`$' + '{told}\\n`);\n',
    },
    test: 'cli/profiles.test.ts',
    title: 'one that sends what is kept here is taken only when asked, and says for which CSV it is',
  },
  rowOf('request/csv/microsoft', 'request/csv/microsoft')(
    'a short row of Microsoft’s list lacks its own last cells',
    '[microsoftType, ...turnedCells]',
    '[...turnedCells, microsoftType]',
    'a row without its last cell is without that one, not without its request type',
  ),
  rowOf('request/csv/save', 'request/csv/microsoft')(
    'what of it cannot be read is not put below other columns',
    '  if (raw !== undefined) throw new LayoutError(raw);\n',
    '',
    'a row whose quotes are wrong is not written below other columns than its own',
  ),
];
