// While a CSV that was named on the command line is read: what is typed meanwhile is meant for its table, not for a path.
import {foreign, short, span} from '../../ui/cells.ts';
import {CellsLine} from '../../ui/cells-line.tsx';
import {bandsOf, Frame} from '../../ui/frame.tsx';
import {symbols} from '../../ui/theme.ts';
import {useKeysWithHelp} from '../../ui/use-help.ts';
import {pickBindings} from './keys.ts';

type Props = {
  readonly path: string;
  readonly columns: number;
  readonly rows: number;
  readonly onLeave: () => void;
};

const bindings = pickBindings.filter(({action}) => action === 'back');

export function CsvReading({path, columns, rows, onLeave}: Props) {
  const help = useKeysWithHelp({bindings, onAction: onLeave});
  const room = bandsOf(columns, rows).body.columns - 'Reading '.length - 1;
  const line = span(`Reading ${short(foreign(path), room, 'middle')}${symbols.ellipsis}`, 'dim');
  return (
    <Frame columns={columns} rows={rows} title="requests from a CSV file" bindings={bindings} help={help}>
      <CellsLine line={[line]} />
    </Frame>
  );
}
