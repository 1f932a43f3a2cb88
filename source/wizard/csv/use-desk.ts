// The CSV that is on the screen: read from its file, checked after every change, mended, written.
import {useCallback, useMemo, useState} from 'react';
import {countOf} from '../../format/count.ts';
import {createChecker} from '../../request/csv/check.ts';
import {mendSure} from '../../request/csv/mend.ts';
import type {CsvGiven, CsvReading} from '../../request/csv/problem.ts';
import {csvTooLarge} from '../../request/csv/size.ts';
import type {FieldRules} from '../../request/field-rules.ts';
import type {ForAll} from '../../request/for-all.ts';
import {foreign} from '../../ui/cells.ts';
import {absolutePath} from '../../ui/path-field-state.ts';
import type {FilesPort} from '../ports.ts';
import {changed, type Desk, edited, openDesk, undone} from './desk.ts';
import type {RowsChange} from './rows.tsx';

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file. Check the path.',
  EACCES: 'You may not read this file. Change its permissions or choose another.',
  EISDIR: 'This is a directory. Choose a file in it.',
  EFBIG: `This file is too large: ${csvTooLarge}`,
};

/** Why a file could not be read, for a person. */
export function readFailure(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words = error instanceof Error ? foreign(error.message) : 'unknown reason';
  return sentences[code] ?? `The file could not be read: ${words}.`;
}

export type CsvDesk = {
  readonly given: CsvGiven;
  /** Of the file that was read or written last, as typed. */
  readonly path: string;
  /** Both absent until a file has been read. */
  readonly desk: Desk | undefined;
  readonly reading: CsvReading | undefined;
  /** What the last change has done. */
  readonly notice: string;
  /** @throws what the file system does */
  read(path: string, notice?: string): Promise<void>;
  change(change: RowsChange): void;
};

/** @param path to begin with, as typed */
export function useCsvDesk(files: FilesPort, rules: FieldRules, forAll: ForAll, path: string): CsvDesk {
  const given = useMemo(
    (): CsvGiven => ({overrides: forAll.answers, fill: forAll.fill ?? {}}),
    [forAll.answers, forAll.fill],
  );
  const check = useMemo(() => createChecker(rules, given), [rules, given]);
  const [now, setNow] = useState<{path: string; desk?: Desk; notice: string}>({path, notice: ''});
  const {desk} = now;
  const reading = useMemo((): CsvReading | undefined => {
    if (desk?.sheet !== undefined) return check(desk.sheet);
    return desk && {fileName: now.path, rows: [], problems: desk.problems, ok: false};
  }, [desk, check, now.path]);
  const read = useCallback(
    async (text: string, notice = '') => {
      setNow(before => ({...before, path: text}));
      const bytes = await files.read(absolutePath(text, files));
      setNow({path: text, desk: openDesk(bytes, text), notice});
    },
    [files],
  );
  // One change may come before the one before it has been drawn.
  const change = (asked: RowsChange) =>
    setNow(before => {
      const {desk: on} = before;
      if (on?.sheet === undefined) return before;
      switch (asked.kind) {
        case 'edits':
          return {...before, desk: edited(on, asked.edits), notice: ''};
        case 'undo':
          return {...before, desk: undone(on), notice: 'Taken back.'};
        case 'sure': {
          const {sheet, changes} = mendSure(on.sheet, check);
          const them = changes.length === 1 ? 'it' : 'them';
          const notice = `${countOf(changes.length, 'place')} mended. u takes ${them} back.`;
          return {...before, desk: changed(on, sheet), notice};
        }
      }
    });
  return {given, path: now.path, desk, reading, notice: now.notice, read, change};
}
