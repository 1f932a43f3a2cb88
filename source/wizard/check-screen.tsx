// The check step: looks into the mailboxes, then lets the person choose folders.
import {type Dispatch, useEffect, useState} from 'react';
import type {Inspection} from '../engine/look/inspection.ts';
import {effective} from '../request/endpoint.ts';
import {type Answers, keyOf} from '../request/fields.ts';
import {needsPerson} from '../request/personal.ts';
import type {Request} from '../request/schema.ts';
import type {Services} from '../services.ts';
import type {CheckListAction} from '../ui/check-list-state.ts';
import {useKeysWithHelp} from '../ui/use-help.ts';
import {type Move, movedIndex} from '../ui/virtual-list.ts';
import {Check, type CheckView, checkViewReducer} from './check.tsx';
import {checkBindings} from './check-keys.ts';
import {
  choiceOf,
  type FolderChoice,
  failedEnd,
  inScope,
  obstacle,
  ruleOf,
  tickedFolders,
} from './folder-choice.ts';
import {fieldToMend} from './mend.ts';
import {type Unopened, unopened} from './sign-in-anew.ts';
import type {WizardAction} from './state.ts';
import {StepBody} from './step-body.tsx';
import {useInspection} from './use-inspection.ts';
import type {StepFrame} from './wizard.tsx';

/** What a look found, for the answers it was made with, and what the person chose from it. */
export type Checked = {
  readonly answers: Answers;
  readonly inspection: Inspection;
  /** The folder choice the look was made with. */
  readonly choice: FolderChoice;
  readonly ticked: ReadonlySet<string>;
};

type Props = {
  readonly frame: StepFrame;
  readonly services: Pick<Services, 'inspect'>;
  readonly answers: Answers;
  readonly request: Request;
  /** From an earlier visit with the same answers: no need to look again. */
  readonly known?: Checked;
  readonly onChecked: (checked: Checked, taken?: FolderChoice) => void;
  /** Back to whoever signs in: what is named there is forgotten first. */
  readonly onSignIn: (ends: readonly Unopened[]) => void;
  readonly onSave: () => void;
  readonly dispatch: Dispatch<WizardAction>;
};

export function CheckScreen({
  frame,
  services,
  answers,
  request,
  known,
  onChecked,
  onSignIn,
  onSave,
  dispatch,
}: Props) {
  // The look is made with the choice as it was on entering: a tick does not sign in again.
  const [asked, setAsked] = useState(request);
  const {look, again} = useInspection(services, asked, known?.inspection);
  const [view, setView] = useState<CheckView>({
    index: 0,
    ticked: known?.ticked ?? new Set(),
  });
  const [refusal, setRefusal] = useState<string>();
  const inspection = look.phase === 'found' ? look.inspection : undefined;
  useEffect(() => {
    if (inspection === undefined || inspection === known?.inspection) return;
    setView(before => ({...before, index: 0, ticked: tickedFolders(inspection.folders)}));
  }, [inspection, known]);
  const choice =
    known && known.inspection === inspection
      ? known.choice
      : {include: asked.include, exclude: asked.exclude};
  const folders = inScope(inspection?.folders ?? [], asked.sourceFolder);
  const end = inspection && failedEnd(inspection);
  const place = look.phase === 'looking' ? 'looking' : inspection && end === undefined ? 'found' : 'failed';
  const unopenedEnds = inspection === undefined ? [] : unopened(request, inspection);
  const foreseen = inspection?.foreseen?.length ?? 0;
  const bindings = checkBindings(place, {
    problems: inspection?.problems.length ?? 0,
    messages: foreseen,
    inMessages: view.instead === 'messages',
    mayAnew: unopenedEnds.length > 0,
  });
  const keep = (): FolderChoice => {
    if (inspection === undefined || end !== undefined) return choice;
    const taken = choiceOf(folders, ruleOf(folders, choice), view.ticked, choice);
    onChecked({answers, inspection, choice, ticked: view.ticked}, taken);
    return taken;
  };
  const list = (action: CheckListAction) => {
    setRefusal(undefined);
    if (inspection) setView(before => checkViewReducer(before, action, folders, choice));
  };
  const page = Math.max(1, frame.rows - 14);
  const show = (instead: CheckView['instead']) =>
    setView(before => ({...before, instead: before.instead === instead ? undefined : instead}));
  const move = (to: Move) => {
    if (view.instead === 'messages')
      return setView(before => ({...before, message: movedIndex(to, before.message ?? 0, page, foreseen)}));
    return list({type: 'move', move: to, page});
  };
  const help = useKeysWithHelp({
    bindings,
    onAction: action => {
      switch (action) {
        case 'next': {
          const why = inspection && obstacle(inspection, view.ticked);
          if (why !== undefined) return setRefusal(why);
          keep();
          return dispatch({type: 'next'});
        }
        case 'back':
          keep();
          return dispatch({type: 'back'});
        case 'fix': {
          const step = end ?? 'source';
          const password = effective(answers, keyOf(step, 'Auth')) === 'password';
          const focus = fieldToMend(step, inspection?.failed?.[step]?.problem.code, password);
          return dispatch({type: 'go', step, focus});
        }
        case 'sign-in':
          return onSignIn(unopenedEnds);
        case 'again': {
          // Whoever has to sign in once more does so first.
          if (end !== undefined && needsPerson([request])) return onSignIn([]);
          const {include, exclude} = keep();
          setAsked({...asked, include: [...include], exclude: [...exclude]});
          return again();
        }
        case 'toggle':
          return list({type: 'toggle'});
        case 'toggle-all':
          return list({type: 'toggle-all'});
        case 'problems':
        case 'messages':
          return show(action);
        case 'folders':
          return show(undefined);
        case 'save':
          keep();
          return onSave();
        default:
          return move(action);
      }
    },
  });
  return (
    <StepBody frame={frame} step="check" answers={answers} bindings={bindings} help={help}>
      {(columns, rows) => (
        <Check
          look={look}
          request={request}
          view={view}
          {...(refusal === undefined ? {} : {refusal})}
          columns={columns}
          rows={rows}
        />
      )}
    </StepBody>
  );
}
