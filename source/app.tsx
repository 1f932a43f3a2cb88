// The screens, one after the other: start, questions or CSV, the run, the summary.
import {Box, useApp, useInput, useWindowSize} from 'ink';
import {type ComponentType, useCallback, useMemo, useRef, useState} from 'react';
import {Run, Start, StartDemo, Stuck} from './app-between.tsx';
import {type AppScreen, ownOptions, type Settings, screenFor, screenOf, trySettings} from './app-screen.ts';
import type {RunOptions} from './command-line/option-table.ts';
import {Dashboard} from './dashboard/dashboard.tsx';
import {Home} from './home/home.tsx';
import {needsPerson} from './request/personal.ts';
import type {Request} from './request/schema.ts';
import type {RunOutcome, Services} from './services.ts';
import {Summary} from './summary/summary.tsx';
import {foreign} from './ui/cells.ts';
import {CsvFlow} from './wizard/csv/flow.tsx';
import type {FilesPort, ProfilesPort} from './wizard/ports.ts';
import {SignInGate} from './wizard/sign-in.tsx';
import {Wizard} from './wizard/wizard.tsx';

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
  /** Told what would be lost by leaving now, whenever that changes: a sentence, '' where nothing would. */
  readonly onUnsaved?: (sentence: string) => void;
  /** Told of what is lost where the person leaves with Ctrl+C: a sentence. */
  readonly onLost?: (sentence: string) => void;
  /** For tests: other screens in place of the run's own. */
  readonly screens?: {
    readonly dashboard?: ComponentType<Parameters<typeof Dashboard>[0]>;
    readonly summary?: ComponentType<Parameters<typeof Summary>[0]>;
  };
};

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
  onUnsaved,
  onLost,
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
  const unsaved = useRef('');
  const running = screen.name === 'run';
  // Always there: between two screens nobody else listens, and Ink would give the terminal back for a moment, in
  // which a key that is typed ahead is lost.
  useInput((input, key) => {
    // The run has its own Ctrl+C: first finish what is in flight.
    if (running || !key.ctrl || input !== 'c') return;
    if (unsaved.current !== '') onLost?.(unsaved.current);
    quit();
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
          {...(screen.goneOnWith === undefined ? {} : {goneOnWith: screen.goneOnWith})}
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
          onUnsaved={sentence => {
            unsaved.current = sentence;
            onUnsaved?.(sentence);
          }}
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
