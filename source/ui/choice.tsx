// One of a few values on one line: < app-only >  password  device code

import {Text} from 'ink';
import {cellWidth} from '../format/fit.ts';
import {short} from './cells.ts';
import type {Option} from './choice-state.ts';
import {roleProps} from './theme.ts';

type Props = {
  readonly options: readonly Option[];
  readonly value: string;
  readonly columns: number;
  readonly focused: boolean;
};

/** Only the chosen one where not all fit. */
export function Choice({options, value, columns, focused}: Props) {
  const width = options.reduce((sum, option) => sum + cellWidth(option.label) + 2, 4);
  const chosen = options.find(option => option.value === value);
  const marked = (label: string) => (focused && options.length > 1 ? `< ${label} >` : label);
  if (width > columns || !focused)
    return <Text bold={focused}>{short(marked(chosen?.label ?? value), columns)}</Text>;
  return (
    <Text wrap="truncate">
      {options.map((option, index) => (
        <Text key={option.value}>
          {index > 0 && '  '}
          {option === chosen ? (
            <Text bold {...roleProps.accent}>
              {marked(option.label)}
            </Text>
          ) : (
            <Text {...roleProps.dim}>{option.label}</Text>
          )}
        </Text>
      ))}
    </Text>
  );
}
