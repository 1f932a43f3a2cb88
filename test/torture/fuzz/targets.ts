// Every parser of ours.
import type {Target} from './target.ts';
import {askedTargets} from './targets/asked.ts';
import {ledgerTargets} from './targets/ledger.ts';
import {liveTargets} from './targets/live.ts';
import {mailTargets} from './targets/mail.ts';
import {shownTargets} from './targets/shown.ts';
import {signingTargets} from './targets/signing.ts';
import {storedTargets} from './targets/stored.ts';
import {wireTargets} from './targets/wire.ts';

export const targets: readonly Target[] = [
  ...wireTargets,
  ...mailTargets,
  ...askedTargets,
  ...storedTargets,
  ...ledgerTargets,
  ...liveTargets,
  ...shownTargets,
  ...signingTargets,
];
