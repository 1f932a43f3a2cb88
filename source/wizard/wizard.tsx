// One request, from the first question to the start.
import {useMemo, useReducer, useState} from 'react';
import {buildRequest} from '../request/build-request.ts';
import {defaultFor} from '../request/endpoint.ts';
import type {FieldRules} from '../request/field-rules.ts';
import type {Answers} from '../request/fields.ts';
import type {ForAll} from '../request/for-all.ts';
import type {Request} from '../request/schema.ts';
import {withoutSecrets} from '../request/without-secrets.ts';
import type {Services} from '../services.ts';
import {foreign} from '../ui/cells.ts';
import {bandsOf, Frame} from '../ui/frame.tsx';
import {type Checked, CheckScreen} from './check-screen.tsx';
import {type FolderChoice, noChoice} from './folder-choice.ts';
import {FormScreen} from './form-screen.tsx';
import {keptSecrets} from './kept-secrets.ts';
import type {GoneOnWith, ProfilesPort, SavedRequest} from './ports.ts';
import {isRemembered} from './remembered.ts';
import {ReviewScreen} from './review-screen.tsx';
import {SavePrompt, saveKeys} from './save-prompt.tsx';
import {SignInGate} from './sign-in.tsx';
import {useTurns} from './sign-in-anew.ts';
import {openPoints, startState, wizardReducer} from './state.ts';
import {isFormStep} from './steps.ts';

type Props = {
  readonly services: Pick<Services, 'inspect' | 'microsoft' | 'keepSecret'>;
  readonly profiles: ProfilesPort;
  readonly rules: FieldRules;
  /** What counts beside the answers; where not given, the saved profile's own. */
  readonly forAll?: ForAll;
  /** Starts from these answers instead of the first question. */
  readonly saved?: SavedRequest;
  readonly goneOnWith?: GoneOnWith;
  readonly columns: number;
  readonly rows: number;
  readonly onLeave: () => void;
  /** `from`: the profile's name, or the request's title where it was not saved; that of the run that is gone on with. */
  readonly onStart: (requests: readonly Request[], from: string) => void;
};

/** What every step's screen is given to draw itself into. */
export type StepFrame = {
  readonly columns: number;
  readonly rows: number;
  readonly title: string;
};

export function Wizard({
  services,
  profiles,
  rules,
  forAll,
  saved,
  goneOnWith,
  columns,
  rows,
  onLeave,
  onStart,
}: Props) {
  const beside = forAll ?? saved?.profile.options;
  const [state, dispatch] = useReducer(wizardReducer, undefined, () =>
    saved === undefined
      ? startState(rules, undefined, {...forAll?.fill, ...forAll?.answers}, profiles.lastAnswers())
      : startState(rules, {...forAll?.fill, ...saved.profile.answers}, forAll?.answers),
  );
  const [name, setName] = useState(saved?.name ?? '');
  const [saving, setSaving] = useState(false);
  const [notice, setNotice] = useState(() => {
    if (goneOnWith !== undefined) return goneOnWith.differs ? asRunNotProfile : asRun;
    return saved === undefined && isRemembered(state.answers, state.remembered) ? startedWith : '';
  });
  const [checked, setChecked] = useState<Checked>();
  const [turn, beginTurn] = useTurns(services.microsoft);
  const [choice, setChoice] = useState<FolderChoice>({
    include: beside?.include ?? noChoice.include,
    exclude: beside?.exclude ?? noChoice.exclude,
  });
  const {answers, step} = state;
  const built = useMemo(() => buildRequest(answers, rules), [answers, rules]);
  const withJunk = beside?.withJunk ?? false;
  const request = useMemo(
    () =>
      built.ok
        ? {...built.request, withJunk, include: [...choice.include], exclude: [...choice.exclude]}
        : undefined,
    [built, choice, withJunk],
  );
  const unsaved = goneOnWith === undefined ? 'new request' : foreign(goneOnWith.from);
  const frame: StepFrame = {columns, rows, title: name === '' ? unsaved : name};
  const save = () => {
    setNotice('');
    setSaving(true);
  };
  if (saving) {
    const {secrets, answers: withPlaces} = keptSecrets(answers);
    const mayKeep = secrets.length > 0;
    const options = {...saved?.profile.options, include: [...choice.include], exclude: [...choice.exclude]};
    const suggested = name === '' ? nameFrom(defaultFor('title', answers)) : name;
    return (
      <Frame {...frame} bindings={saveKeys(mayKeep)} helpKey="">
        <SavePrompt
          profiles={profiles}
          suggested={suggested}
          own={name}
          caution={cautionOf(openPoints(state))}
          profile={{kind: 'request', answers: withoutSecrets(answers), options}}
          {...(mayKeep
            ? {
                keep: {
                  secrets,
                  profile: {kind: 'request', answers: withoutSecrets(withPlaces), options},
                  put: services.keepSecret,
                },
              }
            : {})}
          columns={bandsOf(columns, rows).body.columns}
          onDone={(kept, withSecrets) => {
            setSaving(false);
            if (kept === undefined) return;
            setName(kept);
            const open = openPoints(state);
            const whole = open.missing.length + open.wrong.length === 0;
            const where = withSecrets ? 'passwords in the system keychain' : 'without passwords';
            setNotice(`Saved as ${kept}, ${where}.${whole ? '' : ' Not complete yet.'}`);
          }}
        />
      </Frame>
    );
  }
  if (isFormStep(step) || request === undefined) {
    const shown = isFormStep(step) ? state : {...state, step: 'type' as const};
    return (
      <FormScreen
        frame={frame}
        state={shown}
        notice={notice}
        dispatch={action => {
          setNotice('');
          dispatch(action);
        }}
        onLeave={onLeave}
        onSave={save}
      />
    );
  }
  const known = checked?.answers === answers ? checked : undefined;
  if (step === 'check') {
    return (
      <SignInGate
        key={turn.number}
        turn={turn}
        requests={[request]}
        microsoft={services.microsoft}
        columns={columns}
        rows={rows}
        onBack={() => dispatch({type: 'back'})}
      >
        <CheckScreen
          frame={frame}
          services={services}
          answers={answers}
          request={request}
          {...(known === undefined ? {} : {known})}
          onChecked={(next, taken) => {
            setChecked(next);
            if (taken) setChoice(taken);
          }}
          onSignIn={ends => {
            setChecked(undefined);
            beginTurn(ends);
          }}
          onSave={save}
          dispatch={dispatch}
        />
      </SignInGate>
    );
  }
  return (
    <ReviewScreen
      frame={frame}
      answers={answers}
      request={request}
      {...(known === undefined ? {} : {known})}
      advice={built.ok ? built.advice.map(({finding}) => finding) : []}
      notice={notice}
      onBack={() => dispatch({type: 'back'})}
      onSave={save}
      onStart={() => {
        remember(answers, profiles);
        onStart([request], name === '' ? (goneOnWith?.from ?? request.title) : name);
      }}
    />
  );
}

const startedWith = 'Filled in as last time. Ctrl+U clears a field.';

const asRun = 'As this run was asked; nothing is copied twice.';
const asRunNotProfile = 'As this run was asked, not as its profile is now.';

/** For the next time. A file that cannot be written is no reason not to copy mail. */
function remember(answers: Answers, profiles: ProfilesPort): void {
  try {
    profiles.rememberAnswers(answers);
  } catch {
    // It was said when the file was opened.
  }
}

/** That the profile can be kept but not run as it is; '' where it can. */
function cautionOf({missing, wrong}: ReturnType<typeof openPoints>): string {
  const name = ({label}: {readonly label: string}) => label;
  const [first] = wrong;
  const faults = [
    missing.length === 0 ? '' : `Still missing: ${missing.map(name).join(', ')}.`,
    first === undefined ? '' : `${first.field.label} is not right: ${first.finding.sentence}`,
    wrong.length < 2
      ? ''
      : `Not right either: ${wrong
          .slice(1)
          .map(({field}) => name(field))
          .join(', ')}.`,
  ].filter(text => text !== '');
  return faults.length === 0
    ? ''
    : `You can save it as it is and complete it later; it cannot be run before. ${faults.join(' ')}`;
}

/** A name a profile may have, out of a title. */
function nameFrom(title: string): string {
  return title
    .replace(/[/\\]/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 60)
    .trim();
}
