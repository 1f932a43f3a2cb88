// Whether mailferry is new here: then the start points to the demo.
import {readdirSync} from 'node:fs';
import type {History} from './history.ts';

/** Of a demo only its report is kept: '2026-11-23-0712-demo', the second in a minute '…-demo-2'. */
const demoReport = /^\d{4}-\d\d-\d\d-\d{4}-demo(?:-\d+)?$/;

/** @param reports the folder of all reports; it may be missing */
export function isFirstTime(history: Pick<History, 'list'>, reports: string): boolean {
  return history.list().length === 0 && !namesIn(reports).some(name => demoReport.test(name));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
