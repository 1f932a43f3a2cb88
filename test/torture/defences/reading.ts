// What is read of an answer or a CSV, and what is written of a run: no more than is meant, and nothing taken for something else.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const listed = rowOf('engine/imap/list-bounds', 'engine/imap/bounds');
const response = rowOf('engine/imap/responses', 'engine/imap/bounds');
const value = rowOf('engine/imap/values', 'engine/imap/syntax');
const matched = rowOf('engine/messages/match', 'engine/messages/match');
const read = rowOf('engine/imap/other-reader', 'engine/copy/other-reader');
const edited = rowOf('request/csv/edit', 'request/csv/mend');
const mended = rowOf('request/csv/mend', 'request/csv/mend');

const numbers = 'sizes and counts stay within 32 bits';
const named = 'a message that ';
const once = 'every source message comes out once, no destination message is used twice';

export const reading: readonly Defence[] = [
  listed(
    'so many folders fit in memory',
    'isMore(this.#folders, mostFolders) ||',
    '',
    'bounds all %s together',
  ),
  listed('and so many bytes of names', 'isMore(this.#bytes, mostBytes) ||', '', 'bounds all %s together'),
  listed(
    'and so many levels',
    'isMore(this.#weight, mostWeight)',
    'false',
    'is refused where it is more than memory is for',
  ),
  response(
    'the next UID is one',
    "uidNext: bounded(numbers.get('UIDNEXT') ?? 0)",
    "uidNext: numbers.get('UIDNEXT') ?? 0",
    numbers,
  ),
  response('so many bytes can be added up', 'Math.min(bytes, mostBytes)', 'bytes', numbers),
  response(
    'a name is no command',
    ".replace(/[\\r\\n\\0]/g, '?')",
    '',
    'never becomes another command, whatever stands in a name',
  ),
  response(
    'what is free is not less than nothing',
    'Math.max(0, limit - used)',
    '(limit - used)',
    'what is free by a quota of %s is %s bytes',
  ),
  value(
    'lists are so deep',
    'if (stack.length > deepest)',
    'if (false)',
    'bounds depth, and never hangs or crashes on anything else',
  ),
  value(
    'text is no literal',
    ' && isLiteralTail(line, at)',
    '',
    'takes only what ends a line for the size of a literal',
  ),
  {
    ...value('a set has so many UIDs', '', '', 'are bounded'),
    change: {
      file: 'engine/imap/uid-set.ts',
      code: 'Math.abs(last - first) + uids.length > mostUids',
      instead: 'false',
    },
  },
  {
    ...response('words have no structure', '', '', 'words are no message of which the structure is known'),
    change: {
      file: 'engine/imap/structures.ts',
      code: ' || !/^\\* \\d+ FETCH /i.test(line)',
      instead: '',
    },
  },
  matched(
    'each message is asked about once',
    'const mine = from.filter(message => !settled.source.has(message.uid));',
    'const mine = from;',
    once,
  ),
  matched('and taken once', '.filter(other => !settled.destination.has(other.uid))', '', once),
  matched(
    'sizes count only where they agree elsewhere',
    ' && unlike.length * 2 <= byKey.length',
    '',
    'sizes say nothing where most of what is the same differs in them',
  ),
  {
    ...read('an answer that only another reader reads is asked of it', '', '', 'a message that comes with '),
    change: {
      file: 'engine/imap/errors.ts',
      code: "return this.code === 'InvalidResponse' || this.code === 'UnexpectedTag';",
      instead: 'return false;',
    },
  },
  {
    ...read('so large a message too', '', '', 'a message that comes with '),
    change: {
      file: 'engine/copy/transfer.ts',
      code: 'if (next.large && !otherwise)',
      instead: 'if (next.large)',
    },
  },
  {
    ...read('not what may not fit into memory', '', '', 'a message that may not fit into memory is named'),
    change: {
      file: 'engine/copy/folder-verdicts.ts',
      code: 'if (room > this.#context.settings.limits.memory)',
      instead: 'if (room === Number.POSITIVE_INFINITY)',
    },
  },
  {
    ...read('it holds a message twice', '', '', 'a message that may not fit into memory is named'),
    change: {file: 'engine/copy/batches.ts', code: 'number => bytes * 2;', instead: 'number => bytes;'},
  },
  read(
    'of the same folder',
    'if (uidValidity !== wanted.uidValidity) return undefined;',
    '',
    'another folder of that name is not asked for the message',
  ),
  read('nothing of a message is left behind it', 'if (!isResponse(line)) sound = false;', '', named),
  read(
    'it is as long as is told with it',
    "if (Number(textOf(values.get('RFC822.SIZE'))) !== body.length) return undefined;",
    '',
    named,
  ),
  read(
    'and no longer than memory was taken for',
    '    maxLiteralSize: Math.max(wanted.bytes, signInSizes.maxLiteralSize),\n    maxResponseSize: wanted.bytes + around,\n',
    '    maxLiteralSize: 1e9,\n    maxResponseSize: 1e9,\n',
    named,
  ),
  read('characters stay as they are', " || value.includes('\\ufffd')", '', named),
  {
    about: 'what another reader has read once, ours is not asked for again',
    change: {
      file: 'engine/copy/suspicion.ts',
      code: '    this.#otherwise.add(uid);\n',
      instead: '',
    },
    test: 'engine/copy/other-reader.test.ts',
    title:
      'a message that another reader has read is not blamed for a destination that goes before it is stored',
  },
  edited(
    'an answer goes into no cell that is not there',
    ' && place < cells.length',
    '',
    'writes no answer where a row has no cell for it',
  ),
  mended(
    'no cell is thrown away',
    " && sheet.rows.every(({cells}) => (cells[index] ?? '').trim() === '')",
    '',
    'a column without a name stays where a row has something in it',
  ),
  rowOf('program/history', 'program/history')(
    'a record of a run outlives a power cut',
    '\\n`, true);',
    '\\n`);',
    'a record is on disk before it takes the place of the one before it',
  ),
  {
    ...rowOf('cli', 'cli/leaks')(
      'a diagnostic report has no environment',
      '  process.report.excludeEnv = true;\n',
      '',
      'in a crash, nor in the diagnostic report that Node writes of one',
    ),
    built: true,
  },
  listed(
    'what was brought is listed again below its folder',
    "end === 'destination' ? roomBelow : 1",
    '1',
    'is read at the destination below whatever a source may have',
  ),
];
