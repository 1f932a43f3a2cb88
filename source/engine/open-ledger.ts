// Opens the ledger of a request. One that cannot be used is set aside with a word: losing it costs time, never mail.

import {nameHolder} from './ledger/holder.ts';
import {Ledger, LedgerError} from './ledger/ledger.ts';
import type {UnusableCode} from './ledger/ledger-error.ts';
import {setAside} from './ledger/set-aside.ts';
import type {EnginePorts, EngineSettings, StopSignals} from './ports.ts';
import {type Problem, problem} from './problems/problems.ts';

/** Times the ledger is asked for before another mailferry is believed to work with it, and ms between, at most. */
const openAttempts = 6;
const longestOpenPause = 50;

const names: Readonly<Record<UnusableCode, string>> = {
  'ledger-damaged': 'damaged',
  'ledger-other-pair': 'other-pair',
  'ledger-older': 'older',
};

/**
 * A dry run writes nothing: it uses the ledger there is, and none where there is none yet. Two programs that open a
 * ledger at the same instant can each hold what the other wants; both have let go then, and ask again after a
 * moment left to chance, so that one of them gets it.
 * @param tell what became of a ledger that could not be used
 * @throws LedgerError locked or newer, or the error of the file system
 */
export async function openLedger(
  path: string,
  pair: string,
  context: {readonly settings: EngineSettings; readonly ports: EnginePorts; readonly stop: StopSignals},
  tell: (problem: Problem) => void,
): Promise<Ledger> {
  const {settings, ports, stop} = context;
  for (let attempt = 1; ; attempt++)
    try {
      if (settings.dryRun) return Ledger.copy(path, pair);
      const ledger = Ledger.open(path, pair, ports.passed);
      nameHolder(path, {run: settings.run, pid: settings.pid ?? 0, since: ports.now()});
      ports.passed?.('ledger-opened');
      return ledger;
    } catch (error) {
      if (!(error instanceof LedgerError) || attempt === openAttempts) throw error;
      const {code} = error;
      if (code === 'ledger-newer') throw error;
      if (code === 'ledger-locked') await ports.sleep(ports.random() * longestOpenPause, stop.finish);
      else {
        const kept = settings.dryRun ? undefined : setAside(path, names[code]);
        const about = {path, why: code, ...(kept === undefined ? {} : {kept})};
        tell(problem('ledger-set-aside', about, {detail: error.message}));
        if (settings.dryRun) return Ledger.open(':memory:', pair);
      }
    }
}
