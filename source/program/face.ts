// Which face a command gets, the screens or lines, and what the screens open with. Each is loaded once it is needed.
import type {AppScreen} from '../app-screen.ts';
import type {Options} from '../command-line/option-table.ts';
import type {Profiles} from '../profiles/store.ts';
import {withQuietKeys} from './early-keys.ts';
import type {Loaded} from './load.ts';
import {savedProfiles} from './saved-profiles.ts';
import type {RunParts} from './start-run.ts';
import {Cancelled, notStarted, type System, UsageProblem} from './system.ts';

/** The faces without a screen. */
export type LineOutput = 'plain' | 'jsonl' | 'quiet';

export type Face = 'tui' | LineOutput;

/** @throws UsageProblem where the screens are asked for and cannot be */
export function faceOf(options: Options, system: System): Face {
  if (options.output !== 'auto') {
    if (options.output === 'tui' && !isTerminal(system))
      throw new UsageProblem(
        '--output tui needs a terminal at standard input and output. Use plain or jsonl.',
      );
    if (options.output === 'tui' && options.noInput)
      throw new UsageProblem('--output tui waits for keys, which --no-input forbids. Use plain or jsonl.');
    return options.output;
  }
  return isTerminal(system) && !isDumb(system) && !options.noInput ? 'tui' : 'plain';
}

const isTerminal = ({stdin, stdout}: System) => stdin.isTTY && stdout.isTTY;
/** It says that it cannot move its cursor: an editor's window, for one. */
const isDumb = ({env}: System) => env['TERM'] === 'dumb';

function whyNoScreens({options, system}: RunParts): string {
  if (options.noInput)
    return 'The guided screens ask, which --no-input forbids. Without them: mailferry run FILE.csv --yes.';
  const instead = 'mailferry run FILE.csv --yes, or mailferry --help.';
  return isTerminal(system) && isDumb(system)
    ? `The guided screens move the cursor, which TERM=dumb says this terminal cannot. Without them: ${instead}`
    : `The guided screens need a terminal. Without one: ${instead}`;
}

/** `mailferry` and `mailferry demo`: the demo goes without screens too. */
export async function guided(command: 'demo' | 'guided', face: Face, parts: RunParts): Promise<number> {
  if (face !== 'tui') {
    if (command === 'guided') throw new UsageProblem(whyNoScreens(parts));
    const {runDemoLines} = await import('./demo-command.ts');
    return runDemoLines(face, parts);
  }
  return onScreen({name: command === 'demo' ? 'demo' : 'home'}, parts);
}

/** A run at work, seen from here: on screen, or told in lines. */
export async function attach(run: string | undefined, face: Face, parts: RunParts): Promise<number> {
  const where = {history: parts.history, state: parts.places.state, schedule: parts.system.schedule};
  if (face !== 'tui') {
    const {followRun} = await import('./follow-run.ts');
    return followRun(run, face, where, parts.system);
  }
  const {openRun} = await import('./attach.ts');
  return onScreen({name: 'run', handle: await openRun(run, where)}, parts);
}

/** The grid at once. */
export async function startOnScreen(
  loaded: Loaded,
  profiles: Profiles,
  parts: RunParts,
  own: RunParts,
): Promise<number> {
  const {askSecrets} = await import('./ask.ts');
  const {startForScreens} = await import('./host.ts');
  const requests = await askSecrets(loaded.requests, own.system, own.options);
  const {signInPeople} = await import('./sign-in-people.ts');
  await signInPeople(requests, own);
  return onScreen({name: 'run', handle: startForScreens(requests, loaded.from, own)}, parts, profiles);
}

/** Who opens the start and leaves it has had what was asked for: 0 without a run. */
async function onScreen(start: AppScreen, parts: RunParts, opened?: Profiles): Promise<number> {
  return withQuietKeys(parts.system.stdin, async () => {
    const {showScreens} = await import('./tui.tsx');
    return (
      (await showScreens(start, opened ?? (await savedProfiles(parts.places, parts.system)), parts)) ?? 0
    );
  });
}

/**
 * A CSV is looked at first, a profile's passwords are asked for; with --yes the grid starts at once.
 * @param own with the options of the profile; the screens add them themselves
 * @throws Cancelled where the person leaves before a run was started: whatever waits for the copy must not go on
 */
export async function runOnScreen(
  name: string,
  profiles: Profiles,
  parts: RunParts,
  own: RunParts,
): Promise<number> {
  const {stdin} = own.system;
  const {csvPath, load} = await import('./load.ts');
  if (own.options.yes || own.options.dryRun) {
    return startOnScreen(await load(name, own.options, profiles, own.system), profiles, parts, own);
  }
  return withQuietKeys(stdin, async () => {
    const {showScreens} = await import('./tui.tsx');
    const profile = profiles.get(name);
    const screenOf = async (): Promise<AppScreen> => {
      if (profile?.kind === 'request') return {name: 'wizard', saved: {name, profile}};
      // What is wrong in its rows is shown on the screen; a file that cannot be read has none.
      const path = await csvPath(name, profiles, own.system);
      return {name: 'csv', path, ...(profile === undefined ? {} : {options: profile.options})};
    };
    const exitCode = await showScreens(await screenOf(), profiles, parts);
    if (exitCode === undefined) throw new Cancelled(notStarted);
    return exitCode;
  });
}
