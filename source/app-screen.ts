// Which screen opens, and with what: decided here, drawn by app.tsx. Pure.
import type {RunOptions} from './command-line/option-table.ts';
import type {NamedProfile} from './profiles/store.ts';
import {answersOf} from './request/build-request.ts';
import type {FieldRules} from './request/field-rules.ts';
import type {ForAll} from './request/for-all.ts';
import type {Request} from './request/schema.ts';
import type {RunHandle, RunOutcome, Services, UnfinishedRun} from './services.ts';
import {foreign} from './ui/cells.ts';
import type {GoneOnWith, ProfilesPort, SavedRequest} from './wizard/ports.ts';

export type AppScreen =
  | {readonly name: 'home'; readonly notice?: string}
  | {readonly name: 'wizard'; readonly saved?: SavedRequest; readonly goneOnWith?: GoneOnWith}
  | {readonly name: 'csv'; readonly path?: string; readonly options?: RunOptions}
  | {readonly name: 'demo'}
  | {
      readonly name: 'start';
      readonly requests: readonly Request[];
      readonly from: string;
      readonly services: Services;
    }
  | {readonly name: 'run'; readonly handle: RunHandle}
  | {readonly name: 'summary'; readonly outcome: RunOutcome};

/** What a run is set up with: from the command line, then the profile. */
export type Settings = {
  readonly services: Services;
  readonly rules: FieldRules;
  readonly forAll: ForAll;
  /** Mailboxes copied at once. */
  readonly atOnce: number;
};

/** Where an unfinished run goes on: with what only its record tells, else the profile of that name, else the file. */
export function screenFor(run: UnfinishedRun, profiles: ProfilesPort): AppScreen {
  const profile = profiles.get(run.from);
  if (run.asked !== undefined) {
    const {request, options} = run.asked;
    const saved = {name: '', profile: {kind: 'request', answers: answersOf(request), options}} as const;
    return {name: 'wizard', saved, goneOnWith: {from: run.from, differs: profile !== undefined}};
  }
  const isPath = /^(?:[/\\]|[A-Za-z]:[/\\])/.test(run.from);
  if (profile !== undefined || isPath) {
    const {options} = run;
    // The screens would go on with all that its file asks for; a saved request is one mailbox.
    if (run.isRetry && profile?.kind !== 'request')
      return {
        name: 'home',
        notice: `"${foreign(run.command)}" goes on with this run: it tries again what failed in another, not all of its ${profile === undefined ? 'file' : 'profile'}.`,
      };
    // Without its options more would be copied than was asked for.
    if (options === undefined)
      return {
        name: 'home',
        notice: `The options of the run "${foreign(run.from)}" cannot be read. Run its ${profile === undefined ? 'file' : 'profile'} again with the same options: nothing is copied twice.`,
      };
    if (profile?.kind !== 'request') return {name: 'csv', path: profile?.path ?? run.from, options};
    // Without a name: what is saved is not to take on the options of one run.
    const saved = {name: '', profile: {...profile, options}};
    return {name: 'wizard', saved, goneOnWith: {from: run.from, differs: false}};
  }
  return {
    name: 'home',
    notice: `The run "${foreign(run.from)}" was started from answers that were not saved. "${foreign(run.command)}" goes on with it and asks for the passwords; or answer them again as a new request: what has arrived is not copied again.`,
  };
}

export function screenOf({name, profile}: NamedProfile): AppScreen {
  return profile.kind === 'csv'
    ? {name: 'csv', path: profile.path, options: profile.options}
    : {name: 'wizard', saved: {name, profile}};
}

const noOptions: RunOptions = {};

/** The options of the profile that the screen is about. */
export function ownOptions(screen: AppScreen): RunOptions {
  if (screen.name === 'wizard') return screen.saved?.profile.options ?? noOptions;
  return screen.name === 'csv' ? (screen.options ?? noOptions) : noOptions;
}

export function trySettings(
  settingsFor: (own: RunOptions) => Settings,
  own: RunOptions,
): Settings | {problem: string} {
  try {
    return settingsFor(own);
  } catch (error) {
    return {problem: error instanceof Error ? foreign(error.message) : 'The options cannot be met.'};
  }
}
