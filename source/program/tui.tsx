// The screens' way into the program: services for them, Ink started and ended, what stays in the terminal after.
import {render} from 'ink';
import {App} from '../app.tsx';
import type {AppScreen, Settings} from '../app-screen.ts';
import type {RunOptions} from '../command-line/option-table.ts';
import {startDemo} from '../demo/demo.ts';
import {inspect} from '../engine/look/inspect.ts';
import {RunGone, RunLost} from '../live/run-errors.ts';
import {openKeychain, passwordService} from '../profiles/keychain.ts';
import type {Profiles} from '../profiles/store.ts';
import {ReportError} from '../report/report-error.ts';
import type {RunHandle, RunOutcome, Services} from '../services.ts';
import {summaryText} from '../summary/text.ts';
import {openRun} from './attach.ts';
import {demoParts} from './demo-command.ts';
import {isFirstTime} from './first-time.ts';
import type {History} from './history.ts';
import {startForScreens} from './host.ts';
import {keptWords} from './microsoft.ts';
import {oneKeyAtATime} from './one-key.ts';
import {openerOf} from './open-page.ts';
import {forAllOf, readCa, rulesOf, withProfile} from './run-options.ts';
import {engineSettings, jobsOf, type RunParts, startRun} from './start-run.ts';
import {ScreensBroke, UsageProblem} from './system.ts';
import {unfinishedRuns} from './unfinished-runs.ts';

function servicesOf(parts: RunParts, profiles: Profiles): Services {
  const {system, history} = parts;
  const {sleep, now, elapsed, random} = system;
  const nothing = async () => undefined;
  const ports = {sleep, now, elapsed, random, takeRows: nothing, restartRows: nothing};
  return {
    keepSecret: ({name, secret}) => openKeychain(passwordService).set(name, secret),
    inspect: async (request, signal, guard) => {
      const [job] = jobsOf([request], parts);
      if (job === undefined) throw new Error('A request made no job');
      return inspect(job, engineSettings(parts, 'check'), ports, signal, guard);
    },
    startRun: (requests, from) => startForScreens(requests, from, parts),
    attach: run => openRun(run, {history, state: parts.places.state, schedule: system.schedule}),
    microsoft: {
      needed: (requests, signal) => parts.signIns.needed(requests, parts.ca, signal),
      forget: ends => parts.signIns.forget(ends, parts.ca),
      openPage: system.openPage,
      kept: () => keptWords(parts.signIns.keptIn),
      now,
    },
    startDemo: () => startDemoRun(parts),
    unfinishedRuns: () => unfinishedRuns(parts, profiles),
  };
}

async function startDemoRun(parts: RunParts): Promise<RunHandle> {
  const demo = await startDemo({now: parts.system.now});
  const handle = startRun(demo.requests, 'demo', demoParts(parts));
  handle.done.finally(() => demo.stop()).catch(() => undefined);
  return handle;
}

/**
 * Shows the screens until the person leaves; afterwards the terminal is as it was, with the summary of the run.
 * @returns the exit code: that of the last run, 0 where it goes on by itself; undefined where there was none
 */
export async function showScreens(
  start: AppScreen,
  profiles: Profiles,
  parts: RunParts,
): Promise<number | undefined> {
  const {system, options} = parts;
  let current: RunHandle | undefined = start.name === 'run' ? start.handle : undefined;
  const watched = (services: Services): Services => ({
    ...services,
    startRun: (requests, from) => {
      current = services.startRun(requests, from);
      return current;
    },
    startDemo: async () => {
      current = await services.startDemo();
      return current;
    },
    attach: async run => {
      current = await services.attach(run);
      return current;
    },
  });
  const settingsFor = (own: RunOptions): Settings => {
    const chosen = withProfile(options, parts.given, own);
    const ownParts = {...parts, options: chosen, ca: readCa(chosen)};
    return {
      services: watched(servicesOf(ownParts, profiles)),
      rules: {
        ...rulesOf(chosen, system.env),
        personalSignIn:
          openerOf(system.platform, system.env) === undefined ? 'oauth-device' : 'oauth-browser',
      },
      forAll: forAllOf(chosen),
      atOnce: chosen.mailboxes,
    };
  };
  let unsaved = '';
  let lost = '';
  // Keys typed before the keyboard was taken over stand in this line, and the cursor behind them.
  system.stdout.write('\r\u001b[2K');
  const app = render(
    <App
      services={watched(servicesOf(parts, profiles))}
      profiles={profiles}
      files={system.files}
      settingsFor={settingsFor}
      neverRan={() => isFirstTime(parts.history, parts.places.reports)}
      start={start}
      now={system.now}
      onUnsaved={sentence => {
        unsaved = sentence;
      }}
      onLost={sentence => {
        lost = sentence;
      }}
    />,
    {
      stdin: oneKeyAtATime(system.stdin),
      stdout: system.stdout,
      stderr: system.stderr,
      alternateScreen: true,
      incrementalRendering: true,
      maxFps: 12,
      exitOnCtrlC: false,
      patchConsole: true,
      interactive: true,
    },
  );
  // The screens forget it as they are taken away.
  const leave = () => {
    lost = unsaved;
    app.unmount();
  };
  let signals = 0;
  const release = system.onStopSignal(signal => {
    if (signal === 'HUP' && current?.detach !== undefined) {
      // The terminal is gone, and the run is not in this process.
      const {run} = current.store.getSnapshot();
      current.detach();
      gone = run;
      leave();
      return;
    }
    signals++;
    // The first asks the run to finish; without a run, or the second time, the screens are left as well.
    if (current === undefined) leave();
    else {
      current.stop();
      const {store} = current;
      void current.done.finally(leave).catch(() => undefined);
      if (signals > 2 || store.getSnapshot().exitCode !== undefined) leave();
    }
  });
  const crash = Promise.withResolvers<never>();
  const releaseCrash = system.onCrash(crash.reject);
  let outcome: RunOutcome | undefined;
  let gone: string | undefined;
  try {
    const left: unknown = await Promise.race([app.waitUntilExit(), crash.promise]);
    if (isDetached(left)) gone = left.detached;
    if (gone === undefined)
      outcome = isOutcome(left) ? left : await Promise.race([ended(current), crash.promise]);
  } catch (error) {
    if (isForPerson(error)) throw error;
    throw new ScreensBroke(error instanceof Error ? error.message : String(error), {cause: error});
  } finally {
    release();
    releaseCrash();
    app.unmount();
  }
  if (lost !== '') system.stderr.write(`${lost}\n`);
  if (gone !== undefined) {
    const paused = current?.store.getSnapshot().paused === true;
    system.stdout.write(`${detachedText(gone, paused, parts.history)}\n`);
    return 0;
  }
  if (outcome === undefined) return undefined;
  system.stdout.write(`${summaryText(outcome.snapshot, outcome.reports, system.stdout.columns)}\n`);
  for (const text of [outcome.reportProblem, outcome.warning])
    if (text !== undefined) system.stderr.write(`${text}\n`);
  return outcome.exitCode;
}

/** These say all there is to say by themselves. */
function isForPerson(error: unknown): boolean {
  return (
    error instanceof UsageProblem ||
    error instanceof ReportError ||
    error instanceof RunGone ||
    error instanceof RunLost
  );
}

async function ended(handle: RunHandle | undefined): Promise<RunOutcome | undefined> {
  return handle === undefined ? undefined : handle.done;
}

function isOutcome(value: unknown): value is RunOutcome {
  return typeof value === 'object' && value !== null && 'exitCode' in value && 'snapshot' in value;
}

function isDetached(value: unknown): value is {readonly detached: string} {
  return (
    typeof value === 'object' && value !== null && 'detached' in value && typeof value.detached === 'string'
  );
}

function detachedText(run: string, paused: boolean, {command}: History): string {
  const goesOn = paused ? 'stays paused' : 'goes on';
  // It may have been left before it has said its name.
  if (run === '') return `The run ${goesOn} without this terminal. "${command('attach')}" shows it again.`;
  const [attach, stop] = [command(`attach ${run}`), command(`stop ${run}`)];
  return [
    `The run ${run} ${goesOn} without this terminal.`,
    `  ${attach}   shows it again${paused ? '; p lets it go on' : ''}`,
    `  ${stop}${' '.repeat(attach.length - stop.length)}   stops it`,
  ].join('\n');
}
