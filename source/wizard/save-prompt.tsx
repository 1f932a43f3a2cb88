// Asks for the name of a profile and keeps the answers under it.
import {Box, Text} from 'ink';
import {useState} from 'react';
import {type ProfileInput, profileNameRule} from '../profiles/profile.ts';
import {foreign, span, wrapText} from '../ui/cells.ts';
import {CellsLine} from '../ui/cells-line.tsx';
import {TextField} from '../ui/text-field.tsx';
import {editLine, insertText, lineOf} from '../ui/text-field-state.ts';
import {roleProps, symbols} from '../ui/theme.ts';
import {useKeys} from '../ui/use-keys.ts';
import {saveBindings} from './keys.ts';
import type {ProfilesPort} from './ports.ts';

type Props = {
  readonly profiles: ProfilesPort;
  readonly profile: ProfileInput;
  readonly suggested: string;
  /** The name it was opened or saved under before: it is replaced without asking. */
  readonly own?: string;
  readonly columns: number;
  /** What to know before it is saved: what is not complete yet. */
  readonly caution?: string;
  /** `name` is absent where the person called it off. */
  readonly onDone: (name?: string) => void;
};

export function SavePrompt({profiles, profile, suggested, own, caution = '', columns, onDone}: Props) {
  const [line, setLine] = useState(lineOf(suggested));
  // As in any dialog: the suggestion is selected, so that typing replaces it and an arrow keeps it.
  const [selected, setSelected] = useState(suggested !== '');
  const [problem, setProblem] = useState('');
  const [replacing, setReplacing] = useState('');
  const save = () => {
    const name = line.text.trim();
    const refusal = profileNameRule(name);
    if (refusal !== undefined) return setProblem(refusal);
    if (profiles.get(name) !== undefined && name !== replacing && name !== own) {
      setReplacing(name);
      return setProblem('There is a profile of this name. Enter again replaces it.');
    }
    try {
      profiles.save(name, profile);
      onDone(name);
    } catch (error) {
      setProblem(error instanceof Error ? foreign(error.message) : 'The profile cannot be saved.');
    }
  };
  const change = (next: typeof line) => {
    setLine(next);
    setSelected(false);
    setProblem('');
  };
  useKeys({
    bindings: saveBindings,
    onAction: action => {
      if (action === 'cancel') onDone();
      else save();
    },
    text: {
      edit: key => {
        const deletes = key === 'backspace' || key === 'delete';
        const edited = selected && deletes ? lineOf('') : editLine(line, key);
        if (edited) change(edited);
        return edited !== undefined;
      },
      insert: text => change(insertText(selected ? lineOf('') : line, text)),
    },
  });
  return (
    <Box flexDirection="column" width={columns}>
      <CellsLine line={[{text: 'Save as a profile', bold: true}]} />
      <CellsLine line={[]} />
      <Box height={1}>
        <Text {...roleProps.accent}>{symbols.pointer} </Text>
        <Text bold>Name </Text>
        <TextField line={line} columns={columns - 8} focused selected={selected} />
      </Box>
      {wrapText(problem, columns - 9, 2).map(text => (
        <CellsLine key={text} line={[span('       '), span(`${symbols.warning} ${text}`, 'warn')]} />
      ))}
      <CellsLine line={[]} />
      {wrapText(caution, columns - 3, 6).map((text, index) => (
        <CellsLine key={text} line={[span(`${index === 0 ? symbols.warning : ' '} ${text}`, 'warn')]} />
      ))}
      {caution !== '' && <CellsLine line={[]} />}
      {wrapText(
        'Passwords are never saved: they are asked for when the profile is used. env:, file:, cmd: and keychain: are kept.',
        columns - 1,
        3,
      ).map(text => (
        <CellsLine key={text} line={[span(text, 'dim')]} />
      ))}
    </Box>
  );
}
