// A secret on the screen: a dot for each letter while it is typed, so that one sees the keys arrive, and always the
// same number of dots afterwards. A reference (env:NAME) is no secret and is shown.
import {Text} from 'ink';
import {isSecretReference} from '../request/secret-text.ts';
import {TextField} from './text-field.tsx';
import type {Line} from './text-field-state.ts';
import {symbols} from './theme.ts';

const dotsAtRest = 8;

/** One dot for each UTF-16 unit, so that the cursor stays where it is. */
function masked(text: string): string {
  return symbols.middle.repeat(text.length);
}

type Props = {
  readonly line: Line;
  readonly columns: number;
  readonly focused: boolean;
  readonly placeholder?: string;
};

export function SecretField({line, columns, focused, placeholder = ''}: Props) {
  if (isSecretReference(line.text) || line.text === '')
    return <TextField line={line} columns={columns} focused={focused} placeholder={placeholder} />;
  if (!focused) return <Text>{symbols.middle.repeat(Math.min(dotsAtRest, columns))}</Text>;
  return <TextField line={line} columns={columns} focused mask={masked} />;
}
