// All keys of a screen, with what they do in a sentence.

import {cellWidth} from '../format/fit.ts';
import {exact, type Line, span, wrapText} from './cells.ts';
import {CellsBlock} from './cells-line.tsx';
import type {Binding} from './keys.ts';
import {symbols} from './theme.ts';

const names: Readonly<Record<string, () => string>> = {up: () => symbols.up, down: () => symbols.down};

/** The keys of a binding as the help writes them: 'enter or ctrl+s'. */
export function allKeys(binding: Binding): string {
  return binding.keys.map(key => names[key]?.() ?? key).join(' ');
}

type Props = {
  readonly bindings: readonly Binding[];
  readonly columns: number;
  readonly rows: number;
};

export function HelpOverlay({bindings, columns, rows}: Props) {
  const widest = Math.min(24, Math.max(0, ...bindings.map(binding => cellWidth(allKeys(binding)))));
  const lines = bindings.flatMap((binding): Line[] =>
    wrapText(binding.help ?? binding.label, columns - widest - 2, 2).map((text, index) => [
      span(exact(index === 0 ? allKeys(binding) : '', widest + 2), 'accent'),
      span(text),
    ]),
  );
  return <CellsBlock lines={[[{text: 'Keys on this screen', bold: true}], [], ...lines]} height={rows} />;
}
