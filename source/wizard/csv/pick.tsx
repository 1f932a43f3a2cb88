// Chooses the CSV by its path, with completion and the files that fit below it.
import {Box, Text} from 'ink';
import {useEffect, useState} from 'react';
import {visibleWindow} from '../../progress/select.ts';
import {foreign, short, span, wrapText} from '../../ui/cells.ts';
import {CellsLine} from '../../ui/cells-line.tsx';
import {bandsOf, Frame} from '../../ui/frame.tsx';
import {absolutePath, candidates, completed, type PathEntry, splitPath} from '../../ui/path-field-state.ts';
import {TextField} from '../../ui/text-field.tsx';
import {editLine, insertText, type Line, lineOf} from '../../ui/text-field-state.ts';
import {roleProps, symbols} from '../../ui/theme.ts';
import {useKeysWithHelp} from '../../ui/use-help.ts';
import {useNow} from '../../ui/use-now.ts';
import type {FilesPort} from '../ports.ts';
import {pickBindings} from './keys.ts';

type Props = {
  readonly files: FilesPort;
  readonly path: string;
  /** Why the file could not be read. */
  readonly problem: string;
  readonly columns: number;
  readonly rows: number;
  readonly onPick: (path: string) => void;
  readonly onLeave: () => void;
};

const about = '"mailferry template O365-IMAP" prints a sample to fill in. One request in every row.';

const isCsv = (name: string) => /\.(?:csv|tsv|txt)$/i.test(name);

/** The entries of the directory that is typed; none where it cannot be listed, undefined until it is. */
function useEntries(files: FilesPort, directory: string): readonly PathEntry[] | undefined {
  const [listed, setListed] = useState<{directory: string; entries: readonly PathEntry[]}>();
  useEffect(() => {
    let isCurrent = true;
    const take = (entries: readonly PathEntry[]) => {
      if (isCurrent) setListed({directory, entries});
    };
    files.list(absolutePath(directory, files)).then(take, () => take([]));
    return () => {
      isCurrent = false;
    };
  }, [files, directory]);
  return listed?.directory === directory ? listed.entries : undefined;
}

export function CsvPick({files, path, problem, columns, rows, onPick, onLeave}: Props) {
  const [line, setLine, now] = useNow((_: Line, next: Line) => next, lineOf(path));
  const [index, setIndex, indexNow] = useNow((_: number, next: number) => next, -1);
  const [told, setTold] = useState(problem);
  const {directory, start} = splitPath(line.text);
  const entries = useEntries(files, directory);
  const found = candidates(entries ?? [], start, isCsv);
  const change = (next: Line) => {
    setLine(next);
    setIndex(-1);
    setTold('');
  };
  const at = Math.min(index, found.length - 1);
  const open = () => {
    const chosen = found[Math.min(indexNow(), found.length - 1)];
    const {text: typed} = now();
    const text = chosen ? directory + chosen.name : typed;
    const [only] = found;
    const isDirectory =
      chosen?.isDirectory ?? (text.endsWith('/') || (only?.name === start && only.isDirectory));
    if (text.trim() === '') return setTold('The path is missing. Type it, or choose a file from the list.');
    if (isDirectory) return change(lineOf(text.endsWith('/') ? text : `${text}/`));
    onPick(text);
  };
  const help = useKeysWithHelp({
    bindings: pickBindings,
    onAction: action => {
      switch (action) {
        case 'open':
          return open();
        case 'back':
          return onLeave();
        case 'complete': {
          const chosen = found[indexNow()];
          return change(lineOf(completed(now().text, chosen ? [chosen] : found)));
        }
        case 'down':
          return setIndex(Math.min(indexNow() + 1, found.length - 1));
        case 'up':
          return setIndex(Math.max(indexNow() - 1, -1));
      }
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
  const problems = wrapText(told, body.columns - 9, 3);
  const height = Math.max(1, body.rows - 5 - wrapText(about, body.columns, 2).length - problems.length);
  const shown = visibleWindow(found.length, height, Math.max(0, at));
  return (
    <Frame
      columns={columns}
      rows={rows}
      title="requests from a CSV file"
      bindings={pickBindings}
      help={help}
      helpKey="ctrl+g"
    >
      <CellsLine line={[{text: 'Which file holds the requests?', bold: true}]} />
      <CellsLine line={[]} />
      <Box height={1} flexShrink={0}>
        <Text {...roleProps.accent}>{symbols.pointer} </Text>
        <Text bold>Path </Text>
        <TextField line={line} columns={body.columns - 8} focused={at < 0} />
      </Box>
      {problems.map((text, row) => (
        <CellsLine
          key={text}
          line={[span('       '), span(`${row === 0 ? symbols.cross : ' '} ${text}`, 'fail')]}
        />
      ))}
      <CellsLine line={[]} />
      {found.slice(shown.start, shown.end).map((entry, offset) => (
        <CellsLine
          key={entry.name}
          line={[
            span(shown.start + offset === at ? `     ${symbols.pointer} ` : '       ', 'accent'),
            {
              ...span(
                short(foreign(entry.name), body.columns - 9, 'middle') + (entry.isDirectory ? '/' : ''),
                entry.isDirectory ? 'accent' : 'plain',
              ),
              bold: shown.start + offset === at,
            },
          ]}
        />
      ))}
      {entries !== undefined && found.length === 0 && (
        <CellsLine line={[span('       No CSV file or directory begins like this here.', 'dim')]} />
      )}
      <Box flexGrow={1} />
      {wrapText(about, body.columns, 2).map(text => (
        <CellsLine key={text} line={[span(text, 'dim')]} />
      ))}
    </Frame>
  );
}
