// The last look before anything is written.
import {Box} from 'ink';
import {totalOf} from '../check/asked.ts';
import type {Inspection} from '../engine/look/inspection.ts';
import type {Finding} from '../request/finding.ts';
import type {Request} from '../request/schema.ts';
import {type Line, span, wrapText} from '../ui/cells.ts';
import {CellsBlock} from '../ui/cells-line.tsx';
import {Table, tableHeight} from '../ui/table.tsx';
import {symbols} from '../ui/theme.ts';
import {filterWords, leftOutWords, reviewRows} from './review-lines.ts';

type Props = {
  readonly request: Request;
  readonly inspection?: Inspection;
  readonly ticked: ReadonlySet<string>;
  readonly advice: readonly Finding[];
  /** What has just happened: 'Saved as …'. */
  readonly notice: string;
  readonly columns: number;
  readonly rows: number;
};

const columnTitles = [
  {title: ' ', least: 7},
  {title: 'Source', cut: 'middle', least: 12},
  {title: 'Destination', cut: 'middle', least: 12},
] as const;

export function Review({request, inspection, ticked, advice, notice, columns, rows}: Props) {
  const folders = inspection?.folders ?? [];
  const table = reviewRows(
    request,
    inspection ? totalOf(folders, ({source}) => ticked.has(source), request) : undefined,
  );
  const height = tableHeight(table.length);
  const room = Math.max(0, rows - height);
  const sentences: readonly Line[] = [
    ...(notice === '' ? [] : wrapText(notice, columns, 1).map((text): Line => [span(text, 'ok')])),
    ...wrapText(filterWords(request), columns, 1).map((text): Line => [span(text)]),
    ...advice.flatMap(finding =>
      wrapText(`${symbols.warning} ${finding.sentence}`, columns, 2).map(
        (text): Line => [span(text, 'warn')],
      ),
    ),
    ...wrapText(leftOutWords(folders, ticked), columns, 2).map((text): Line => [span(text, 'dim')]),
  ];
  const last: Line = [
    {text: 'Enter starts copying.', bold: true},
    span(' Until then nothing is written.', 'dim'),
  ];
  const shown = [
    ...sentences.slice(0, Math.max(0, room - 1)),
    ...(room > sentences.length + 1 ? [[]] : []),
    last,
  ];
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <Box flexDirection="column" height={Math.min(height, rows)} flexShrink={0} overflow="hidden">
        <Table columns={columnTitles} rows={table} width={columns} />
      </Box>
      <CellsBlock lines={shown} height={room} />
    </Box>
  );
}
