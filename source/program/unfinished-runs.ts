// The runs that the start of the screens offers to go on with, or to watch.
import type {UnfinishedRun} from '../services.ts';
import {askedAlone, optionsOf} from './again.ts';
import {standingOf} from './first-look.ts';
import {unfinished} from './history.ts';
import type {SavedProfiles} from './load.ts';
import type {RunParts} from './start-run.ts';

export function unfinishedRuns(
  parts: Pick<RunParts, 'options' | 'given' | 'history' | 'places' | 'system'>,
  profiles: SavedProfiles,
): Promise<readonly UnfinishedRun[]> {
  const {history, places, system} = parts;
  return Promise.all(
    unfinished(history.list()).map(async record => {
      const {run, startedAt, from, requests, processed, exitCode, retryOf} = record;
      const asked = await askedAlone(record, {...parts, profiles});
      const went = optionsOf(record);
      const {live, snapshot} =
        exitCode === undefined ? await standingOf(run, places.state, system.schedule) : {};
      return {
        ...{run, startedAt, from, requests},
        ...(asked === undefined ? {} : {asked}),
        ...(went === undefined ? {} : {options: went}),
        ...(retryOf === undefined ? {} : {isRetry: true}),
        processed: snapshot?.states.Processed ?? processed,
        isRunning: live !== undefined,
        command: history.command(`resume ${run}`),
      };
    }),
  );
}
