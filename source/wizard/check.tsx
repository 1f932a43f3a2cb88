// The check: both ends signed in for real, and the folders as they will be copied.
import {Box} from 'ink';
import {totalOf} from '../check/asked.ts';
import type {Inspection} from '../engine/look/inspection.ts';
import {visibleWindow} from '../progress/select.ts';
import type {Request} from '../request/schema.ts';
import {foreign, type Line, short, span, wrapText} from '../ui/cells.ts';
import {CellsBlock, CellsLine} from '../ui/cells-line.tsx';
import {type CheckListAction, checkListReducer} from '../ui/check-list-state.ts';
import {Spinner} from '../ui/spinner.tsx';
import {
  fateOf,
  folderColumns,
  folderLine,
  problemLines,
  sortedProblems,
  totalsLines,
  verdictLines,
} from './check-lines.ts';
import {type FolderChoice, inScope, naturalFolders, subtreeOf} from './folder-choice.ts';
import {foreseenView} from './foreseen-lines.ts';
import type {Look} from './use-inspection.ts';

export type CheckView = {
  readonly index: number;
  readonly ticked: ReadonlySet<string>;
  /** What is in the place of the folders: all problems, or the messages that will be refused. */
  readonly instead?: 'problems' | 'messages' | undefined;
  /** Of the message under the cursor. */
  readonly message?: number;
};

type Props = {
  readonly look: Look;
  readonly request: Request;
  readonly view: CheckView;
  /** Why one cannot go on, after an attempt to. */
  readonly refusal?: string;
  readonly columns: number;
  readonly rows: number;
};

export function Check({look, request, view, refusal, columns, rows}: Props) {
  if (look.phase === 'looking') return <Looking request={request} columns={columns} />;
  if (look.phase === 'broken') {
    const problem = {code: 'check-broken', scope: 'run', verdict: 'stop', sentence: look.sentence} as const;
    const nextStep = 'Press r to try again, esc to go back.';
    return <CellsBlock lines={problemLines({...problem, nextStep}, columns, rows)} height={rows} />;
  }
  return (
    <CellsBlock
      lines={foundLines({
        inspection: look.inspection,
        request,
        view,
        columns,
        rows,
        ...(refusal === undefined ? {} : {refusal}),
      })}
      height={rows}
    />
  );
}

function Looking({request, columns}: {readonly request: Request; readonly columns: number}) {
  const {source, destination} = request;
  const doing = `Signing in at ${foreign(source.server)} and ${foreign(destination.server)},`;
  const said = [
    'then listing the folders and counting the mail. Nothing is changed.',
    'A large mailbox takes up to a minute. Esc calls it off.',
  ];
  return (
    <Box flexDirection="column" width={columns}>
      <Box height={1}>
        <Spinner />
        <CellsLine line={[span(` ${short(doing, columns - 2, 'middle')}`)]} />
      </Box>
      {said
        .flatMap(text => wrapText(text, columns - 2, 2))
        .map(text => (
          <CellsLine key={text} line={[span(`  ${text}`, 'dim')]} />
        ))}
    </Box>
  );
}

type Found = {
  readonly inspection: Inspection;
  readonly request: Request;
  readonly view: CheckView;
  readonly refusal?: string;
  readonly columns: number;
  readonly rows: number;
};

/** The whole screen once the mailboxes have answered; at most `rows` lines. */
function foundLines({inspection, request, view, refusal, columns, rows}: Found): Line[] {
  const folders = inScope(inspection.folders, request.sourceFolder);
  const head = [...verdictLines(inspection, columns), []];
  const problems = sortedProblems(inspection.problems);
  const failed = inspection.source === undefined || inspection.destination === undefined;
  if (!failed && view.instead === 'messages')
    return [
      ...head,
      ...foreseenView(inspection, view.message ?? 0, columns, Math.max(1, rows - head.length)),
    ].slice(0, rows);
  if (failed || view.instead === 'problems' || folders.length === 0) {
    const told = problems.flatMap(problem => [...problemLines(problem, columns, 8), []]);
    return [...head, ...told].slice(0, rows);
  }
  const total = totalOf(folders, ({source}) => view.ticked.has(source), request);
  const foot = [
    ...problemTail(problems, inspection.foreseen?.length ?? 0, columns),
    ...totalsLines(total, inspection, request, columns),
    ...(refusal === undefined ? [] : wrapText(refusal, columns, 1).map((text): Line => [span(text, 'fail')])),
  ];
  const height = Math.max(1, rows - head.length - foot.length - 2);
  const widths = folderColumns(folders, columns);
  const {start, end, above, below} = visibleWindow(
    folders.length,
    height,
    view.index,
    view.index - Math.floor(height / 2),
  );
  const list = folders
    .slice(start, end)
    .map((folder, offset) =>
      folderLine(folder, view.ticked.has(folder.source), start + offset === view.index, widths, request),
    );
  const more = above + below > 0 ? `${above} above, ${below} below   ` : '';
  const current = folders[view.index];
  const detail = current
    ? `${foreign(current.source)}  ${fateOf(current, view.ticked.has(current.source)).text}`
    : '';
  const notes = current && current.notes.length > 0 ? `  (${foreign(current.notes.join('; '))})` : '';
  return [
    ...head,
    ...list,
    [span(short(`  ${more}${detail}${notes}`, columns, 'end'), 'dim')],
    [],
    ...foot,
  ].slice(0, rows);
}

function problemTail(problems: Inspection['problems'], foreseen: number, columns: number): Line[] {
  const [first] = problems;
  if (first === undefined) return [];
  const rest = problems.length - 1;
  const lines = problemLines(first, columns, 2);
  const hints = [
    ...(foreseen > 0 ? ['m: see the messages'] : []),
    ...(rest > 0 ? [`and ${rest} more: p shows them`] : []),
  ];
  return hints.length > 0 ? [...lines, [span(short(`  ${hints.join('   ')}`, columns), 'dim')]] : lines;
}

/** The list's cursor and ticks. `asked`: the choice the look was made with. */
export function checkViewReducer(
  view: CheckView,
  action: CheckListAction,
  folders: Inspection['folders'],
  asked: FolderChoice,
): CheckView {
  const boxes = {
    keys: folders.map(folder => folder.source),
    together: (source: string) => subtreeOf(folders, source),
    natural: naturalFolders(folders, asked),
  };
  return {...view, ...checkListReducer(view, action, boxes)};
}
