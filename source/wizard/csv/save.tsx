// Asks where the mended CSV goes, and writes it there. A file that is there is replaced only when asked twice.
import {Box, Text} from 'ink';
import {useState} from 'react';
import {sheetBytes} from '../../request/csv/save.ts';
import {foreign, span, wrapText} from '../../ui/cells.ts';
import {CellsLine} from '../../ui/cells-line.tsx';
import {bandsOf, Frame} from '../../ui/frame.tsx';
import {absolutePath} from '../../ui/path-field-state.ts';
import {TextField} from '../../ui/text-field.tsx';
import {editLine, insertText, type Line, lineOf} from '../../ui/text-field-state.ts';
import {roleProps, symbols} from '../../ui/theme.ts';
import {useKeys} from '../../ui/use-keys.ts';
import {useNow} from '../../ui/use-now.ts';
import type {FilesPort} from '../ports.ts';
import type {Desk} from './desk.ts';
import {saveCsvBindings} from './keys.ts';

type Props = {
  readonly title: string;
  readonly desk: Desk;
  /** Where the file was read, as typed. */
  readonly path: string;
  readonly files: FilesPort;
  readonly columns: number;
  readonly rows: number;
  readonly onSaved: (path: string) => void;
  readonly onCancel: () => void;
};

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such directory. Check the path.',
  EACCES: 'You may not write there. Choose another directory.',
  EPERM: 'You may not write there. Choose another directory.',
  EBUSY: 'Another program, such as Excel, has it open. Close it there, or choose another name.',
  EROFS: 'This disk takes no writing. Choose another directory.',
  EISDIR: 'This is a directory. Add the name of a file to it.',
  ENOTFILE: 'There is something else than a file. Choose another name.',
  ENOSPC: 'The disk is full. Make room or choose another one.',
};

/** Why a file could not be written, for a person. */
function writeFailure(error: unknown): string {
  const words = error instanceof Error ? foreign(error.message) : 'unknown reason';
  return sentences[String(codeOf(error))] ?? `The file could not be written: ${words}.`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** `users.mine.csv` of `users.csv`. */
function besides(path: string): string {
  return path.replace(/(\.[^./\\]*)?$/, '.mine$1');
}

export function CsvSave({title, desk, path, files, columns, rows, onSaved, onCancel}: Props) {
  const [line, setLine, now] = useNow((_: Line, next: Line) => next, lineOf(path));
  const [replacing, setReplacing] = useState('');
  const [problem, setProblem] = useState('');
  const [busy, setBusy] = useState(false);
  const change = (next: Line) => {
    setLine(next);
    setProblem('');
    setReplacing('');
  };
  const save = async () => {
    const text = now().text.trim();
    if (text === '') return setProblem('The path is missing. Type where the file goes.');
    if (desk.sheet === undefined) return;
    setBusy(true);
    try {
      const target = absolutePath(text, files);
      // Of the file that is mended here, only what was read: somebody else may work on it, too.
      const read = absolutePath(path, files);
      const isRead = target === read || (await files.isSame(target, read));
      const known = isRead ? {only: desk.bytes} : true;
      await files.write(target, sheetBytes(desk.sheet), replacing === text && known);
      onSaved(text);
    } catch (error) {
      setBusy(false);
      if (codeOf(error) === 'ECHANGED') {
        change(lineOf(besides(text)));
        return setProblem(
          `Somebody has changed ${foreign(text.replace(/^.*[/\\]/, ''))} since it was read here. It is left as it is; Enter saves yours beside it, under this name.`,
        );
      }
      if (codeOf(error) !== 'EEXIST') return setProblem(writeFailure(error));
      setReplacing(text);
      setProblem('There is such a file. Enter again replaces it.');
    }
  };
  useKeys({
    bindings: saveCsvBindings,
    isActive: !busy,
    onAction: action => {
      if (action === 'cancel') onCancel();
      else void save();
    },
    text: {
      edit: key => {
        const edited = editLine(now(), key);
        if (edited) change(edited);
        return edited !== undefined;
      },
      insert: text => change(insertText(now(), text)),
    },
  });
  const {body} = bandsOf(columns, rows);
  return (
    <Frame columns={columns} rows={rows} title={title} bindings={saveCsvBindings} helpKey="">
      <CellsLine line={[{text: 'Save the mended file', bold: true}]} />
      <CellsLine line={[]} />
      <Box height={1} flexShrink={0}>
        <Text {...roleProps.accent}>{symbols.pointer} </Text>
        <Text bold>Path </Text>
        <TextField line={line} columns={body.columns - 8} focused />
      </Box>
      {wrapText(problem, body.columns - 9, 3).map(text => (
        <CellsLine key={text} line={[span('       '), span(`${symbols.warning} ${text}`, 'warn')]} />
      ))}
      <CellsLine line={[]} />
      {wrapText(
        'It holds the passwords that the file held, so that only you may read it. The run, and one that goes on with it later, take what is saved here.',
        body.columns - 1,
        4,
      ).map(text => (
        <CellsLine key={text} line={[span(text, 'dim')]} />
      ))}
    </Frame>
  );
}
