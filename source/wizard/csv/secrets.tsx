// Asks for the passwords a batch has not been given, one mailbox after the other.

import {Box, Text} from 'ink';
import type {Ask} from '../../request/asked-secrets.ts';
import type {FieldRules} from '../../request/field-rules.ts';
import {secretPlaces, typedSecretRule} from '../../request/secret-text.ts';
import {foreign, short, span, wrapText} from '../../ui/cells.ts';
import {CellsLine} from '../../ui/cells-line.tsx';
import {bandsOf, Frame} from '../../ui/frame.tsx';
import {SecretField} from '../../ui/secret-field.tsx';
import {editLine, insertText, type Line, lineOf} from '../../ui/text-field-state.ts';
import {roleProps, symbols} from '../../ui/theme.ts';
import {useKeys} from '../../ui/use-keys.ts';
import {useNow} from '../../ui/use-now.ts';
import {secretBindings} from './keys.ts';

type Props = {
  readonly title: string;
  /** At least one. */
  readonly asks: readonly Ask[];
  readonly passwordPolicy: FieldRules['passwordPolicy'];
  readonly columns: number;
  readonly rows: number;
  /** By the ask's id. */
  readonly onDone: (given: ReadonlyMap<string, string>) => void;
  readonly onBack: () => void;
};

type Asking = {
  /** By the ask's id. */
  readonly given: ReadonlyMap<string, string>;
  readonly index: number;
  readonly line: Line;
  readonly problem: string;
};

export function CsvSecrets({title, asks, passwordPolicy, columns, rows, onDone, onBack}: Props) {
  const [{index, line, problem}, change, now] = useNow(
    (before: Asking, next: Partial<Asking>) => ({...before, ...next}),
    {given: new Map(), index: 0, line: lineOf(''), problem: ''},
  );
  const ask = asks[index];
  const goTo = (next: number, kept: ReadonlyMap<string, string>) =>
    change({given: kept, index: next, line: lineOf(kept.get(asks[next]?.id ?? '') ?? ''), problem: ''});
  const take = () => {
    const {given: before, index: at, line: typed} = now();
    const asked = asks[at];
    if (asked === undefined) return;
    const refusal = typedSecretRule(typed.text, passwordPolicy);
    if (refusal !== undefined) return change({problem: refusal});
    const next = new Map(before).set(asked.id, typed.text);
    if (at + 1 < asks.length) goTo(at + 1, next);
    else onDone(next);
  };
  useKeys({
    bindings: secretBindings,
    onAction: action => {
      if (action === 'next') take();
      else if (now().index > 0) goTo(now().index - 1, now().given);
      else onBack();
    },
    text: {
      edit: key => {
        const edited = editLine(now().line, key);
        if (edited) change({line: edited});
        return edited !== undefined;
      },
      insert: text => change({line: insertText(now().line, text), problem: ''}),
    },
  });
  const {body} = bandsOf(columns, rows);
  const who = ask ? `${foreign(ask.login)} at ${foreign(ask.server)} (${ask.end})` : '';
  return (
    <Frame columns={columns} rows={rows} title={title} bindings={secretBindings} helpKey="">
      <CellsLine line={[{text: `Password ${index + 1} of ${asks.length}`, bold: true}]} />
      <CellsLine line={[]} />
      <CellsLine line={[span(`  ${short(who, body.columns - 2, 'middle')}`)]} />
      <CellsLine line={[]} />
      <Box height={1} flexShrink={0}>
        <Text {...roleProps.accent}>{symbols.pointer} </Text>
        <Text bold>Password </Text>
        <SecretField line={line} columns={body.columns - 12} focused placeholder="not shown while you type" />
      </Box>
      {wrapText(problem, body.columns - 13, 3).map((text, row) => (
        <CellsLine
          key={text}
          line={[span(' '.repeat(11)), span(`${row === 0 ? symbols.cross : ' '} ${text}`, 'fail')]}
        />
      ))}
      <CellsLine line={[]} />
      {wrapText(
        `It is used for this run only and never stored. A password column in the file with ${secretPlaces} saves the typing.`,
        body.columns - 1,
        3,
      ).map(text => (
        <CellsLine key={text} line={[span(text, 'dim')]} />
      ))}
    </Frame>
  );
}
