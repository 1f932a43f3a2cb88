// The screens, one after the other: start, questions or CSV, the run, the summary.
import {Box, Text, useApp, useInput, useWindowSize} from 'ink';
import {type ComponentType, useCallback, useEffect, useMemo, useState} from 'react';
import {Dashboard} from './dashboard/dashboard.tsx';
import {Home} from './home/home.tsx';
import type {RunOptions} from './option-table.ts';
import type {NamedProfile} from './profiles/store.ts';
import type {FieldRules} from './request/field-rules.ts';
import type {ForAll} from './request/for-all.ts';
import {needsPerson} from './request/personal.ts';
import type {Request} from './request/schema.ts';
import type {RunControl, RunHandle, RunOutcome, Services, UnfinishedRun} from './services.ts';
import {Summary} from './summary/summary.tsx';
import {foreign} from './ui/cells.ts';
import {Frame} from './ui/frame.tsx';
import {Spinner} from './ui/spinner.tsx';
import {CsvFlow} from './wizard/csv-flow.tsx';
import type {FilesPort, ProfilesPort, SavedRequest} from './wizard/ports.ts';
import {SignInGate} from './wizard/sign-in.tsx';
import {Wizard} from './wizard/wizard.tsx';

export type AppScreen =
  | {readonly name: 'home'; readonly notice?: string}
  | {readonly name: 'wizard'; readonly saved?: SavedRequest}
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

type Props = {
  readonly services: Services;
  readonly profiles: ProfilesPort;
  readonly files: FilesPort;
  /** What counts with the options of a profile. Throws an error for a person where they cannot be met. */
  readonly settingsFor: (own: RunOptions) => Settings;
  readonly start: AppScreen;
  /** True where no run and no demo was ever started here. */
  readonly neverRan?: () => boolean;
  /** ms since 1970. */
  readonly now: () => number;
  /** For tests: other screens in place of the run's own. */
  readonly screens?: {
    readonly dashboard?: ComponentType<Parameters<typeof Dashboard>[0]>;
    readonly summary?: ComponentType<Parameters<typeof Summary>[0]>;
  };
};

/** Where an unfinished run goes on: the profile of that name, else the file. */
function screenFor(run: UnfinishedRun, profiles: ProfilesPort): AppScreen {
  const profile = profiles.get(run.from);
  if (profile) return screenOf({name: run.from, profile});
  if (/[/\\]|\.csv$/i.test(run.from)) return {name: 'csv', path: run.from};
  return {
    name: 'home',
    notice: `The run "${foreign(run.from)}" was started from answers that were not saved. "mailferry resume ${foreign(run.run)}" goes on with it and asks for the passwords; or answer them again as a new request: what has arrived is not copied again.`,
  };
}

function screenOf({name, profile}: NamedProfile): AppScreen {
  return profile.kind === 'csv'
    ? {name: 'csv', path: profile.path, options: profile.options}
    : {name: 'wizard', saved: {name, profile}};
}

/**
 * Leaves with `exit(outcome)` of the last run, or without a value where there was none. Never wider than the terminal:
 * the first frame after a resize is still laid out for the size before, and lines that wrap would stay on the screen.
 */
export function App(props: Props) {
  return (
    <Box flexDirection="column" overflow="hidden">
      <Screens {...props} />
    </Box>
  );
}

function Screens({
  services,
  profiles,
  files,
  settingsFor,
  start,
  neverRan = () => false,
  now,
  screens,
}: Props) {
  const {exit} = useApp();
  const {columns, rows} = useWindowSize();
  const [screen, setScreen] = useState<AppScreen>(start);
  const [last, setLast] = useState<RunOutcome>();
  const size = {columns, rows};
  const home = useCallback((notice = '') => setScreen({name: 'home', notice}), []);
  const quit = () => exit(last);
  const own = ownOptions(screen);
  const settings = useMemo(() => trySettings(settingsFor, own), [settingsFor, own]);
  const begin = (requests: readonly Request[], from: string) => {
    if ('problem' in settings) return;
    setScreen(
      needsPerson(requests)
        ? {name: 'start', requests, from, services: settings.services}
        : {name: 'run', handle: settings.services.startRun(requests, from)},
    );
  };
  const watch = (run: string) => {
    services.attach(run).then(
      handle => setScreen({name: 'run', handle}),
      (error: unknown) => home(error instanceof Error ? foreign(error.message) : 'It cannot be watched.'),
    );
  };
  const running = screen.name === 'run';
  // Always there: between two screens nobody else listens, and Ink would give the terminal back for a moment, in
  // which a key that is typed ahead is lost.
  useInput((input, key) => {
    // The run has its own Ctrl+C: first finish what is in flight.
    if (!running && key.ctrl && input === 'c') quit();
  });
  const DashboardScreen = screens?.dashboard ?? Dashboard;
  const SummaryScreen = screens?.summary ?? Summary;
  if ('problem' in settings) return <Stuck {...size} problem={settings.problem} onLeave={home} />;
  switch (screen.name) {
    case 'home':
      return (
        <Home
          {...size}
          services={services}
          profiles={profiles}
          notice={screen.notice ?? ''}
          isFirst={neverRan()}
          onNew={() => setScreen({name: 'wizard'})}
          onCsv={() => setScreen({name: 'csv'})}
          onProfile={profile => setScreen(screenOf(profile))}
          onRun={run => (run.isRunning ? watch(run.run) : setScreen(screenFor(run, profiles)))}
          onDemo={() => setScreen({name: 'demo'})}
          onQuit={quit}
        />
      );
    case 'wizard':
      return (
        <Wizard
          {...size}
          services={settings.services}
          profiles={profiles}
          rules={settings.rules}
          forAll={settings.forAll}
          {...(screen.saved === undefined ? {} : {saved: screen.saved})}
          onLeave={home}
          onStart={begin}
        />
      );
    case 'csv':
      return (
        <CsvFlow
          {...size}
          files={files}
          services={settings.services}
          profiles={profiles}
          rules={settings.rules}
          forAll={settings.forAll}
          atOnce={settings.atOnce}
          {...(screen.path === undefined ? {} : {path: screen.path})}
          onLeave={home}
          onStart={begin}
        />
      );
    case 'demo':
      return (
        <StartDemo
          {...size}
          services={services}
          onStarted={handle => setScreen({name: 'run', handle})}
          onFailed={home}
        />
      );
    case 'start':
      return (
        <SignInGate
          {...size}
          requests={screen.requests}
          microsoft={screen.services.microsoft}
          onBack={() => home('Nothing was started: nobody has signed in to Microsoft.')}
        >
          <Start
            start={() => screen.services.startRun(screen.requests, screen.from)}
            onStarted={handle => setScreen({name: 'run', handle})}
          />
        </SignInGate>
      );
    case 'run':
      return (
        <Run
          {...size}
          handle={screen.handle}
          now={now}
          Dashboard={DashboardScreen}
          onDone={outcome => {
            setLast(outcome);
            setScreen({name: 'summary', outcome});
          }}
        />
      );
    case 'summary':
      return (
        <SummaryScreen
          {...size}
          snapshot={screen.outcome.snapshot}
          {...(screen.outcome.reports === undefined ? {} : {reports: screen.outcome.reports})}
          {...(screen.outcome.reportProblem === undefined
            ? {}
            : {reportProblem: screen.outcome.reportProblem})}
          onClose={next => (next === 'home' ? home() : exit(screen.outcome))}
        />
      );
  }
}

type StartProps = {readonly start: () => RunHandle; readonly onStarted: (handle: RunHandle) => void};

/** Once, whoever it was that had to sign in before. */
function Start({start, onStarted}: StartProps) {
  useEffect(() => onStarted(start()), []);
  return null;
}

const noOptions: RunOptions = {};

/** The options of the profile that the screen is about. */
function ownOptions(screen: AppScreen): RunOptions {
  if (screen.name === 'wizard') return screen.saved?.profile.options ?? noOptions;
  return screen.name === 'csv' ? (screen.options ?? noOptions) : noOptions;
}

function trySettings(settingsFor: Props['settingsFor'], own: RunOptions): Settings | {problem: string} {
  try {
    return settingsFor(own);
  } catch (error) {
    return {problem: error instanceof Error ? foreign(error.message) : 'The options cannot be met.'};
  }
}

type StuckProps = {
  readonly problem: string;
  readonly columns: number;
  readonly rows: number;
  readonly onLeave: (notice: string) => void;
};

/** A profile names a certificate file that is gone, say. */
function Stuck({problem, columns, rows, onLeave}: StuckProps) {
  useEffect(() => onLeave(problem), [problem, onLeave]);
  return (
    <Frame columns={columns} rows={rows} title="" bindings={[]} helpKey="">
      {null}
    </Frame>
  );
}

type DemoProps = {
  readonly services: Pick<Services, 'startDemo'>;
  readonly columns: number;
  readonly rows: number;
  readonly onStarted: (handle: RunHandle) => void;
  readonly onFailed: (sentence: string) => void;
};

function StartDemo({services, columns, rows, onStarted, onFailed}: DemoProps) {
  useEffect(() => {
    services.startDemo().then(onStarted, (error: unknown) => {
      const words = error instanceof Error ? foreign(error.message) : 'unknown reason';
      onFailed(`The demo could not start: ${words}`);
    });
    // Once: the servers of a demo are started together with it.
  }, [services]);
  return (
    <Frame columns={columns} rows={rows} title="demo" bindings={[]} helpKey="">
      <Box>
        <Spinner />
        <Text> Starting two mail servers on this machine and filling them with mail.</Text>
      </Box>
    </Frame>
  );
}

type RunProps = {
  readonly handle: RunHandle;
  readonly now: () => number;
  readonly columns: number;
  readonly rows: number;
  readonly Dashboard: ComponentType<Parameters<typeof Dashboard>[0]>;
  readonly onDone: (outcome: RunOutcome) => void;
};

/** The grid stays until the person goes on; the outcome may be there earlier or, with the report, a little later. */
function Run({handle, now, columns, rows, Dashboard: Grid, onDone}: RunProps) {
  const {exit} = useApp();
  const leave = () => {
    handle.done.then(onDone, (error: unknown) => {
      exit(error instanceof Error ? error : new Error(String(error)));
    });
  };
  useEffect(() => {
    handle.done.catch((error: unknown) => exit(error instanceof Error ? error : new Error(String(error))));
  }, [handle, exit]);
  const {detach} = handle;
  const control: RunControl =
    detach === undefined
      ? handle
      : {
          ...handle,
          detach: () => {
            const {run} = handle.store.getSnapshot();
            detach();
            exit({detached: run});
          },
        };
  return (
    <Grid store={handle.store} control={control} now={now} columns={columns} rows={rows} onLeave={leave} />
  );
}
