// One mailbox: its folders with bars and counts, what is left out and why, what has to be told, what to do.
import {memo, type ReactElement} from 'react';
import {formatBytes} from '../format/bytes.ts';
import {countOf, formatCount} from '../format/count.ts';
import {formatClock} from '../format/duration.ts';
import {arrived} from '../progress/draft.ts';
import type {FolderSnapshot, RequestSnapshot, Snapshot} from '../progress/snapshot.ts';
import {foreign, joinRanked, type Line, span} from '../ui/cells.ts';
import {CellsBlock, CellsLine} from '../ui/cells-line.tsx';
import {symbols} from '../ui/theme.ts';
import type {UserContent} from './content.ts';
import {folderDetails, problemLines, routeLine} from './details.ts';
import {type FolderGrid, folderGrid, folderHead, folderLine, noteLine} from './folder-line.ts';
import {barLine, bytesOf, ofTotal, pathLine} from './header-lines.ts';
import {innerBands, type Layout} from './layout.ts';
import {ListPane} from './list-pane.tsx';
import {fractionOf, isSettingOut, overallFraction, percent} from './progress.ts';
import {selectedIndex} from './state.ts';
import {longestWait, requestHasFailures, requestWord} from './words.ts';

type Props = {
  readonly snapshot: Snapshot;
  readonly content: UserContent;
  readonly layout: Extract<Layout, {fits: true}>;
  readonly notice: Line;
  readonly now: number;
};

/** Lines that tell what is wrong with the mailbox as a whole: its problem, else what it waits for. */
function userProblemLines(request: RequestSnapshot, now: number, width: number): readonly Line[] {
  if (request.problem) return problemLines(request.problem, 'fail', width, 5);
  const wait = longestWait(request.waits, now);
  return wait ? problemLines(wait.problem, 'warn', width, 2) : [];
}

/** How many rows of the list are on screen. */
export function userListHeight(request: RequestSnapshot, layout: Props['layout'], now: number): number {
  return innerBands(layout.bands, userProblemLines(request, now, layout.inner).length).list;
}

export function UserScreen({snapshot, content, layout, notice, now}: Props): ReactElement {
  const {bands, inner} = layout;
  const {request, folders, notes, list, keys} = content;
  const problem = userProblemLines(request, now, inner);
  const inside = innerBands(bands, problem.length);
  const grid = folderGrid(inner);
  const index = selectedIndex(list, keys);
  const row = (at: number) => {
    const folder = folders[at];
    if (folder) return <FolderRow key={keys[at]} folder={folder} selected={at === index} inner={inner} />;
    const note = notes[at - folders.length];
    return (
      <CellsLine
        key={keys[at]}
        line={note ? noteLine(note, at === index, inner) : []}
        selected={at === index}
      />
    );
  };
  const right: Line = [span(runText(snapshot, now), 'dim')];
  return (
    <>
      {bands.title === 1 && <CellsLine line={pathLine([request.source], right, inner)} />}
      {bands.gapAbove === 1 && <CellsLine line={routeLine(request, inner)} />}
      <CellsLine line={userTotals(request, inner)} />
      {bands.rates === 1 && <CellsLine line={userFacts(request, snapshot, now, inner)} />}
      {bands.notice === 1 && <CellsLine line={notice} />}
      {bands.gapBelow === 1 && <CellsLine line={[]} />}
      {inside.problem > 0 && <CellsBlock lines={problem} height={inside.problem} />}
      <ListPane
        bands={bands}
        height={inside.list}
        width={inner}
        head={folderHead(grid)}
        offset={list.offset}
        index={index}
        total={keys.length}
        row={row}
        empty={[[span(`  ${emptyText(content)}`, 'dim')]]}
      />
      {inside.details > 0 && (
        <CellsBlock lines={detailsOf(content, index, inner, inside.details)} height={inside.details} />
      )}
    </>
  );
}

type FolderRowProps = {readonly folder: FolderSnapshot; readonly selected: boolean; readonly inner: number};

const FolderRow = memo(function FolderRow({folder, selected, inner}: FolderRowProps) {
  const grid: FolderGrid = folderGrid(inner);
  return <CellsLine line={folderLine(folder, selected, grid)} selected={selected} />;
});

/** Share of the run and time gone by, for the corner of the inner screens. */
export function runText(snapshot: Snapshot, now: number): string {
  const clock = formatClock(snapshot.startedAt === 0 ? 0 : (snapshot.endedAt ?? now) - snapshot.startedAt);
  return snapshot.counted ? `run ${percent(overallFraction(snapshot))}   ${clock}` : clock;
}

function userTotals(request: RequestSnapshot, width: number): Line {
  const {counts, selectedBytes, doneBytes, counted} = request;
  const fraction = fractionOf(request);
  const known = request.folders.length > 0 || counts.selected > 0;
  const messages = `${ofTotal(arrived(counts), counts.selected)} messages${counted ? '' : ' at most'}`;
  return joinRanked(
    [
      {line: barLine(fraction, width, requestHasFailures(request)), rank: 1},
      {line: [{text: percent(fraction).padStart(5), bold: true}], rank: 0},
      {
        line: known ? [span(messages)] : [],
        rank: 2,
      },
      {
        line:
          selectedBytes > 0
            ? [span(counted ? bytesOf(doneBytes, selectedBytes) : formatBytes(doneBytes))]
            : [],
        rank: 3,
      },
    ],
    width,
    2,
  );
}

function userFacts(request: RequestSnapshot, snapshot: Snapshot, now: number, width: number): Line {
  const {glyph, word, role} = requestWord(request, {now, paused: snapshot.paused, dryRun: snapshot.dryRun});
  const {counts, lanes, foldersDone, foldersSelected} = request;
  // What has failed or was skipped is told by itself.
  const flawed = request.state === 'Processed' && counts.failed + counts.skipped > 0;
  const state = request.problem || flawed ? request.state.toLowerCase() : word;
  const fact = (count: number, text: string, as?: 'fail' | 'warn') => (count > 0 ? [span(text, as)] : []);
  return joinRanked(
    [
      {line: [span(`${glyph} ${state}`, role)], rank: 0},
      {line: isSettingOut(request, snapshot) ? [span('first messages on their way')] : [], rank: 1},
      {line: fact(foldersSelected, `${foldersDone} of ${countOf(foldersSelected, 'folder')}`), rank: 2},
      {line: fact(counts.failed, `${symbols.cross} ${formatCount(counts.failed)} failed`, 'fail'), rank: 1},
      {line: fact(counts.skipped, `${formatCount(counts.skipped)} skipped`, 'warn'), rank: 3},
      {line: fact(counts.alreadyPresent, `${formatCount(counts.alreadyPresent)} there already`), rank: 4},
      {line: fact(request.state === 'Processing' ? lanes : 0, countOf(lanes, 'connection')), rank: 5},
    ],
    width,
    3,
  );
}

function emptyText({request, all}: UserContent): string {
  if (all > 0) return 'No folder matches. Esc shows all.';
  if (request.problem) return 'Its folders are not known.';
  if (request.state === 'Pending') return 'Its turn has not come yet.';
  return 'Signing in and listing its folders.';
}

function detailsOf(
  {folders, notes}: UserContent,
  index: number,
  width: number,
  height: number,
): readonly Line[] {
  const folder = folders[index];
  if (folder) return [[], ...folderDetails(folder, width, height - 1)];
  const note = notes[index - folders.length];
  return note
    ? [[], ...problemLines({...note, sentence: foreign(note.sentence)}, 'warn', width, height - 1)]
    : [];
}
