// The state of a mailbox, a folder or a message in a glyph, a word and a role. The word alone says it all.

import {formatCount} from '../format/count.ts';
import {formatCountdown} from '../format/duration.ts';
import {hasFailed} from '../progress/select.ts';
import type {FolderSnapshot, RequestSnapshot, Wait} from '../progress/snapshot.ts';
import {foreign} from '../ui/cells.ts';
import {type Role, symbols} from '../ui/theme.ts';

export type Word = {readonly glyph: string; readonly word: string; readonly role: Role};

/** What is true of the whole run and colours every mailbox. */
export type RunMood = {readonly now: number; readonly paused: boolean; readonly dryRun: boolean};

/** The wait that ends last, where one is still running. */
export function longestWait(waits: readonly Wait[], now: number): Wait | undefined {
  return waits
    .filter(wait => wait.until > now)
    .reduce<Wait | undefined>(
      (longest, wait) => (longest && longest.until >= wait.until ? longest : wait),
      undefined,
    );
}

/** 'waits 3:41', '✓ processed', '✗ IMAP is switched off …'. The reason may be long; the caller cuts it. */
export function requestWord(request: RequestSnapshot, mood: RunMood): Word {
  if (request.stopping !== undefined) return {glyph: symbols.dash, word: 'stopping', role: 'warn'};
  if (request.paused === true) return {glyph: symbols.dash, word: 'paused', role: 'warn'};
  switch (request.state) {
    case 'Pending':
      if (request.first === true) return {glyph: symbols.arrow, word: 'next', role: 'accent'};
      return {glyph: symbols.circle, word: 'pending', role: 'dim'};
    case 'Verifying':
      return waiting(request, mood) ?? {glyph: symbols.circle, word: 'verifying', role: 'plain'};
    case 'Submitted':
      return {glyph: symbols.circle, word: 'submitted', role: 'plain'};
    case 'Invalid':
      return {glyph: symbols.cross, word: reason('invalid', request), role: 'fail'};
    case 'Failed':
      return {glyph: symbols.cross, word: reason('failed', request), role: 'fail'};
    case 'Stopped':
      return {glyph: symbols.dash, word: 'stopped', role: 'warn'};
    case 'Processed': {
      const {failed, skipped} = request.counts;
      if (failed > 0) return {glyph: symbols.warning, word: `${formatCount(failed)} failed`, role: 'warn'};
      if (skipped > 0) return {glyph: symbols.warning, word: `${formatCount(skipped)} skipped`, role: 'warn'};
      if (mood.dryRun)
        return {glyph: symbols.tick, word: `${formatCount(request.counts.copied)} to copy`, role: 'ok'};
      return {glyph: symbols.tick, word: 'processed', role: 'ok'};
    }
    case 'Processing':
      return processing(request, mood);
  }
}

/** What the header counts as waiting is to be found in the rows, whether it signs in or copies. */
function waiting(request: RequestSnapshot, {now}: RunMood): Word | undefined {
  const wait = longestWait(request.waits, now);
  if (wait === undefined) return undefined;
  return {glyph: symbols.warning, word: `waits ${formatCountdown(wait.until - now)}`, role: 'warn'};
}

function processing(request: RequestSnapshot, mood: RunMood): Word {
  const wait = waiting(request, mood);
  if (wait) return wait;
  if (mood.paused) return {glyph: symbols.dash, word: 'paused', role: 'warn'};
  return {glyph: symbols.bullet, word: activity(request, mood), role: 'accent'};
}

function activity(request: RequestSnapshot, mood: RunMood): string {
  if (request.foldersSelected > 0 && request.foldersDone === request.foldersSelected) return 'finishing';
  const copying = request.counted || request.folders.some(folder => folder.state === 'copying');
  if (!copying) return 'counting';
  return mood.dryRun ? 'comparing' : 'copying';
}

function reason(word: string, request: RequestSnapshot): string {
  return request.problem === undefined ? word : foreign(request.problem.sentence);
}

export function folderWord(folder: FolderSnapshot): Word {
  if (!folder.selected) {
    return {glyph: symbols.dash, word: 'left out', role: 'dim'};
  }
  switch (folder.state) {
    case 'waiting':
      return {glyph: symbols.circle, word: 'pending', role: 'dim'};
    case 'listing':
      return {glyph: symbols.bullet, word: 'counting', role: 'accent'};
    case 'copying':
      return {glyph: symbols.bullet, word: 'copying', role: 'accent'};
    case 'failed':
      return {glyph: symbols.cross, word: 'failed', role: 'fail'};
    case 'stopped':
      return {glyph: symbols.dash, word: 'stopped', role: 'warn'};
    case 'done': {
      const {failed, skipped} = folder.counts;
      if (failed > 0) return {glyph: symbols.warning, word: `${formatCount(failed)} failed`, role: 'warn'};
      if (skipped > 0) return {glyph: symbols.warning, word: `${formatCount(skipped)} skipped`, role: 'warn'};
      return {glyph: symbols.tick, word: 'done', role: 'ok'};
    }
  }
}

/** True where something of it is not at the destination and will not be by itself. */
export function requestHasFailures(request: RequestSnapshot): boolean {
  return hasFailed(request) || request.counts.skipped > 0;
}

export function folderHasFailures(folder: FolderSnapshot): boolean {
  return folder.state === 'failed' || folder.counts.failed + folder.counts.skipped > 0;
}

/** '812', '9.9k', '120k', '1.2M': at most five cells. */
export function briefCount(count: number): string {
  if (count < 1000) return String(Math.max(0, Math.trunc(count)));
  const [value, unit] = count < 999_500 ? [count / 1000, 'k'] : [count / 1e6, 'M'];
  return `${value < 10 ? (Math.floor(value * 10) / 10).toFixed(1).replace(/\.0$/, '') : Math.floor(value)}${unit}`;
}
