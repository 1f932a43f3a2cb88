// The folder of a run's report is made by one run alone: two that begin in the same minute would else write into one.
import {mkdirSync, rmdirSync} from 'node:fs';
import {dirname} from 'node:path';
import {makeFolder} from '../files/make-folder.ts';
import {ReportError} from './report-error.ts';

/**
 * Makes the folder, and those above it that are missing, for this user.
 * @returns false where something of that name is there already
 * @throws ReportError where it cannot be made
 */
export function takeReportFolder(folder: string): boolean {
  try {
    makeFolder(dirname(folder));
  } catch (error) {
    throw new ReportError(folder, error);
  }
  try {
    mkdirSync(folder, {mode: 0o700});
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new ReportError(folder, error);
  }
}

/** Of a run that did not begin: nothing is left of it, unless somebody has put something there. */
export function leaveReportFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // An empty folder harms nobody, and what is in it is not ours.
  }
}
