// All keys of a screen, with what they do in a sentence.

import {Box, Text} from 'ink';
import {cellWidth} from '../format/fit.ts';
import {cut, fit} from './fit.ts';
import type {Binding} from './keys.ts';
import {roleProps, symbols} from './theme.ts';

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
  const shown = bindings.slice(0, Math.max(0, rows - 2));
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <Text bold>Keys on this screen</Text>
      <Text> </Text>
      {shown.map(binding => (
        <Text key={binding.action} wrap="truncate">
          <Text {...roleProps.accent}>{fit(allKeys(binding), widest)}</Text>
          {'  '}
          {cut(binding.help ?? binding.label, columns - widest - 2)}
        </Text>
      ))}
    </Box>
  );
}
