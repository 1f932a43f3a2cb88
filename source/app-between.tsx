// What stands between two screens: something is being started, cannot be, or is at work.
import {Box, Text, useApp} from 'ink';
import {type ComponentType, useEffect} from 'react';
import type {Dashboard} from './dashboard/dashboard.tsx';
import type {RunControl, RunHandle, RunOutcome, Services} from './services.ts';
import {foreign} from './ui/cells.ts';
import {Frame} from './ui/frame.tsx';
import {Spinner} from './ui/spinner.tsx';

type StartProps = {readonly start: () => RunHandle; readonly onStarted: (handle: RunHandle) => void};

/** Once, whoever it was that had to sign in before. */
export function Start({start, onStarted}: StartProps) {
  useEffect(() => onStarted(start()), []);
  return null;
}

type StuckProps = {
  readonly problem: string;
  readonly columns: number;
  readonly rows: number;
  readonly onLeave: (notice: string) => void;
};

/** A profile names a certificate file that is gone, say. */
export function Stuck({problem, columns, rows, onLeave}: StuckProps) {
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

export function StartDemo({services, columns, rows, onStarted, onFailed}: DemoProps) {
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
export function Run({handle, now, columns, rows, Dashboard: Grid, onDone}: RunProps) {
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
