// A sheet as the bytes of a file. Unlike what is exported (csv-write.ts), it holds the secrets that its file held.
import type {Sheet} from './csv-sheet.ts';
import {writtenCell} from './csv-write.ts';
import {fieldOf} from './fields.ts';

/**
 * With the separator, the line ends and the byte order mark of the file that was read, in UTF-8. Reads back as the
 * same sheet. A row whose quotes are wrong is written as it was, and so is what could not be read: nobody knows yet
 * what it means.
 */
export function sheetBytes({columns, rows, delimiter, lineEnd, mark, unread}: Sheet): Uint8Array {
  const line = (cells: readonly string[]) => cells.map(writtenCell).join(delimiter) + lineEnd;
  const header = columns.map(({key, state, written}) =>
    key !== undefined && state === 'known' ? fieldOf(key).label : written,
  );
  const text = [
    mark ? '\ufeff' : '',
    line(header),
    ...rows.map(({cells, fault, cut = 0}) =>
      fault === undefined ? line([...cells, ...Array.from({length: cut}, () => '')]) : fault.raw + lineEnd,
    ),
    unread?.text ?? '',
  ].join('');
  return new TextEncoder().encode(text);
}
