// Asks for the name of a profile and keeps the answers under it.
import {Box, Text} from 'ink';
import {useRef} from 'react';
import {type ProfileInput, profileNameRule} from '../profiles/profile.ts';
import {foreign, span, wrapText} from '../ui/cells.ts';
import {CellsLine} from '../ui/cells-line.tsx';
import type {Binding} from '../ui/keys.ts';
import {TextField} from '../ui/text-field.tsx';
import {editLine, insertText, type Line, lineOf} from '../ui/text-field-state.ts';
import {roleProps, symbols} from '../ui/theme.ts';
import {useKeys} from '../ui/use-keys.ts';
import {useNow} from '../ui/use-now.ts';
import type {KeptSecret} from './kept-secrets.ts';
import {keepBindings, saveBindings} from './keys.ts';
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
  /** Passwords that were typed: they may go into the system's keychain, and the profile then says where they are. */
  readonly keep?: Keep;
  /** `name` is absent where the person called it off; `kept`: with passwords in the keychain. */
  readonly onDone: (name?: string, kept?: boolean) => void;
};

type Keep = {
  readonly secrets: readonly KeptSecret[];
  readonly profile: ProfileInput;
  /** Rejects with a sentence for a person. */
  readonly put: (secret: KeptSecret) => Promise<void>;
};

type Typed = {
  readonly line: Line;
  readonly selected: boolean;
  readonly problem: string;
  /** The name of another profile that one more Enter replaces. */
  readonly replacing: string;
  readonly keeping: boolean;
};

export function SavePrompt({profiles, profile, suggested, own, caution = '', keep, columns, onDone}: Props) {
  // As in any dialog: the suggestion is selected, so that typing replaces it and an arrow keeps it.
  const [{line, selected, problem, keeping}, set, now] = useNow(
    (before: Typed, next: Partial<Typed>) => ({...before, ...next}),
    {line: lineOf(suggested), selected: suggested !== '', problem: '', replacing: '', keeping: false},
  );
  const setProblem = (sentence: string) => set({problem: sentence});
  const busy = useRef(false);
  const save = () => {
    const name = now().line.text.trim();
    const refusal = profileNameRule(name);
    if (refusal !== undefined) return setProblem(refusal);
    if (profiles.get(name) !== undefined && name !== now().replacing && name !== own)
      return set({replacing: name, problem: 'There is a profile of this name. Enter again replaces it.'});
    void carryOut(name);
  };
  const carryOut = async (name: string) => {
    if (busy.current) return;
    busy.current = true;
    const chosen = now().keeping ? keep : undefined;
    try {
      for (const secret of chosen?.secrets ?? []) await chosen?.put(secret);
      profiles.save(name, chosen?.profile ?? profile);
      onDone(name, chosen !== undefined);
    } catch (error) {
      setProblem(error instanceof Error ? foreign(error.message) : 'The profile cannot be saved.');
    } finally {
      busy.current = false;
    }
  };
  const change = (next: Line) => set({line: next, selected: false, problem: ''});
  useKeys({
    bindings: saveKeys(keep !== undefined),
    onAction: action => {
      if (action === 'cancel') onDone();
      else if (action === 'keep') set({keeping: !now().keeping});
      else save();
    },
    text: {
      edit: key => {
        const deletes = key === 'backspace' || key === 'delete';
        const {line: typed, selected: whole} = now();
        const edited = whole && deletes ? lineOf('') : editLine(typed, key);
        if (edited) change(edited);
        return edited !== undefined;
      },
      insert: text => change(insertText(now().selected ? lineOf('') : now().line, text)),
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
      {wrapText(problem, columns - 9, 4).map((text, index) => (
        <CellsLine
          key={text}
          line={[span('       '), span(`${index === 0 ? symbols.warning : ' '} ${text}`, 'warn')]}
        />
      ))}
      <CellsLine line={[]} />
      {wrapText(caution, columns - 3, 6).map((text, index) => (
        <CellsLine key={text} line={[span(`${index === 0 ? symbols.warning : ' '} ${text}`, 'warn')]} />
      ))}
      {caution !== '' && <CellsLine line={[]} />}
      {keep !== undefined && (
        <CellsLine
          line={[span(`[${keeping ? 'x' : ' '}] Keep the passwords in the system keychain (Tab)`)]}
        />
      )}
      {keep !== undefined && <CellsLine line={[]} />}
      {wrapText(
        keeping
          ? 'The profile says where they are, and does not hold them: keychain:NAME.'
          : 'Passwords are never saved: they are asked for when the profile is used. env:, file:, cmd: and keychain: are kept.',
        columns - 1,
        3,
      ).map(text => (
        <CellsLine key={text} line={[span(text, 'dim')]} />
      ))}
    </Box>
  );
}

/** What the footer shows and the keys do. */
export function saveKeys(mayKeep: boolean): readonly Binding<'save' | 'cancel' | 'keep'>[] {
  return mayKeep ? [...saveBindings, ...keepBindings] : saveBindings;
}
