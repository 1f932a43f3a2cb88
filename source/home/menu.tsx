// A short list of things to do, each with what it does.
import {type ReactNode, useState} from 'react';
import {cellWidth} from '../format/fit.ts';
import {visibleWindow} from '../progress/select.ts';
import {exact, type Line, short, span, wrapText} from '../ui/cells.ts';
import {CellsBlock} from '../ui/cells-line.tsx';
import {bandsOf, Frame} from '../ui/frame.tsx';
import {symbols} from '../ui/theme.ts';
import {useKeysWithHelp} from '../ui/use-help.ts';
import {useKeys} from '../ui/use-keys.ts';
import {movedIndex} from '../ui/virtual-list.ts';
import type {Item} from './home-items.ts';
import {menuBindings, removeBindings} from './keys.ts';

type Props = {
  readonly title: string;
  readonly right?: string;
  /** Above the list, wrapped. */
  readonly intro: readonly Line[];
  readonly items: readonly Item[];
  readonly notice: string;
  /** An invitation, where there is no notice. */
  readonly hint?: string;
  readonly leaving: 'quit' | 'back';
  readonly columns: number;
  readonly rows: number;
  readonly onOpen: (id: string) => void;
  /** Deletes an entry, after a question. Where not given nothing can be deleted. */
  readonly onRemove?: (id: string) => void;
  readonly onLeave: () => void;
};

export function Menu({
  title,
  right,
  intro,
  items,
  notice,
  hint = '',
  leaving,
  columns,
  rows,
  onOpen,
  onRemove,
  onLeave,
}: Props): ReactNode {
  const [at, setAt] = useState(0);
  const index = Math.max(0, Math.min(at, items.length - 1));
  const [doomed, setDoomed] = useState<Item>();
  const place = menuBindings(items, leaving, onRemove !== undefined);
  const bindings = doomed === undefined ? place : removeBindings;
  const {body} = bandsOf(columns, rows);
  const open = (item: Item | undefined) => {
    if (item?.isOpen) onOpen(item.id);
  };
  const help = useKeysWithHelp({
    bindings: place,
    isActive: doomed === undefined,
    onAction: action => {
      if (action === 'leave') onLeave();
      else if (action === 'remove') setDoomed(items[index]);
      else if (action === 'open') open(items[index]);
      else if (action === 'up' || action === 'down' || action === 'first' || action === 'last')
        setAt(movedIndex(action, index, items.length, items.length));
      else open(items.find(item => `item ${item.id}` === action));
    },
  });
  useKeys({
    bindings: removeBindings,
    isActive: doomed !== undefined,
    onAction: answer => {
      if (answer === 'yes' && doomed !== undefined) onRemove?.(doomed.id);
      setDoomed(undefined);
    },
  });
  const said = doomed === undefined ? notice : `Delete "${doomed.label}"? (y/n) Mail and reports stay.`;
  return (
    <Frame
      columns={columns}
      rows={rows}
      title={title}
      bindings={bindings}
      {...(doomed === undefined ? {} : {helpKey: ''})}
      help={help}
      {...(right === undefined ? {} : {right})}
    >
      <CellsBlock
        height={body.rows}
        lines={[
          ...intro,
          ...itemLines(items, index, body.columns, body.rows - intro.length - 4),
          [],
          ...wrapText(said, body.columns, 3).map((text): Line => [span(text, 'warn')]),
          ...(said === '' ? wrapText(hint, body.columns, 2).map((text): Line => [span(text, 'accent')]) : []),
        ]}
      />
    </Frame>
  );
}

/** One line each where both parts fit, else two with a blank below where there is room for it. */
function itemLines(items: readonly Item[], index: number, columns: number, rows: number): Line[] {
  const label = Math.min(30, Math.max(...items.map(item => cellWidth(item.label))) + 3);
  const oneLine = items.every(item => cellWidth(item.text) <= columns - label - 2);
  const each = (oneLine ? 1 : 2) + (items.length * (oneLine ? 2 : 3) <= rows ? 1 : 0);
  const {start, end} = visibleWindow(items.length, Math.max(1, Math.floor(rows / each)), index);
  return items.slice(start, end).flatMap((item, offset): Line[] => {
    const selected = start + offset === index;
    const pointer = span(selected ? `${symbols.pointer} ` : '  ', 'accent');
    const name = {
      ...span(oneLine ? exact(item.label, label) : item.label, item.isOpen ? 'plain' : 'dim'),
      bold: selected,
    };
    const text = item.text;
    const lines: Line[] = oneLine
      ? [[pointer, name, span(short(text, columns - label - 2), 'dim')]]
      : [[pointer, name], [span(`    ${short(text, columns - 4)}`, 'dim')]];
    return each > lines.length ? [...lines, []] : lines;
  });
}
