// What many mailboxes together tell and one alone does not: Exchange refuses a token without a reason, but where the
// same app opens other mailboxes it is registered there, and where it opens none it most likely is not. Pure.
import type {Request} from '../../request/schema.ts';
import type {End} from '../events.ts';
import {appOf} from '../link/sign-in-guard.ts';
import type {Problem} from '../problems/problems.ts';
import {problem} from '../problems/problems.ts';
import type {Inspection} from './inspection.ts';

export type Inspected = {readonly what: Request; readonly inspection: Inspection};

const ends = ['source', 'destination'] as const;

/** The same inspections in the same order, with causes that the others prove or rule out. */
export function diagnose<T extends Inspected>(all: readonly T[]): T[] {
  const apps = new Map<string, {refused: number; opened: boolean}>();
  for (const each of all)
    for (const end of ends) {
      if (!isApp(each, end)) continue;
      const key = keyOf(each, end);
      const app = apps.get(key) ?? {refused: 0, opened: false};
      apps.set(key, app);
      const failed = each.inspection.failed?.[end];
      if (isUnexplained(failed?.problem)) app.refused++;
      if (failed?.accepted === true || each.inspection[end] !== undefined) app.opened = true;
    }
  return all.map(each => {
    let {inspection} = each;
    for (const end of ends) {
      const failed = inspection.failed?.[end];
      const app = apps.get(keyOf(each, end));
      if (failed === undefined || !isUnexplained(failed.problem) || app === undefined) continue;
      const {login, app: id, objectId} = failed;
      const {server, port} = each.what[end];
      const base = {end, server: `${server}:${port}`, login};
      const more = failed.problem.detail === undefined ? {} : {detail: failed.problem.detail};
      const ids = {...(id === undefined ? {} : {app: id}), ...(objectId === undefined ? {} : {objectId})};
      let why: Problem | undefined;
      if (app.opened) why = problem('imap-off-or-address', base, more);
      else if (app.refused > 1)
        why = problem('app-not-in-exchange', {...base, ...ids, refused: app.refused}, more);
      if (why !== undefined) inspection = withProblem(inspection, end, failed.problem, why);
    }
    return inspection === each.inspection ? each : {...each, inspection};
  });
}

function isUnexplained(problem: Problem | undefined): boolean {
  return problem?.code === 'microsoft-token-refused';
}

function isApp({what}: Inspected, end: End): boolean {
  return what[end].auth === 'oauth-app';
}

function keyOf({what}: Inspected, end: End): string {
  const {server, port} = what[end];
  return JSON.stringify([server.toLowerCase(), port, appOf(what[end])]);
}

function withProblem(inspection: Inspection, end: End, before: Problem, after: Problem): Inspection {
  const failed = inspection.failed?.[end];
  return {
    ...inspection,
    problems: inspection.problems.map(each => (each === before ? after : each)),
    ...(failed === undefined ? {} : {failed: {...inspection.failed, [end]: {...failed, problem: after}}}),
  };
}
