// One line of keys, made from the bindings of the screen.

import {Box, Text} from 'ink';
import {cellWidth} from '../format/fit.ts';
import type {Binding} from './keys.ts';
import {roleProps, symbols} from './theme.ts';

export type Hint = {readonly keys: string; readonly label: string};

const arrows: Readonly<Record<string, () => string>> = {up: () => symbols.up, down: () => symbols.down};

function shownKeys(binding: Binding): string {
  if (binding.shown !== undefined) return binding.shown;
  const [first = ''] = binding.keys;
  return arrows[first]?.() ?? first;
}

const gap = 3;

/**
 * The hints that fit into `columns`, in the order of the bindings; the highest `footer` numbers go first where
 * it is narrow. `last` (the help) always stays and is not in the result.
 */
export function fitFooter(bindings: readonly Binding[], columns: number, last?: Hint): Hint[] {
  const wide = (hint: Hint) => cellWidth(hint.keys) + 1 + cellWidth(hint.label);
  const kept = bindings
    .filter(binding => binding.footer !== undefined)
    .map(binding => ({
      rank: binding.footer ?? 0,
      hint: {keys: shownKeys(binding), label: binding.label},
    }));
  const room = columns - (last ? wide(last) + gap : 0);
  const width = () => kept.reduce((sum, {hint}) => sum + wide(hint) + gap, -gap);
  while (kept.length > 0 && width() > room) {
    const worst = kept.reduce(
      (most, item, index) => (item.rank >= (kept[most]?.rank ?? 0) ? index : most),
      0,
    );
    kept.splice(worst, 1);
  }
  return kept.map(({hint}) => hint);
}

type Props = {
  readonly bindings: readonly Binding[];
  readonly columns: number;
  /** How the help is opened here; '?' does not work while text is typed. Empty: no help. */
  readonly helpKey?: string;
};

export function Footer({bindings, columns, helpKey = '?'}: Props) {
  const help = helpKey === '' ? undefined : {keys: helpKey, label: 'help'};
  const hints = fitFooter(bindings, columns, help);
  return (
    <Box width={columns} height={1} justifyContent="space-between">
      <Box columnGap={gap}>
        {hints.map(hint => (
          <KeyHint key={hint.keys + hint.label} {...hint} />
        ))}
      </Box>
      {help && <KeyHint {...help} />}
    </Box>
  );
}

function KeyHint({keys, label}: Hint) {
  return (
    <Text wrap="truncate">
      <Text {...roleProps.accent}>{keys}</Text> <Text {...roleProps.dim}>{label}</Text>
    </Text>
  );
}
