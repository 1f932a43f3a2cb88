// What the work on one mailbox pair shares.

import type {Emit} from '../events.ts';
import type {Ledger} from '../ledger/ledger.ts';
import type {Gate} from '../link/gate.ts';
import type {Servers} from '../link/servers.ts';
import type {EnginePorts, EngineSettings, Job, StopSignals} from '../ports.ts';
import type {BatchSize} from './batches.ts';
import type {Budget} from './budget.ts';
import type {FolderWork} from './folder-work.ts';
import type {Meter} from './lanes.ts';
import type {Window} from './window.ts';

export type MailboxContext = {
  readonly job: Job;
  /** When, by `elapsed`: whatever earlier runs sent was sent before. */
  readonly began: number;
  readonly ports: EnginePorts;
  readonly settings: EngineSettings;
  readonly stop: StopSignals;
  readonly budget: Budget;
  readonly gate: Gate;
  readonly ledger: Ledger;
  readonly batchSize: BatchSize;
  readonly windows: {readonly source: Window; readonly target: Window};
  readonly servers: Servers;
  /** It was tried before in this run: some of what is there now is what this run has copied. */
  readonly again: boolean;
  /** What this mailbox has carried. */
  readonly meter: Meter;
  readonly emit: Emit;
  /** Told of a folder when all its mail has moved. */
  readonly moved?: (work: FolderWork) => void;
};
