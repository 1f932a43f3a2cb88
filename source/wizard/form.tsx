// The fields of one step, with what there is to say under each.
import {Box} from 'ink';
import type {ReactElement} from 'react';
import {visibleWindow} from '../progress/select.ts';
import {defaultFor, effective} from '../request/endpoint.ts';
import {type Field, fieldHelp} from '../request/fields.ts';
import type {Finding} from '../request/finding.ts';
import {exact, type Line, short, span, wrapText} from '../ui/cells.ts';
import {CellsLine} from '../ui/cells-line.tsx';
import {Choice} from '../ui/choice.tsx';
import {SecretField} from '../ui/secret-field.tsx';
import {TextField} from '../ui/text-field.tsx';
import {type Role, symbols} from '../ui/theme.ts';
import {focusedField, lineAt, shownFinding, type WizardState} from './state.ts';
import {type FormStep, headingOf, stepFields} from './steps.ts';

const labelWidth = 15;
const pointerWidth = 2;

/** A choice of many is a list of its own, one below the other. */
export function isLongChoice(field: Field): boolean {
  return (field.choices?.length ?? 0) > 4;
}

type Row = {readonly key: string; readonly focused: boolean; readonly node: ReactElement};

type Props = {
  readonly state: WizardState;
  readonly step: FormStep;
  readonly columns: number;
  readonly rows: number;
};

/** A sentence is never cut: at 60 columns the longest one needs so many lines. */
const findingRows = 9;
/** What is said of a field; more lines where they are short. */
const helpRowsIn = (columns: number) => (columns < 70 ? 4 : 2);

export function Form({state, step, columns, rows}: Props) {
  const focused = focusedField(state);
  const all = stepFields(step, state.answers).flatMap(field =>
    fieldRows(field, field.key === focused?.key, state, columns),
  );
  const room = Math.max(1, rows - 3 - helpRowsIn(columns));
  const first = all.findIndex(row => row.focused);
  const last = all.findLastIndex(row => row.focused);
  // The focused field with its findings stays in sight; the start of it where even that is too tall.
  const shownTo = visibleWindow(all.length, room, last);
  const {start, end} = visibleWindow(all.length, room, first, shownTo.start);
  return (
    <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
      <CellsLine line={[{text: short(headingOf(step, state.answers), columns), bold: true}]} />
      <CellsLine line={[]} />
      <Box flexDirection="column" height={room} flexShrink={0}>
        {all.slice(start, end).map(row => (
          <Box key={row.key} height={1} flexShrink={0} overflow="hidden">
            {row.node}
          </Box>
        ))}
      </Box>
      <CellsLine line={end < all.length ? [span(`  ${symbols.down} more fields`, 'dim')] : []} />
      {focused && helpOf(focused, columns).map(text => <CellsLine key={text} line={[span(text, 'dim')]} />)}
    </Box>
  );
}

function helpOf(field: Field, columns: number): string[] {
  const example = field.example === undefined || field.kind === 'choice' ? '' : ` Example: ${field.example}`;
  const help = fieldHelp(field);
  const most = helpRowsIn(columns);
  const whole = wrapText(`${help}${example}`, columns - 1, most + 1);
  return whole.length <= most ? whole : wrapText(help, columns - 1, most);
}

function fieldRows(field: Field, focused: boolean, state: WizardState, columns: number): Row[] {
  const finding = shownFinding(field.key, state);
  const said = finding ? findingLines(finding, focused, columns) : [];
  const under = said.map(
    (line, index): Row => ({
      key: `${field.key} says ${index}`,
      focused,
      node: <CellsLine line={line} />,
    }),
  );
  if (isLongChoice(field)) return [...optionRows(field, focused, state, columns), ...under, blankRow(field)];
  const node = (
    <>
      <Box width={pointerWidth + labelWidth} flexShrink={0}>
        <CellsLine
          line={[
            span(exact(focused ? symbols.pointer : '', pointerWidth), 'accent'),
            {...span(field.short, focused ? 'plain' : 'dim'), bold: focused},
          ]}
        />
      </Box>
      <Box width={Math.max(1, columns - pointerWidth - labelWidth)} height={1} overflow="hidden">
        <Control
          field={field}
          focused={focused}
          state={state}
          columns={Math.max(1, columns - pointerWidth - labelWidth)}
        />
      </Box>
    </>
  );
  return [{key: field.key, focused, node}, ...under];
}

function blankRow(field: Field): Row {
  return {key: `${field.key} end`, focused: false, node: <CellsLine line={[]} />};
}

function optionRows(field: Field, focused: boolean, state: WizardState, columns: number): Row[] {
  const answer = effective(state.answers, field.key);
  const known = field.choices?.some(option => option.value === answer) ?? false;
  const value = known ? answer : field.choices?.[0]?.value;
  const code = Math.max(0, ...(field.choices ?? []).map(option => option.value.length));
  return (field.choices ?? []).map(option => {
    const chosen = option.value === value;
    const pointer = chosen && focused ? symbols.pointer : '';
    const line: Line = [
      span(exact(pointer, pointerWidth), 'accent'),
      span(`${chosen ? symbols.bullet : symbols.circle} `, chosen ? 'accent' : 'dim'),
      {...span(exact(option.label, Math.max(1, Math.min(40, columns - code - 6)))), bold: chosen},
      span(`  ${option.value}`, 'dim'),
    ];
    return {key: `${field.key} ${option.value}`, focused: focused && chosen, node: <CellsLine line={line} />};
  });
}

type ControlProps = {
  readonly field: Field;
  readonly focused: boolean;
  readonly state: WizardState;
  readonly columns: number;
};

function Control({field, focused, state, columns}: ControlProps) {
  if (field.choices) {
    const value = effective(state.answers, field.key);
    return <Choice options={field.choices} value={value} columns={columns} focused={focused} />;
  }
  const line = lineAt(field.key, state);
  if (field.kind === 'secret') {
    const placeholder = focused ? 'not shown while you type' : '';
    return <SecretField line={line} columns={columns} focused={focused} placeholder={placeholder} />;
  }
  const given = defaultFor(field.key, state.answers);
  const placeholder = given === '' ? '' : `${given}  (filled in)`;
  return <TextField line={line} columns={columns} focused={focused} placeholder={placeholder} />;
}

/** Under the field: what is wrong and, where there is one, what Tab takes over. */
export function findingLines(
  finding: Finding,
  focused: boolean,
  columns: number,
  left = pointerWidth + labelWidth,
): Line[] {
  const role: Role = finding.severity === 'error' ? 'fail' : 'warn';
  const mark = finding.severity === 'error' ? symbols.cross : symbols.warning;
  const indent = ' '.repeat(left);
  const room = Math.max(10, columns - indent.length - 2);
  const lines = wrapText(finding.sentence, room, findingRows).map(
    (text, index): Line => [span(indent), span(index === 0 ? `${mark} ` : '  ', role), span(text, role)],
  );
  const {fix} = finding;
  if (fix === undefined) return lines;
  const key = focused ? 'tab: ' : '';
  return [...lines, [span(`${indent}  `), span(short(`${key}${fix.label}`, room), 'accent')]];
}
