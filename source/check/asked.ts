// What of a folder a request asks for: all that is in it, or what lies within its dates. Pure.
import type {InspectedFolder} from '../engine/inspection.ts';
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
