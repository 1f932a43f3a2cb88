// After the run: the one sentence people want to know first, the totals, what is not there and why, each request.
import {Box} from 'ink';
import {type ReactElement, useMemo, useState} from 'react';
import {formatCount} from '../format/count.ts';
import {formatClock} from '../format/duration.ts';
import {asShown} from '../progress/dry-run.ts';
import {selectRows, visibleWindow} from '../progress/select.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import {verdictOf} from '../report/verdict.ts';
import {blank, foreign, joinRanked, type Line, short, span, spread, wrapText} from '../ui/cells.ts';
import {CellsBlock, CellsLine} from '../ui/cells-line.tsx';
import {Footer} from '../ui/footer.tsx';
import {HelpOverlay} from '../ui/help-overlay.tsx';
import {Table} from '../ui/table.tsx';
import {symbols} from '../ui/theme.ts';
import {TooSmall} from '../ui/too-small.tsx';
import {useKeysWithHelp} from '../ui/use-help.ts';
import {movedIndex} from '../ui/virtual-list.ts';
import {failureGroups, groupLines, unlisted} from './groups.ts';
import {type SummaryAction, summaryBindings} from './keys.ts';
import {smallest, summaryLayout} from './layout.ts';
import {type RequestTable, requestTable} from './request-table.ts';
import {countWords, paceWords, scopeWords} from './totals.ts';

type Props = {
  readonly snapshot: Snapshot;
  /** Folder of the reports, absolute. */
  readonly reports?: string;
  /** Why the report is not there, or not whole. */
  readonly reportProblem?: string;
  readonly columns: number;
  readonly rows: number;
  readonly onClose: (next: 'home' | 'quit') => void;
};

type Page = {readonly reading: boolean; readonly top: number};

export function Summary({
  snapshot: taken,
  reports,
  reportProblem,
  columns,
  rows,
  onClose,
}: Props): ReactElement {
  const snapshot = useMemo(() => asShown(taken), [taken]);
  const [page, setPage] = useState<Page>({reading: false, top: 0});
  const margin = columns >= 80 ? 1 : 0;
  const inner = Math.max(1, columns - 2 * margin);
  const view = useMemo(
    () => summaryView(snapshot, {reports, reportProblem}, inner),
    [snapshot, reports, reportProblem, inner],
  );
  const layout = summaryLayout(rows, {
    verdict: view.verdict.length,
    report: view.report.length,
    groups: view.groups.length,
    requests: view.table.rows.length,
  });
  const full = rows - 2 - layout.gap;
  const [height, total] = page.reading
    ? [full, view.groups.length]
    : [layout.tableRows, view.table.rows.length];
  const bindings = summaryBindings(view.groups.length > 0, page.reading);

  const act = (action: Exclude<SummaryAction, 'help'>) => {
    if (action === 'home' || action === 'quit') onClose(action);
    else if (action === 'failures') setPage({reading: !page.reading, top: 0});
    else if (action === 'back') setPage({reading: false, top: 0});
    else
      setPage({
        ...page,
        top: Math.max(0, Math.min(total - height, movedIndex(action, page.top, height, total))),
      });
  };
  const help = useKeysWithHelp<Exclude<SummaryAction, 'help'>>({bindings, onAction: act});

  if (columns < smallest.columns || rows < smallest.rows) {
    const line = verdictOf(snapshot).sentence;
    return (
      <TooSmall
        columns={columns}
        rows={rows}
        needColumns={smallest.columns}
        needRows={smallest.rows}
        line={line}
      />
    );
  }
  if (help) {
    return (
      <Box flexDirection="column" width={columns} height={rows} paddingX={margin}>
        <Box height={rows - 1} flexShrink={0}>
          <HelpOverlay bindings={bindings} columns={inner} rows={rows - 1} />
        </Box>
        <Footer bindings={helpFooter} columns={inner} helpKey="" />
      </Box>
    );
  }
  const window = visibleWindow(total, height, page.top, page.top);
  return (
    <Box flexDirection="column" width={columns} height={rows} paddingX={margin}>
      <CellsLine line={titleLine(snapshot, inner)} />
      <CellsBlock lines={[]} height={layout.gap} />
      {page.reading ? (
        <CellsBlock lines={view.groups.slice(window.start, window.end)} height={full} />
      ) : (
        <>
          <CellsBlock lines={view.verdict} height={view.verdict.length} />
          <CellsLine line={view.totals} />
          <CellsBlock lines={view.report} height={view.report.length} />
          <CellsBlock lines={[]} height={layout.gap} />
          <CellsBlock lines={groupsShown(view.groups, layout.groups, inner)} height={layout.groups} />
          {layout.groups > 0 && <CellsBlock lines={[]} height={layout.gap} />}
          {layout.tableRows > 0 && (
            <Table
              columns={view.table.columns}
              rows={view.table.rows.slice(window.start, window.end)}
              width={inner}
            />
          )}
          {layout.more === 1 && <CellsLine line={moreLine(window.start, window.end, total)} />}
        </>
      )}
      <Box flexGrow={1} />
      <Footer bindings={bindings} columns={inner} />
    </Box>
  );
}

const helpFooter = [{action: 'close', keys: ['esc'], label: 'close', footer: 1}];

type SummaryView = {
  readonly verdict: readonly Line[];
  readonly totals: Line;
  readonly report: readonly Line[];
  readonly groups: readonly Line[];
  readonly table: RequestTable;
};

function summaryView(snapshot: Snapshot, written: Written, width: number): SummaryView {
  const {sentence, tone: role} = verdictOf(snapshot);
  const glyph = {ok: symbols.tick, warn: symbols.warning, fail: symbols.cross}[role];
  return {
    verdict: wrapText(sentence, width - 2, 2).map((text, row) => [
      {text: row === 0 ? `${glyph} ` : '  ', role},
      {text, role, bold: true},
    ]),
    totals: [
      blank(2),
      ...joinRanked(
        [
          {line: [span(scopeWords(snapshot))], rank: 2},
          {line: [span(countWords(snapshot).join(', '))], rank: 0},
          {line: [span(paceWords(snapshot), 'dim')], rank: 1},
        ],
        width - 2,
        3,
      ),
    ],
    report: reportLines(written, width),
    groups: groupLines(failureGroups(snapshot), unlisted(snapshot), width),
    table: requestTable(selectRows(snapshot.requests, {sort: 'failures'}), width, snapshot.dryRun),
  };
}

type Written = {readonly reports: string | undefined; readonly reportProblem: string | undefined};

/** Where the report is, and what is wrong with it. */
function reportLines({reports, reportProblem}: Written, width: number): Line[] {
  const where: Line[] =
    reports === undefined
      ? []
      : [[span('  Report: ', 'dim'), span(short(foreign(reports), width - 10, 'middle'))]];
  if (reportProblem === undefined) return where;
  const told = wrapText(foreign(reportProblem), width - 2, 3).map(
    (text, row): Line => [span(row === 0 ? `${symbols.warning} ` : '  ', 'warn'), span(text, 'warn')],
  );
  return [...told, ...where];
}

function titleLine(snapshot: Snapshot, width: number): Line {
  const clock = formatClock((snapshot.endedAt ?? snapshot.startedAt) - snapshot.startedAt);
  return spread(
    [{text: 'mailferry', role: 'accent', bold: true}, span('   '), {text: 'summary', bold: true}],
    [span(snapshot.run === '' ? clock : `run ${foreign(snapshot.run)}   ${clock}`, 'dim')],
    width,
  );
}

/** The lines that fit; the last one says that there is more. */
function groupsShown(lines: readonly Line[], height: number, width: number): readonly Line[] {
  if (lines.length <= height || height === 0) return lines;
  const more: Line = [span(short('  f: all failures by reason', width), 'accent')];
  return [...lines.slice(0, height - 1), more];
}

function moreLine(start: number, end: number, total: number): Line {
  const place = `${formatCount(start + 1)} to ${formatCount(end)} of ${formatCount(total)}`;
  return [span(`  ${place}   ${symbols.up}${symbols.down} scroll`, 'dim')];
}
