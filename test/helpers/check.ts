// What a check of one mailbox is given in tests: it opens no ledger, and no pause takes time.
import type {EnginePorts, EngineSettings} from '../../source/engine/ports.ts';
import {limits} from './engine.ts';

export const settings: EngineSettings = {
  run: 'check',
  version: '0',
  dryRun: false,
  ca: [],
  limits,
  ledgerFile: () => {
    throw new Error('A check opens no ledger');
  },
};
export const ports: EnginePorts = {
  now: Date.now,
  elapsed: () => Math.round(performance.now()),
  random: () => 0.5,
  sleep: async () => undefined,
  takeRows: async () => undefined,
  restartRows: async () => undefined,
};
