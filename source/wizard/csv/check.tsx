// Every request of a batch signed in and listed before anything is written: for who wants to know first.
import {useMemo, useState} from 'react';
import {visibleWindow} from '../../progress/select.ts';
import type {Request} from '../../request/schema.ts';
import type {Services} from '../../services.ts';
import {type Line, span} from '../../ui/cells.ts';
import {CellsBlock} from '../../ui/cells-line.tsx';
import {bandsOf, Frame} from '../../ui/frame.tsx';
import {useKeysWithHelp} from '../../ui/use-help.ts';
import {movedIndex} from '../../ui/virtual-list.ts';
import {type Unopened, unopened} from '../sign-in-anew.ts';
import {type RowLook, useInspections} from '../use-inspections.ts';
import {type Checked, checkedDetails, checkedLine, checkSummary, isBad, nameWidth} from './check-lines.ts';
import {checkAllBindings} from './keys.ts';

type Props = {
  readonly title: string;
  readonly services: Pick<Services, 'inspect'>;
  readonly requests: readonly Request[];
  /** From an earlier visit. */
  readonly known: readonly RowLook[];
  /** Mailboxes at once in the run, for the forecast. */
  readonly atOnce: number;
  readonly columns: number;
  readonly rows: number;
  readonly onBack: (looks: readonly RowLook[]) => void;
  /** Back to whoever signs in for these, with what is known of the others. */
  readonly onSignIn: (ends: readonly Unopened[], looks: readonly RowLook[]) => void;
  readonly onStart: () => void;
};

/** Rows about the selected one where the list is long; a short list leaves it more. */
const leastDetailRows = 5;

export function CsvCheck({
  title,
  services,
  requests,
  known,
  atOnce,
  columns,
  rows,
  onBack,
  onSignIn,
  onStart,
}: Props) {
  const {looks, told, again} = useInspections(services, requests, known);
  const [view, setView] = useState({index: 0, onlyBad: false});
  const all = useMemo(
    () => requests.map((request, index) => ({request, look: told[index] ?? {phase: 'waiting' as const}})),
    [requests, told],
  );
  const shown = view.onlyBad ? all.filter(isBad) : all;
  const index = Math.max(0, Math.min(view.index, shown.length - 1));
  const ends = unopenedOf(shown[index]);
  const bindings = checkAllBindings(view.onlyBad, ends.length > 0);
  const {body} = bandsOf(columns, rows);
  const height = Math.max(1, Math.min(all.length, body.rows - leastDetailRows - 5));
  const detailRows = Math.max(leastDetailRows, body.rows - height - 5);
  const name = useMemo(() => nameWidth(all, body.columns), [all, body.columns]);
  const help = useKeysWithHelp({
    bindings,
    onAction: action => {
      switch (action) {
        case 'start':
          return onStart();
        case 'back':
          return onBack(looks);
        case 'again':
          return again();
        case 'sign-in':
          // One person's sign-in may open several: whatever one may open is looked at again.
          return onSignIn(
            ends,
            all.map(({request, look}, at) =>
              unopenedOf({request, look}).length > 0 ? {phase: 'waiting'} : (looks[at] ?? {phase: 'waiting'}),
            ),
          );
        case 'only-bad':
          return setView({index: 0, onlyBad: !view.onlyBad});
        default:
          return setView({...view, index: movedIndex(action, index, height, shown.length)});
      }
    },
  });
  const {start, end, above, below} = visibleWindow(shown.length, height, index, index - (height >> 1));
  const list = shown
    .slice(start, end)
    .map((row, offset) => checkedLine(row, start + offset === index, name, body.columns));
  const none: Line = [span('  No request has a problem so far.', 'ok')];
  const more: Line = above + below > 0 ? [span(`  ${above} above, ${below} below`, 'dim')] : [];
  const table = [...(list.length === 0 ? [none] : list), more];
  const blank = Array.from({length: Math.max(0, height + 1 - table.length)}, (): Line => []);
  return (
    <Frame columns={columns} rows={rows} title={title} right="check" bindings={bindings} help={help}>
      <CellsBlock
        height={body.rows}
        lines={[
          ...checkSummary(all, atOnce, body.columns),
          [],
          ...table,
          ...blank,
          [],
          ...checkedDetails(shown[index], body.columns, detailRows),
        ]}
      />
    </Frame>
  );
}

function unopenedOf(row: Checked | undefined): readonly Unopened[] {
  return row?.look.phase === 'found' ? unopened(row.request, row.look.inspection) : [];
}
