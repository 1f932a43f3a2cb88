// What a server answers is taken for what it is: no other message's, no more than was asked for, and never sent on.
import type {Defence} from '../../helpers/defence.ts';

const imap =
  (file: string) =>
  (about: string, code: string, instead: string, title: string): Defence => ({
    about,
    change: {file: `engine/imap/${file}.ts`, code, instead},
    test: 'engine/imap/misled.test.ts',
    title,
  });
const stored = imap('append');
const session = imap('session');
const fetched = imap('fetch');
const kept = imap('kept-bodies');
const wire = imap('wire');
const name = imap('modified-utf7');
const response = imap('responses');

const unasked = 'a literal goes unasked only as far as the server takes it so';
const bounded = 'no more is kept in memory than was announced, and of a header its beginning';
const apart = 'what one command was sent beyond its bound is not taken off what another may be sent';
const beside = 'no more of messages is kept than was announced where a server sends them ';
const gone = 'a folder that could not be opened is not open, nor is the one before it';
const once = 'a UID that is found twice is one, in whatever order they come';
const half = 'a name with half a character in it stays as it was sent';
const early = 'nothing follows a large message that was refused before its bytes were asked for';

export const replies: readonly Defence[] = [
  {
    about: 'believes no UIDs of another numbering',
    change: {
      file: 'engine/imap/append.ts',
      code: '(uidValidity > 0 && numbering(Number(validity)) !== uidValidity)',
      instead: 'uidValidity < 0',
    },
    test: 'engine/copy/numbered-anew.test.ts',
    title: 'a UID of another numbering says nothing: the message is looked for, and no other is taken for it',
  },
  stored(
    'believes no UIDs of another number of messages',
    'uids.length === messages.length ? uids[index] : undefined',
    'uids[index]',
    'no UID is believed where there are not as many as messages',
  ),
  stored(
    'sends no command for a date',
    'const date = dateTimeOf(message.internalDate);',
    "const date = message.internalDate === '' ? undefined : message.internalDate;",
    'a date is sent on only where it is one',
  ),
  stored(
    'sends no mail where commands are read',
    '(await ready) && !command.answered()',
    'await ready',
    'a message goes nowhere where the server has answered before it asked for it',
  ),
  stored('ends no message that was refused', 'if (ended && !swallow) command', 'if (ended) command', early),
  stored('nor sends a byte of it', '        swallow = !taken;\n', '', early),
  stored('asks for a large literal', 'message.body.length <= 4096 && ', '', unasked),
  stored(
    'asks where literals are only asked for',
    "(session.has('LITERAL+') || session.has('LITERAL-'))",
    'true',
    unasked,
  ),
  fetched(
    'streams no other message',
    'named === undefined ? !alone : Number(named) !== uid',
    'named === undefined ? !alone : false',
    'another message is not taken for the one that streams',
  ),
  fetched(
    'streams none that may be another’s',
    'named === undefined ? !alone : Number(named) !== uid',
    'named === undefined ? false : Number(named) !== uid',
    'nor one without a UID where other commands are under way',
  ),
  fetched('streams it once', "outcome !== 'nothing' || ", '', 'a message that comes twice streams once'),
  fetched(
    'keeps a body when flags change',
    'else parts.set(read.uid, message);\n            return false;',
    'else parts.set(read.uid, message);',
    'flags that changed meanwhile are no message',
  ),
  session(
    'finds no message twice',
    'return uids.filter((uid, index) => uid !== uids[index - 1]);',
    'return uids;',
    once,
  ),
  session(
    'finds them in order',
    '    uids.sort((one, other) => one - other);\n    return uids.filter',
    '    return uids.filter',
    once,
  ),
  session(
    'has nothing open while another is opened',
    '    this.#open = undefined;\n    let uidValidity',
    '    let uidValidity',
    gone,
  ),
  session(
    'nor when it was refused behind another',
    'if (turn === this.#selects) this.#open',
    'this.#open',
    'nor is one that was opened while it was asked for',
  ),
  fetched(
    'leaves messages to the command that asked for them',
    ' || !wanted.has(read.uid)',
    '',
    'a message goes to the command that asked for it, also where its UID stands behind it',
  ),
  response(
    'takes the size of a message from what is one',
    ' || !/^\\* \\d+ FETCH /i.test(line)',
    '',
    'words are no message with a size',
  ),
  kept('keeps no more than was announced', 'size <= this.#left && (', '(', bounded),
  kept('counts what it keeps', '    for (const {length} of literals) this.#left -= length;\n', '', bounded),
  fetched('of its own', 'if (!kept.took(response)) {', 'if (uids.length < 0) {', apart),
  kept('and what is no literal', ' && this.#leftOfLines >= 0', '', beside),
  kept(
    'and of its own alone',
    'if (size <= this.#left && (beginning === undefined || size <= beginning)) return undefined;',
    'if (size <= this.#left && (beginning === undefined || size <= beginning)) {this.#left -= size; return undefined;}',
    apart,
  ),
  kept('keeps the beginning of a header', ' && (beginning === undefined || size <= beginning)', '', bounded),
  kept(
    'cuts no other command’s messages',
    'named === undefined ? !alone : !this.#wanted.has(Number(named))',
    'named === undefined ? !alone : false',
    bounded,
  ),
  kept(
    'nor what may be another’s',
    'named === undefined ? !alone : !this.#wanted.has(Number(named))',
    'named === undefined ? false : !this.#wanted.has(Number(named))',
    bounded,
  ),
  wire(
    'writes no goodbye into a message',
    '    if (this.#pending.size > 0) {\n      this.destroy();\n      return;\n    }\n    this.#write',
    '    this.#write',
    'who leaves while a message is being written says no goodbye, which would be part of it',
  ),
  {
    about: 'believes no refusal that is none',
    change: {
      file: 'engine/imap/command.ts',
      code: "word === 'NO' ? word : 'BAD'",
      instead: "word === 'BAD' ? word : 'NO'",
    },
    test: 'engine/imap/misled.test.ts',
    title: 'an answer that is neither OK nor NO is a refusal of the command, not of what it is about',
  },
  name('loses no half of a character', ' || bytes.length % 2 !== 0', '', half),
  name(
    'reads a name in UTF-8',
    "/[\\x80-\\xff]/.test(wire) ? Buffer.from(wire, 'latin1').toString('utf8') : wire",
    'wire',
    half,
  ),
];
