// All keys of a screen, with what they do in a sentence.

import {cellWidth} from '../format/fit.ts';
import {exact, type Line, span, wrapText} from './cells.ts';
import {CellsBlock} from './cells-line.tsx';
import type {Binding} from './keys.ts';
import {symbols} from './theme.ts';

const names: Readonly<Record<string, () => string>> = {up: () => symbols.up, down: () => symbols.down};

/** The keys of a binding as the help writes them: 'enter or ctrl+s'. */
function allKeys(binding: Binding): string {
  return binding.keys.map(key => names[key]?.() ?? key).join(' ');
}

type Props = {
  readonly bindings: readonly Binding[];
  readonly columns: number;
  readonly rows: number;
};

const title: readonly Line[] = [[{text: 'Keys on this screen', bold: true}], []];

/**
 * A sentence may take two lines as long as there is room, the first of them first; where there is not even a line for each
 * they are cut to a word or two.
 */
export function HelpOverlay({bindings, columns, rows}: Props) {
  const widest = Math.min(24, Math.max(0, ...bindings.map(binding => cellWidth(allKeys(binding)))));
  const sentences = (room: number) => {
    let spare = room - bindings.length;
    return bindings.flatMap((binding): Line[] => {
      const texts = wrapText(binding.help ?? binding.label, columns - widest - 2, spare > 0 ? 2 : 1);
      spare -= texts.length - 1;
      return texts.map((text, index) => [
        span(exact(index === 0 ? allKeys(binding) : '', widest + 2), 'accent'),
        span(text),
      ]);
    });
  };
  const fitting = [[...title, ...sentences(rows - title.length)], sentences(rows)].find(
    lines => lines.length <= rows,
  );
  return <CellsBlock lines={fitting ?? inTwoColumns(bindings, columns, widest)} height={rows} />;
}

function inTwoColumns(bindings: readonly Binding[], columns: number, widest: number): readonly Line[] {
  const half = Math.ceil(bindings.length / 2);
  const width = Math.floor(columns / 2);
  const cell = (binding: Binding | undefined): Line =>
    binding === undefined
      ? []
      : [
          span(exact(allKeys(binding), widest + 2), 'accent'),
          span(exact(binding.label, Math.max(0, width - widest - 2))),
        ];
  return Array.from({length: half}, (_, row) => [...cell(bindings[row]), ...cell(bindings[row + half])]);
}
