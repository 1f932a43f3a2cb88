// Where one try happens: a mailbox at the destination, a line to it where bytes count, reports of its own.
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {csvText, type Row} from '../cli/place.ts';
import {type ByteGate, startByteGate} from './byte-gate.ts';
import type {Kill, Try} from './kill-case.ts';
import type {Site} from './kill-site.ts';
import type {KilledProgram, KilledRun} from './killed-program.ts';

export type KillPlace = {
  readonly user: string;
  readonly row: Row;
  /** Of the runs that were killed. */
  readonly reports: string;
  readonly gate: ByteGate | undefined;
  run(program: KilledProgram, kill?: Kill): Promise<KilledRun>;
  close(): Promise<void>;
};

let users = 0;

/**
 * @param directory of all tries that end together; they share the state folder in it
 * @param source the mailbox that is copied
 * @param measured goes over a line that counts, whatever the kills ask for
 */
export async function newKillPlace(
  {variant, kills}: Try,
  site: Site,
  directory: string,
  source: string,
  measured = false,
): Promise<KillPlace> {
  users += 1;
  const user = `user${users}`;
  const overGate = measured || kills.some(kill => !('point' in kill) || kill.late === true);
  const gate = overGate ? await startByteGate(site.port(variant)) : undefined;
  const own = join(directory, user);
  mkdirSync(own);
  const row = site.row(variant, user, {...(gate === undefined ? {} : {port: gate.imapPort}), source});
  const csv = join(own, 'users.csv');
  writeFileSync(csv, csvText([row]));
  const reports = join(own, 'reports');
  const args = [...runOf(csv), '--state', join(directory, 'state'), '--reports', reports];
  return {
    user,
    row,
    reports,
    gate,
    async run(program, kill) {
      if (kill?.late === true) gate?.holdAppends();
      const run =
        kill === undefined
          ? await program.run(args, own)
          : 'point' in kill
            ? await program.run(args, own, kill)
            : await program.run(args, own, undefined, end =>
                gate?.shutAfter('bytes' in kill ? kill.bytes : kill, end),
              );
      gate?.open();
      return run;
    },
    async close() {
      await gate?.close();
      site.forget(variant, user);
    },
  };
}

export const runOf = (csv: string) => ['run', csv, '--yes', '--output', 'jsonl', '--connections', '3'];
