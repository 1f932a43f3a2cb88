// What of a mailbox a request asks for: all that is in its folders, or what lies within its dates. Counted once, for
// every face of the check. Pure.
import type {InspectedFolder} from '../engine/look/inspection.ts';
import {formatBytes} from '../format/bytes.ts';
import {countOf} from '../format/count.ts';
import type {Request} from '../request/schema.ts';

/** Behind a number of messages where not all of a folder is asked for. */
export const withinDates = 'within the dates';

type Dates = Pick<Request, 'since' | 'before'>;

export function isDated({since, before}: Dates): boolean {
  return since !== undefined || before !== undefined;
}

/** Undefined where it was not counted by date: the folder was not looked into, or its server does not search it. */
export function askedOf(
  folder: InspectedFolder,
  request: Dates,
): {readonly messages: number; readonly bytes?: number} | undefined {
  return isDated(request) ? folder.inDates : folder;
}

/** A sum, and what is missing from it. */
export type Sum = {
  readonly messages: number;
  readonly bytes: number;
  /** Folders that were not counted by date: their mail is in neither number. */
  readonly uncounted?: number;
  /** Folders whose size no server told: their mail is in `messages`, not in `bytes`. */
  readonly unsized?: number;
};

export type Total = Sum & {
  /** That are chosen, the uncounted and the unsized too. */
  readonly folders: number;
};

/** What is to be copied, without regard to what is already there. No object for each folder: there may be 100,000. */
export function totalOf(
  folders: readonly InspectedFolder[],
  isChosen: (folder: InspectedFolder) => boolean,
  request: Dates,
): Total {
  let [chosen, messages, bytes, uncounted, unsized] = [0, 0, 0, 0, 0];
  for (const folder of folders) {
    if (!isChosen(folder)) continue;
    chosen++;
    const asked = askedOf(folder, request);
    messages += asked?.messages ?? 0;
    bytes += asked?.bytes ?? 0;
    if (asked === undefined) uncounted++;
    else if (asked.bytes === undefined && asked.messages > 0) unsized++;
  }
  return {folders: chosen, ...sumOf(messages, bytes, uncounted, unsized)};
}

/** Those of several mailboxes. */
export function addedUp(sums: readonly Sum[]): Sum {
  const all = (number: (sum: Sum) => number | undefined) =>
    sums.reduce((before, sum) => before + (number(sum) ?? 0), 0);
  return sumOf(
    all(sum => sum.messages),
    all(sum => sum.bytes),
    all(sum => sum.uncounted),
    all(sum => sum.unsized),
  );
}

function sumOf(messages: number, bytes: number, uncounted: number, unsized: number): Sum {
  return {
    messages,
    bytes,
    ...(uncounted === 0 ? {} : {uncounted}),
    ...(unsized === 0 ? {} : {unsized}),
  };
}

/** '3 messages', or 'at least 3 messages'. */
export function mailWords({messages, uncounted}: Sum): string {
  return `${uncounted === undefined ? '' : 'at least '}${countOf(messages, 'message')}`;
}

/** Behind it: ', 20 GB', or ', at least 20 GB'; '' where no size is known. */
export function sizeWords({bytes, unsized}: Sum): string {
  if (unsized === undefined) return `, ${formatBytes(bytes)}`;
  return bytes === 0 ? '' : `, at least ${formatBytes(bytes)}`;
}
