// What strangers write is only read: no terminal, browser or spreadsheet does anything for it.
import type {Defence} from '../../helpers/defence.ts';

const drawings = 'report/drawings.test.ts';

const page = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file, code, instead},
  test: drawings,
  title,
});

const written = 'shows each character of what strangers wrote as it is, and no more than a page bears';
const nothing = 'needs nothing from elsewhere and runs nothing';
const readable = 'stays readable whatever the run';

const cell = (about: string, code: string, instead: string, title = 'cell %j is %j'): Defence =>
  page(about, 'report/csv.ts', code, instead, title);
const any = 'is RFC 4180 for any text, and never a formula';
const printed = 'keeps what can be printed, and guards where a formula could begin';

const cleaned = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'format/clean.ts', code, instead},
  test: 'format/clean.test.ts',
  title,
});

const none = 'no character that draws nothing gets through between letters';

const untravelled = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: `engine/${file}.ts`, code, instead},
  test: 'engine/copy/flags-and-dates.test.ts',
  title,
});
const readDate = 'a date is kept where it can be read for sure, else it is told and named';

export const words: readonly Defence[] = [
  ...(
    [
      ['&', "  '&': '&amp;',\n"],
      ['<', "  '<': '&lt;',\n"],
      ['>', "  '>': '&gt;',\n"],
      ['"', "  '\"': '&quot;',\n"],
      ["'", "  \"'\": '&#39;',\n"],
    ] as const
  ).map(([character, code]) =>
    page(`a page shows ${character} and does not obey it`, 'report/markup.ts', code, '', written),
  ),
  page(
    'a page shows so much of a text',
    'report/markup.ts',
    'const longest = 2000;',
    'const longest = 1e9;',
    written,
  ),
  page(
    'a page holds no controls',
    'report/markup.ts',
    'cleanText(text, longest).replace',
    'text.replace',
    'escapes what strangers wrote',
  ),
  page(
    'a template escapes what it is given',
    'report/markup.ts',
    'return escapeText(value);',
    'return value;',
    'escapes what strangers wrote',
  ),
  page(
    'a page forbids itself all but its own style',
    'report/html.ts',
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n",
    '',
    nothing,
  ),
  page(
    'a page tells no other where it lies',
    'report/html.ts',
    '<meta name="referrer" content="no-referrer">\n',
    '',
    nothing,
  ),
  page(
    'a page lists so many requests',
    'report/tables.ts',
    'requests.slice(0, mostRequests)',
    'requests',
    readable,
  ),
  page(
    'a page names so many messages for one reason',
    'report/tables.ts',
    'messages.slice(0, mostLost)',
    'messages',
    readable,
  ),
  page('a page shows so many notes', 'report/tables.ts', '    .slice(0, mostNotes)\n', '', readable),
  cell('a cell begins no formula', 'formula.test(cell) || ', ''),
  cell('nor does what is left of it when it is cleaned', ' || (clean !== cell && formula.test(clean))', ''),
  cell('nor one in East Asian signs', '[=+\\-@＝＋－＠]|^', '[=+\\-@]|^'),
  cell('nor one behind a tab', '|^[\\t\\r\\n]/', '/'),
  cell('nor one behind blanks', '/^\\s*[=', '/^[='),
  cell('nor one behind a semicolon', '.replace(formulaBehindSemicolon, ";\'")', ''),
  cell('nor one behind a semicolon and a quote', '(?=[\\s"]*', '(?=[\\s]*'),
  cell('nor one in East Asian signs behind a semicolon', '*[=+\\-@＝＋－＠])/g', '*[=+\\-@])/g'),
  cell('a cell is cleaned', 'const clean = cleanText(cell, longestCell);', 'const clean = cell;'),
  cell('a cell holds so much', 'cell.length <= longestCell && ', ''),
  cell('a quote ends no cell', ".replaceAll('\"', '\"\"')", ''),
  cell('a comma ends none', 'const quoted = /[",\\r\\n]/;', 'const quoted = /["\\r\\n]/;', any),
  cell('what may be a formula is not plain', '/^[!#-*./0-:<>?A-~]', '/^[!#-*./0-:<=>?A-~]'),
  cell('nor is what holds a comma', '[ !#-+\\--:<-~]*$/', '[ !#-:<-~]*$/', printed),
  cell('nor what holds a semicolon', '[ !#-+\\--:<-~]*$/', '[ !#-+\\--~]*$/'),
  cell(
    'a spreadsheet is told that it is UTF-8',
    "export const byteOrderMark = '\\ufeff';",
    "export const byteOrderMark = '';",
    'requests and folders carry the numbers, left-out folders their reason',
  ),
  page(
    'summary.json moves no cursor',
    'report/json.ts',
    'jsonText(summary, 2)',
    'JSON.stringify(summary, null, 2)',
    'summary.json moves no cursor and turns no text',
  ),
  cleaned('halves of characters are replaced', '    .toWellFormed()\n', '', none),
  cleaned('escape sequences go whole', "    .replace(escapeSequences, '')\n", '', '%s'),
  cleaned('a text is one line', "    .replace(lineBreaks, ' ')\n", '', '%s'),
  cleaned('what draws nothing goes', "    .replace(invisible, '')\n", '', none),
  cleaned('what is no character is replaced', "    .replace(nonCharacters, '\\ufffd')\n", '', none),
  cleaned(
    'marks are not stacked over the lines around',
    "    .replace(markFlood, '$1')",
    '',
    'stacks of combining marks are cut down',
  ),
  cleaned(
    'a text is so long',
    "points.slice(0, Math.max(0, most - cut.length)).join('')",
    'cleaned',
    'the length is bounded by code points, and dots say so',
  ),
  cleaned(
    'what needs no cleaning holds no control',
    '\\x20-\\x7e\\xa0-\\xac',
    '\\x00-\\x7e\\xa0-\\xac',
    none,
  ),
  cleaned('nor one of eight bits', '\\x7e\\xa0-\\xac\\xae-', '\\xff\\xae-', none),
  cleaned('nor a hyphen that is not drawn', '\\xa0-\\xac\\xae-\\u02ff', '\\xa0-\\u02ff', none),
  cleaned('what turns the reading direction goes', '\\p{Cc}\\p{Cf}\\p{Def', '\\p{Cc}\\p{Def', none),
  untravelled(
    'reads a date that is written more freely than the rule',
    'imap/internal-date',
    'return isDateTime(date) ? date : undefined;',
    'return undefined;',
    readDate,
  ),
  untravelled(
    'sends no date that no calendar has',
    'imap/internal-date',
    'return day <= 28 || day <= daysOf(',
    'return day <= 31 || day <= daysOf(',
    'a date that no calendar has is not sent: a destination may refuse the message for it',
  ),
  untravelled(
    'tells of mail whose date cannot be read',
    'copy/changes',
    'if (date === undefined) this.#count(dateUnreadable);',
    '',
    readDate,
  ),
  untravelled(
    'names the mail whose date cannot be read',
    'copy/message-row',
    '(date === undefined ? undated : {date})',
    '(date === undefined ? {} : {date})',
    readDate,
  ),
  untravelled(
    'leaves out and tells a keyword that no command can carry',
    'copy/flags',
    'free && isFlag(flag)',
    'free',
    'a keyword that no command can carry is told',
  ),
  untravelled(
    'takes an empty list of flags for none',
    'imap/session',
    '...(permanentFlags === undefined ? {} : {permanentFlags}),',
    '...(permanentFlags?.length ? {permanentFlags} : {}),',
    'flags are told where the destination keeps none at all',
  ),
];
