// One folder: which messages were not carried, why, and what to do about it.
import {memo, type ReactElement} from 'react';
import {formatCount} from '../format/count.ts';
import {arrived} from '../progress/draft.ts';
import type {Failure, FolderSnapshot, Snapshot} from '../progress/snapshot.ts';
import {foreign, joinRanked, type Line, short, span} from '../ui/cells.ts';
import {CellsBlock, CellsLine} from '../ui/cells-line.tsx';
import {symbols} from '../ui/theme.ts';
import {failureKey} from './arrange.ts';
import type {FolderContent} from './content.ts';
import {failureDetails, noteLines, problemLines} from './details.ts';
import {foldersFraction} from './folder-cell.ts';
import {failureHead, failureLine} from './folder-line.ts';
import {barLine, bytesOf, ofTotal, pathLine} from './header-lines.ts';
import {innerBands, type Layout} from './layout.ts';
import {ListPane} from './list-pane.tsx';
import {percent} from './progress.ts';
import {selectedIndex} from './state.ts';
import {runText} from './user-screen.tsx';
import {folderHasFailures, folderWord} from './words.ts';

type Props = {
  readonly snapshot: Snapshot;
  readonly content: FolderContent;
  readonly layout: Extract<Layout, {fits: true}>;
  readonly notice: Line;
  readonly now: number;
};

function folderProblemLines(folder: FolderSnapshot, width: number): readonly Line[] {
  return [
    ...(folder.problem ? problemLines(folder.problem, 'fail', width, 4) : []),
    ...folder.notes.slice(0, 2).flatMap(note => noteLines(note, width, 4)),
  ];
}

/** How many rows of the list are on screen. */
export function folderListHeight(folder: FolderSnapshot, layout: Props['layout']): number {
  return innerBands(layout.bands, folderProblemLines(folder, layout.inner).length).list;
}

export function FolderScreen({snapshot, content, layout, notice, now}: Props): ReactElement {
  const {bands, inner} = layout;
  const {request, folder, failures, list, keys} = content;
  const problem = folderProblemLines(folder, inner);
  const inside = innerBands(bands, problem.length);
  const index = selectedIndex(list, keys);
  const row = (at: number) => {
    const failure = failures[at];
    if (failure === undefined) return <CellsLine key={at} line={[]} />;
    return <FailureRow key={failureKey(failure)} failure={failure} selected={at === index} width={inner} />;
  };
  const selected = failures[index];
  const right: Line = [span(runText(snapshot, now), 'dim')];
  return (
    <>
      {bands.title === 1 && <CellsLine line={pathLine([request.source, folder.source], right, inner)} />}
      {bands.gapAbove === 1 && (
        <CellsLine
          line={[
            span(
              short(`${foreign(folder.source)} ${symbols.arrow} ${foreign(folder.destination)}`, inner),
              'dim',
            ),
          ]}
        />
      )}
      <CellsLine line={folderTotals(folder, inner)} />
      {bands.rates === 1 && <CellsLine line={folderFacts(folder, inner)} />}
      {bands.notice === 1 && <CellsLine line={notice} />}
      {bands.gapBelow === 1 && <CellsLine line={[]} />}
      {inside.problem > 0 && <CellsBlock lines={problem} height={inside.problem} />}
      <ListPane
        bands={bands}
        height={inside.list}
        width={inner}
        head={failureHead(inner)}
        offset={list.offset}
        index={index}
        total={keys.length}
        row={row}
        empty={emptyLines(content)}
      />
      {inside.details > 0 && (
        <CellsBlock
          lines={selected ? [[], ...failureDetails(selected, inner, inside.details - 1)] : []}
          height={inside.details}
        />
      )}
    </>
  );
}

type RowProps = {readonly failure: Failure; readonly selected: boolean; readonly width: number};

const FailureRow = memo(function FailureRow({failure, selected, width}: RowProps) {
  return <CellsLine line={failureLine(failure, selected, width)} selected={selected} />;
});

function folderTotals(folder: FolderSnapshot, width: number): Line {
  const {counts, selectedBytes, doneBytes} = folder;
  const fraction = foldersFraction([folder]);
  return joinRanked(
    [
      {line: barLine(fraction, width, folderHasFailures(folder)), rank: 1},
      {line: [{text: percent(fraction).padStart(5), bold: true}], rank: 0},
      {line: [span(`${ofTotal(arrived(counts), counts.selected)} messages`)], rank: 2},
      {line: selectedBytes > 0 ? [span(bytesOf(doneBytes, selectedBytes))] : [], rank: 3},
    ],
    width,
    2,
  );
}

function folderFacts(folder: FolderSnapshot, width: number): Line {
  const {glyph, word, role} = folderWord(folder);
  const {copied, alreadyPresent, skipped, failed} = folder.counts;
  const listed = folder.failures.length;
  const fact = (count: number, text: string) => (count > 0 ? [span(`${formatCount(count)} ${text}`)] : []);
  return joinRanked(
    [
      {line: [span(`${glyph} ${folder.state === 'done' ? 'done' : word}`, role)], rank: 0},
      {line: fact(copied, 'copied'), rank: 3},
      {line: fact(alreadyPresent, 'there already'), rank: 4},
      {line: fact(skipped, 'skipped'), rank: 2},
      {line: fact(failed, 'failed'), rank: 1},
      {
        line:
          failed + skipped > listed
            ? [span(`the newest ${formatCount(listed)} are listed, the report has all`, 'dim')]
            : [],
        rank: 5,
      },
    ],
    width,
    3,
  );
}

function emptyLines({folder, all}: FolderContent): readonly Line[] {
  if (all > 0) return [[span('  No message matches. Esc shows all.', 'dim')]];
  if (!folder.selected) return [[span(`  Left out: ${foreign(folder.reason ?? 'not selected')}`, 'dim')]];
  const text = folder.problem
    ? 'No message of it was refused by itself; what is said above keeps them back.'
    : 'Nothing has failed in this folder.';
  return [[span(`  ${text}`, 'dim')]];
}
