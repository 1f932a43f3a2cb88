// A sheet as the bytes of a file. Unlike what is exported (csv-write.ts), it holds the secrets that its file held.
import {cleanText} from '../../format/clean.ts';
import {fieldOf} from '../fields.ts';
import type {Sheet} from './sheet.ts';
import {windows1252Bytes} from './text.ts';
import {writtenCell} from './write.ts';

/**
 * With the separator, the line ends and the byte order mark of the file that was read, in UTF-8; in Windows-1252 where
 * nobody has confirmed yet that it is that, so that it stays as it was. Reads back as the same sheet. A row whose quotes are wrong is written as it was, and so is what could not be read: nobody knows yet
 * what it means.
 *
 * @throws EncodingError where a letter has come into it that Windows-1252 does not have
 * @throws LayoutError where what could not be read stands in other columns than the rest
 */
export function sheetBytes(sheet: Sheet): Uint8Array {
  const {columns, rows, delimiter, separatorLine, lineEnd, mark, guessed, unread} = sheet;
  const raw = sheet.microsoft ? firstRaw(sheet) : undefined;
  if (raw !== undefined) throw new LayoutError(raw);
  const line = (cells: readonly string[]) => cells.map(writtenCell).join(delimiter) + lineEnd;
  const header = columns.map(({key, state, written}) =>
    key !== undefined && state === 'known' ? fieldOf(key).label : written,
  );
  const text = [
    mark && !guessed ? '\ufeff' : '',
    separatorLine,
    line(header),
    ...rows.map(({cells, fault, cut = 0}) =>
      fault === undefined ? line([...cells, ...Array.from({length: cut}, () => '')]) : fault.raw + lineEnd,
    ),
    unread?.text ?? '',
  ].join('');
  if (!guessed) return new TextEncoder().encode(text);
  const bytes = windows1252Bytes(text);
  if (typeof bytes === 'string') throw new EncodingError(bytes);
  return bytes;
}

/** The line of the first that is written as it was, if there is one. */
export function firstRaw({rows, unread}: Pick<Sheet, 'rows' | 'unread'>): number | undefined {
  return rows.find(({fault}) => fault !== undefined)?.line ?? unread?.line;
}

export class LayoutError extends Error {
  override readonly name = 'LayoutError';

  constructor(line: number) {
    super(
      `the quotes in line ${line} are wrong, and its columns are Microsoft's still: correct that line first`,
    );
  }
}

export class EncodingError extends Error {
  override readonly name = 'EncodingError';

  constructor(letter: string) {
    super(
      `the file is read as Windows-1252, which has no "${cleanText(letter, 10)}", and nobody has confirmed that yet`,
    );
  }
}
