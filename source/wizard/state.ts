// The answers and where the person is among them. Pure: keys come in as actions, drawing reads the result.

import type {LastAnswers} from '../profiles/store.ts';
import {checkField} from '../request/check-field.ts';
import {modernSignIn, refusesPasswords, withDefaultSignIn} from '../request/default-sign-in.ts';
import {answered, defaultFor, effective} from '../request/endpoint.ts';
import type {FieldRules} from '../request/field-rules.ts';
import {type Answers, type End, type Field, type FieldKey, fieldOf, keyOf} from '../request/fields.ts';
import type {Finding} from '../request/finding.ts';
import {secretPlaces} from '../request/secret-text.ts';
import {chosenAfter} from '../ui/choice-state.ts';
import {editLine, insertText, type Line} from '../ui/text-field-state.ts';
import {firstAnswers, nothingRemembered, withType} from './remembered.ts';
import {
  type FormStep,
  formSteps,
  isFormStep,
  openFields,
  type Step,
  stepAfter,
  stepFields,
  stepIndex,
} from './steps.ts';

export type WizardState = {
  readonly step: Step;
  readonly answers: Answers;
  readonly rules: FieldRules;
  readonly focus: FieldKey;
  /** In the text of the focused field. */
  readonly cursor: number;
  /** Empty fields whose finding is shown: the person has been there and gone on. */
  readonly visited: readonly FieldKey[];
  /** What was answered last time, for each request type. */
  readonly remembered: LastAnswers;
  /** Steps that are complete are passed over: the answers came from a profile. */
  readonly quick: boolean;
  /** Ways to sign in that were filled in, not chosen: they go where the server makes them senseless. */
  readonly assumed: Partial<Readonly<Record<End, string>>>;
};

export type WizardAction =
  | {readonly type: 'insert'; readonly text: string}
  | {readonly type: 'edit'; readonly key: string}
  | {readonly type: 'move'; readonly by: 1 | -1}
  | {readonly type: 'choose'; readonly by: 1 | -1}
  | {readonly type: 'take-fix'}
  | {readonly type: 'next'}
  | {readonly type: 'back'}
  | {readonly type: 'go'; readonly step: FormStep; readonly focus?: FieldKey};

const missingPassword: Finding = {
  severity: 'error',
  sentence: `The password is missing. Type it, or where it is: ${secretPlaces}.`,
};

function isSecretMissing(key: FieldKey, answers: Answers): boolean {
  return (['source', 'destination'] as const).some(
    end =>
      key === keyOf(end, 'Secret') &&
      effective(answers, keyOf(end, 'Auth')) === 'password' &&
      answered(answers, key) === '',
  );
}

/** What stands against a field, said or unsaid. A run from the screens needs its secrets now. */
function findingAt(key: FieldKey, {answers, rules}: Pick<WizardState, 'answers' | 'rules'>) {
  return isSecretMissing(key, answers) ? missingPassword : checkField(key, answers, rules);
}

/** What to show under a field: an empty one is left in peace until the person has gone past it. */
export function shownFinding(key: FieldKey, state: WizardState): Finding | undefined {
  const finding = findingAt(key, state);
  const silent = finding?.severity === 'error' && answered(state.answers, key) === '';
  if (finding === undefined || (silent && !state.visited.includes(key))) return undefined;
  if (fieldOf(key).kind !== 'choice') return finding;
  // A choice is made with the arrows: Tab, on its way to the next field, must not undo it.
  const {fix: _fix, ...said} = finding;
  return said;
}

/** The field that has the focus; undefined in the steps without fields. */
export function focusedField(state: WizardState): Field | undefined {
  if (!isFormStep(state.step)) return undefined;
  const shown = openFields(state.step, state.answers);
  return shown.find(field => field.key === state.focus) ?? shown[0];
}

export function lineAt(key: FieldKey, state: WizardState): Line {
  const text = state.answers[key] ?? '';
  return {text, cursor: key === state.focus ? Math.min(state.cursor, text.length) : text.length};
}

/** True where typed letters are text. */
export function isTyping(state: WizardState): boolean {
  const field = focusedField(state);
  return field !== undefined && field.kind !== 'choice';
}

/** The first field of the step that refuses to go on. */
export function firstError(step: FormStep, state: WizardState): FieldKey | undefined {
  return stepFields(step, state.answers).find(field => findingAt(field.key, state)?.severity === 'error')
    ?.key;
}

/** What keeps a saved request from being run as it is, in its own order: fields without their secrets. */
export function openPoints(state: Pick<WizardState, 'answers' | 'rules'>): {
  readonly missing: readonly Field[];
  readonly wrong: readonly {readonly field: Field; readonly finding: Finding}[];
} {
  const {answers, rules} = state;
  const found = formSteps
    .flatMap(step => openFields(step, answers))
    .filter(field => field.kind !== 'secret')
    .flatMap(field => {
      const finding = checkField(field.key, answers, rules);
      return finding?.severity === 'error' ? [{field, finding}] : [];
    });
  const isMissing = ({field}: {field: Field}) => answered(answers, field.key) === '';
  return {
    missing: found.filter(isMissing).map(({field}) => field),
    wrong: found.filter(point => !isMissing(point)),
  };
}

/** What there is to take over with Tab at the focused field. */
export function offeredFix(state: WizardState): Finding['fix'] {
  const field = focusedField(state);
  return field && shownFinding(field.key, state)?.fix;
}

function focusOn(state: WizardState, key: FieldKey): WizardState {
  return {...state, focus: key, cursor: (state.answers[key] ?? '').length};
}

function enter(state: WizardState, step: Step, focus?: FieldKey): WizardState {
  const at = assume({...state, step});
  if (!isFormStep(step)) return at;
  const first = focus ?? firstError(step, at) ?? openFields(step, at.answers)[0]?.key;
  return first === undefined ? at : focusOn(at, first);
}

/** At the source and the destination: fills in how Microsoft's own server is signed in to, as long as nobody has chosen. */
function assume(state: WizardState): WizardState {
  const {step: end, rules, answers} = state;
  if (end !== 'source' && end !== 'destination') return state;
  const auth = keyOf(end, 'Auth');
  const {[end]: assumed, ...others} = state.assumed;
  if (assumed !== undefined && answers[auth] === assumed) {
    if (refusesPasswords(answers, end)) return state;
    const {[auth]: _, ...rest} = answers;
    return {...state, answers: rest, assumed: others};
  }
  const modern = modernSignIn(answers, end, rules) ?? withDefaultSignIn(answers, rules)[auth];
  if (modern === undefined || modern === answers[auth]) return state;
  return {...state, answers: {...answers, [auth]: modern}, assumed: {...state.assumed, [end]: modern}};
}

function visit(state: WizardState, key: FieldKey): WizardState {
  return state.visited.includes(key) ? state : {...state, visited: [...state.visited, key]};
}

function next(state: WizardState): WizardState {
  if (!isFormStep(state.step)) return enter(state, stepAfter(state.step, 1));
  const wrong = firstError(state.step, state);
  if (wrong !== undefined) return visit(focusOn(state, wrong), wrong);
  const after = stepAfter(state.step, 1);
  if (!state.quick) return enter(state, after);
  const open = formSteps.find(step => stepIndex(step) > stepIndex(state.step) && firstError(step, state));
  return enter(state, open ?? 'check');
}

function answer(state: WizardState, added: Answers): WizardState {
  const answers = {...state.answers, ...added};
  return focusOn({...state, answers}, focusedField({...state, answers})?.key ?? state.focus);
}

function withLine(state: WizardState, key: FieldKey, line: Line): WizardState {
  return {...state, focus: key, answers: {...state.answers, [key]: line.text}, cursor: line.cursor};
}

function edit(state: WizardState, key: string): WizardState {
  const field = focusedField(state);
  if (field === undefined || field.kind === 'choice') return state;
  const line = lineAt(field.key, state);
  const given = field.kind === 'secret' ? '' : defaultFor(field.key, state.answers);
  // At the end of an empty field the default is taken over, to be changed.
  if (line.text === '' && given !== '' && (key === 'right' || key === 'end' || key === 'ctrl+e'))
    return withLine(state, field.key, {text: given, cursor: given.length});
  const edited = editLine(line, key);
  return edited ? withLine(state, field.key, edited) : state;
}

export function wizardReducer(state: WizardState, action: WizardAction): WizardState {
  return assume(reduce(state, action));
}

function reduce(state: WizardState, action: WizardAction): WizardState {
  const field = focusedField(state);
  switch (action.type) {
    case 'insert':
      if (field === undefined || field.kind === 'choice') return state;
      return withLine(state, field.key, insertText(lineAt(field.key, state), action.text));
    case 'edit':
      return edit(state, action.key);
    case 'move': {
      if (field === undefined || !isFormStep(state.step)) return state;
      const shown = openFields(state.step, state.answers);
      const to = shown[shown.findIndex(each => each.key === field.key) + action.by];
      return to ? focusOn(visit(state, field.key), to.key) : state;
    }
    case 'choose': {
      if (field?.choices === undefined) return state;
      const value = chosenAfter(field.choices, effective(state.answers, field.key), action.by);
      if (field.key === 'type')
        return answer({...state, answers: withType(state.answers, value, state.remembered)}, {});
      return answer(state, {[field.key]: value});
    }
    case 'take-fix': {
      const fix = offeredFix(state);
      return fix ? answer(state, fix.answers) : state;
    }
    case 'next':
      return next(state);
    case 'back':
      return enter(state, stepAfter(state.step, -1));
    case 'go':
      return enter(state, action.step, action.focus);
  }
}

/**
 * A wizard at its first question, or with a profile's answers at the first one that is open.
 * `beside`: answers from the command line, in place of the saved ones. `remembered`: those of the last time, where
 * nothing is saved.
 */
export function startState(
  rules: FieldRules,
  saved?: Answers,
  beside: Answers = {},
  remembered: LastAnswers = nothingRemembered,
): WizardState {
  const first = firstAnswers(saved === undefined ? remembered : nothingRemembered);
  const answers = {...first, ...saved, ...beside};
  // Saved before a type was chosen: the list must still point at one.
  if (answered(answers, 'type') === '') answers.type = first.type ?? '';
  const state: WizardState = {
    step: 'type',
    answers,
    rules,
    remembered,
    focus: 'type',
    cursor: 0,
    visited: [],
    quick: saved !== undefined,
    assumed: {},
  };
  if (!saved) return state;
  const open = formSteps.find(step => firstError(step, state) !== undefined);
  return enter(state, open ?? 'check');
}
