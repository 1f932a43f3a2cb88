// A short list of things to do, each with what it does.
import {type ReactNode, useState} from 'react';
import {cellWidth} from '../format/fit.ts';
import {visibleWindow} from '../progress/select.ts';
import {exact, type Line, short, span, wrapText} from '../ui/cells.ts';
import {CellsBlock} from '../ui/cells-line.tsx';
import {bandsOf, Frame} from '../ui/frame.tsx';
import {symbols} from '../ui/theme.ts';
import {useKeysWithHelp} from '../ui/use-help.ts';
import {movedIndex} from '../ui/virtual-list.ts';
import type {Item} from './home-items.ts';
import {menuBindings} from './keys.ts';

type Props = {
  readonly title: string;
  readonly right?: string;
  /** Above the list, wrapped. */
  readonly intro: readonly Line[];
  readonly items: readonly Item[];
  readonly notice: string;
  readonly leaving: 'quit' | 'back';
  readonly columns: number;
  readonly rows: number;
  readonly onOpen: (id: string) => void;
  readonly onLeave: () => void;
};

export function Menu({
  title,
  right,
  intro,
  items,
  notice,
  leaving,
  columns,
  rows,
  onOpen,
  onLeave,
}: Props): ReactNode {
  const [at, setAt] = useState(0);
  const index = Math.max(0, Math.min(at, items.length - 1));
  const bindings = menuBindings(items, leaving);
  const {body} = bandsOf(columns, rows);
  const open = (item: Item | undefined) => {
    if (item?.isOpen) onOpen(item.id);
  };
  const help = useKeysWithHelp({
    bindings,
    onAction: action => {
      if (action === 'leave') onLeave();
      else if (action === 'open') open(items[index]);
      else if (action === 'up' || action === 'down' || action === 'first' || action === 'last')
        setAt(movedIndex(action, index, items.length, items.length));
      else open(items.find(item => `item ${item.id}` === action));
    },
  });
  return (
    <Frame
      columns={columns}
      rows={rows}
      title={title}
      bindings={bindings}
      help={help}
      {...(right === undefined ? {} : {right})}
    >
      <CellsBlock
        height={body.rows}
        lines={[
          ...intro,
          ...itemLines(items, index, body.columns, body.rows - intro.length - 4),
          [],
          ...wrapText(notice, body.columns, 3).map((text): Line => [span(text, 'warn')]),
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
