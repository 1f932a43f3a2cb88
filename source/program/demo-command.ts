// The demo without a terminal: the same migration, told in lines.
import {startDemo} from '../demo/demo.ts';
import type {LineOutput} from './face.ts';
import {runLines} from './run-command.ts';
import type {RunParts} from './start-run.ts';

export async function runDemoLines(output: LineOutput, parts: RunParts): Promise<number> {
  const demo = await startDemo({now: parts.system.now});
  try {
    const loaded = {requests: demo.requests, from: 'demo', advice: [], notes: []};
    return await runLines(loaded, output, demoParts(parts));
  } finally {
    await demo.stop();
  }
}

const demoMailboxes = 6;

/** The demo keeps nothing and tells nobody: its ledger and its place in the list of runs are its own, no yes is needed. */
export function demoParts(parts: RunParts): RunParts {
  const {notify: _, ...options} = parts.options;
  return {
    ...parts,
    // All at once, so that the totals, and with them the time left, are soon known.
    options: {...options, dryRun: false, yes: true, mailboxes: demoMailboxes},
    places: {...parts.places, runs: false, ledger: () => ':memory:'},
    history: {...parts.history, take: () => true, write: () => undefined},
  };
}
