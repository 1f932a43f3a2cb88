// The last look at a batch before anything is written.
import {Box} from 'ink';
import {countOf} from '../../format/count.ts';
import {loginName} from '../../request/endpoint.ts';
import type {Request} from '../../request/schema.ts';
import {foreign, type Line, span, wrapText} from '../../ui/cells.ts';
import {CellsBlock} from '../../ui/cells-line.tsx';
import {bandsOf, Frame} from '../../ui/frame.tsx';
import {Table, tableHeight} from '../../ui/table.tsx';
import {symbols} from '../../ui/theme.ts';
import {useKeysWithHelp} from '../../ui/use-help.ts';
import {startBindings} from './keys.ts';

type Props = {
  readonly title: string;
  readonly requests: readonly Request[];
  readonly columns: number;
  readonly rows: number;
  readonly onStart: () => void;
  readonly onBack: () => void;
  readonly onCheck: () => void;
  readonly onSave: () => void;
  /** What has just happened: 'Saved as …'. */
  readonly notice: string;
};

const most = 8;

const columnTitles = [
  {title: 'Source', cut: 'middle', least: 10},
  {title: 'Destination', cut: 'middle', least: 10},
  {title: 'Folder', cut: 'middle', least: 6},
] as const;

function rowOf({source, destination, destinationFolder}: Request): string[] {
  return [
    foreign(loginName(source)),
    foreign(loginName(destination)),
    destinationFolder === '' ? 'top' : foreign(destinationFolder),
  ];
}

/** The servers mail goes between, each pair once. */
function routesOf(requests: readonly Request[]): string[] {
  const routes = new Map<string, number>();
  for (const {source, destination} of requests) {
    const route = `${foreign(source.server)} ${symbols.arrow} ${foreign(destination.server)}`;
    routes.set(route, (routes.get(route) ?? 0) + 1);
  }
  return [...routes].map(([route, count]) => `${countOf(count, 'request')}  ${route}`);
}

export function CsvReview({title, requests, columns, rows, onStart, onBack, onCheck, onSave, notice}: Props) {
  const help = useKeysWithHelp({
    bindings: startBindings,
    onAction: action => ({start: onStart, back: onBack, check: onCheck, save: onSave})[action](),
  });
  const {body} = bandsOf(columns, rows);
  const routes = routesOf(requests);
  const shownRoutes = routes.slice(0, 2);
  const room = body.rows - 7 - shownRoutes.length;
  const fitting = Math.max(1, Math.min(most, Math.floor((room - 3) / 2), requests.length));
  const rest = requests.length - fitting;
  const head: Line[] = [
    [{text: `${countOf(requests.length, 'request')} ready to run`, bold: true}],
    ...shownRoutes.map((route): Line => [span(route, 'dim')]),
    ...(routes.length > 2
      ? [[span(`and ${countOf(routes.length - 2, 'more pair', 'more pairs')} of servers`, 'dim')]]
      : []),
    [],
  ];
  const foot: Line[] = [
    ...(notice === '' ? [] : [[span(notice, 'ok')]]),
    ...(rest > 0 ? [[span(`and ${countOf(rest, 'more request')}`, 'dim')]] : []),
    [],
    ...wrapText(
      'Every request signs in first; one that cannot is named, and the others go on.',
      body.columns,
      2,
    ).map((text): Line => [span(text, 'dim')]),
    [{text: 'Enter starts copying.', bold: true}, span(' c signs in to all of them first.', 'dim')],
  ];
  return (
    <Frame columns={columns} rows={rows} title={title} bindings={startBindings} help={help}>
      <CellsBlock lines={head} height={head.length} />
      <Box height={tableHeight(fitting)} flexShrink={0} overflow="hidden">
        <Table
          columns={columnTitles}
          rows={requests.slice(0, fitting).map(rowOf)}
          width={Math.min(body.columns, 120)}
        />
      </Box>
      <CellsBlock lines={foot} height={foot.length} />
    </Frame>
  );
}
