// A step of questions: keys to actions, and the fields drawn.
import type {Dispatch} from 'react';
import type {Field} from '../request/fields.ts';
import {span} from '../ui/cells.ts';
import {CellsLine} from '../ui/cells-line.tsx';
import {editLine, lineOf} from '../ui/text-field-state.ts';
import {useKeysWithHelp} from '../ui/use-help.ts';
import {Form, isLongChoice} from './form.tsx';
import {type FormPlace, formBindings, helpKey} from './keys.ts';
import {focusedField, isTyping, offeredFix, type WizardAction, type WizardState} from './state.ts';
import {StepBody} from './step-body.tsx';
import {isFormStep} from './steps.ts';
import type {StepFrame} from './wizard.tsx';

type Props = {
  readonly frame: StepFrame;
  readonly state: WizardState;
  readonly notice: string;
  readonly dispatch: Dispatch<WizardAction>;
  readonly onLeave: () => void;
  readonly onSave: () => void;
};

function choiceKind(field: Field | undefined): FormPlace['kind'] {
  return field && isLongChoice(field) ? 'list' : 'choice';
}

export function FormScreen({frame, state, notice, dispatch, onLeave, onSave}: Props) {
  const field = focusedField(state);
  const typing = isTyping(state);
  const kind = typing ? 'typing' : choiceKind(field);
  const first = state.step === 'type';
  const bindings = formBindings({kind, fix: offeredFix(state) !== undefined, first});
  const help = useKeysWithHelp({
    bindings,
    onAction: action => {
      switch (action) {
        case 'next':
          return dispatch({type: 'next'});
        case 'back':
          return first ? onLeave() : dispatch({type: 'back'});
        case 'fix':
          return dispatch({type: 'take-fix'});
        case 'down':
          return dispatch({type: 'move', by: 1});
        case 'up':
        case 'previous':
          return dispatch({type: 'move', by: -1});
        case 'choose-next':
          return dispatch({type: 'choose', by: 1});
        case 'choose-previous':
          return dispatch({type: 'choose', by: -1});
        case 'save':
          return onSave();
        case 'edit':
          return;
      }
    },
    ...(typing
      ? {
          text: {
            edit: (key: string) => {
              const edits = editLine(lineOf(''), key) !== undefined;
              if (edits) dispatch({type: 'edit', key});
              return edits;
            },
            insert: (text: string) => dispatch({type: 'insert', text}),
          },
        }
      : {}),
  });
  const {step} = state;
  if (!isFormStep(step)) return null;
  return (
    <StepBody
      frame={frame}
      step={step}
      answers={state.answers}
      bindings={bindings}
      help={help}
      helpKey={helpKey(kind)}
    >
      {(columns, rows) => (
        <>
          <Form state={state} step={step} columns={columns} rows={notice === '' ? rows : rows - 1} />
          {notice !== '' && <CellsLine line={[span(notice, 'ok')]} />}
        </>
      )}
    </StepBody>
  );
}
