// What was read to compare mail is read once, however often reading is broken off, and counts as long as it is true.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const row = (about: string, file: string, code: string, instead: string, title: string): Defence =>
  rowOf(`engine/copy/${file}`, 'engine/exchange/read-on')(about, code, instead, title);
const compared = rowOf('engine/copy/compare-contents', 'engine/copy/pair-looks');

const lost = 'contents are read on where the connection went, however often it goes';
const gone = 'of a message that has gone from the source meanwhile: its copy is that of its like';
const anew = 'has its %s read on where the connection went, however often it goes';
const moved = 'copies that were moved away and back have their %s read on';

export const readingOn: readonly Defence[] = [
  row(
    'a text that was read is kept',
    'compare-contents',
    '        known.kept[end].set(uid, text);\n',
    '',
    lost,
  ),
  row('for the next try of the same look', 'pairing', '        this.read.texts,\n', '', lost),
  row(
    'who reads texts gets further',
    'read-so-far',
    ' + texts.source.size + texts.destination.size;',
    ';',
    'contents are read on with the next token, however many end',
  ),
  row(
    'and does not wait in vain',
    'folder-verdicts',
    'if (work !== undefined && gotFurther(work)) this',
    'if (work !== undefined && error instanceof ConnectionLost && gotFurther(work)) this',
    'contents are read on after each wait, however often the server asks for one',
  ),
  row('the headers of a folder numbered anew are kept', 'renumbered', ', had.headers.source)', ')', anew),
  row('and its texts', 'renumbered', 'nothingRead(had.texts)', 'nothingRead()', anew),
  row(
    'UIDs that mean other messages bring nothing back',
    'folder-mail',
    '    this.#read.clear();\n',
    '',
    'where the destination was numbered anew meanwhile',
  ),
  row(
    'at either end',
    'folder-mail',
    '    this.#read.clear();\n',
    '    for (const read of this.#read.values()) read.texts.destination.clear();\n',
    'where the source was',
  ),
  row(
    'what has gone from the source takes no copy',
    'settle',
    '    await read.forgetGone(sessions.source);\n',
    '',
    gone,
  ),
  row(
    'nor a row of the ledger',
    'renumbered',
    '  if (had.hasSource) await had.forgetGone(sessions.source);\n',
    '',
    gone,
  ),
  row(
    'and counts as gone',
    'read-so-far',
    '      headers.source.delete(uid);\n',
    '',
    'and one whose header alone was read is not taken for there',
  ),
  row(
    'the headers of copies that were moved are kept',
    'moved-copies',
    'named, had.headers.destination)',
    'named)',
    moved,
  ),
  row('and their texts', 'moved-copies', ', context, had.texts);', ', context);', moved),
  rowOf('engine/copy/read-so-far', 'engine/copy/read-so-far')(
    'what has gone is forgotten altogether',
    '      texts.source.delete(uid);\n',
    '',
    'of the source only what is there still counts as read',
  ),
  rowOf('engine/copy/folder-mail', 'engine/copy/read-so-far')(
    'nothing is kept longer than it is of use',
    '    this.#read.delete(who);\n',
    '',
    'who compares goes on with what it has read, and keeps nothing of it once it is done',
  ),
  compared(
    'no text of another folder is kept',
    '      if (failures.length > 0) return;\n',
    '',
    'neither end is read on when the other has gone: another folder is open there soon',
  ),
  compared(
    'nor one that comes later',
    "readAt(sessions.source, mine, 'source').catch(failed)",
    "readAt(sessions.source, mine, 'source')",
    'neither end is read on when the other has gone: another folder is open there soon',
  ),
  compared(
    'what was read with less care is read again',
    ' || (anew && !text.anew)',
    '',
    'what was read before is not read again, unless more is to be known of it',
  ),
];
