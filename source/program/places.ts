// Where things are kept: state (ledgers, the list of runs), configuration (profiles), reports.

import {createHash} from 'node:crypto';
import {join, resolve} from 'node:path';
import envPaths from 'env-paths';
import {type TypedCommand, typedCommand} from '../command-line/typed-command.ts';
import {cleanText} from '../format/clean.ts';

export type Places = {
  readonly state: string;
  readonly config: string;
  readonly reports: string;
  /** Whether a run has a folder of its own below `state`: its events, and where it is listened to. */
  readonly runs: boolean;
  /** How a command is typed that finds the same. */
  readonly command: TypedCommand;
  /** Where the ledger of a mailbox pair is; whoever writes it makes the folder. */
  ledger(pair: string): string;
};

/**
 * The platform's own folders unless given. On Linux env-paths' `log` is XDG's state folder.
 * @param given.state also moves the profiles, so that a test or a second set-up stands alone
 */
export function placesOf(given: {state?: string; reports: string}, workingDirectory: string): Places {
  const platform = envPaths('mailferry', {suffix: ''});
  const state = given.state === undefined ? platform.log : resolve(workingDirectory, given.state);
  return {
    state,
    config: given.state === undefined ? platform.config : state,
    reports: resolve(workingDirectory, given.reports),
    runs: true,
    command: typedCommand(given.state === undefined ? undefined : cleanText(state, 500)),
    ledger: pair =>
      join(state, 'ledgers', `${createHash('sha256').update(pair).digest('hex').slice(0, 32)}.sqlite`),
  };
}
