// What changed between two snapshots, as plain data that JSON can carry, and back. Snapshots share what has not
// changed, so that finding the changes costs as much as there are of them. Pure.

export type Patch =
  /** Takes the place of what was there. */
  | {readonly v: unknown}
  /** An object: changed keys, and keys that are gone. */
  | {readonly o: Readonly<Record<string, Patch>>; readonly d?: readonly string[]}
  /** A list of this length; changed places. */
  | {readonly a: number; readonly i: Readonly<Record<string, Patch>>};

/** Undefined where nothing changed. A key whose value is undefined counts as absent. */
export function patchOf(before: unknown, after: unknown): Patch | undefined {
  if (Object.is(before, after)) return undefined;
  if (Array.isArray(before) && Array.isArray(after)) return listPatch(before, after);
  if (isObject(before) && isObject(after)) return objectPatch(before, after);
  return {v: after};
}

function listPatch(before: readonly unknown[], after: readonly unknown[]): Patch | undefined {
  const changes: Record<string, Patch> = {};
  let changed = before.length !== after.length;
  for (const [index, value] of after.entries()) {
    const patch: Patch | undefined = index < before.length ? patchOf(before[index], value) : {v: value};
    if (patch === undefined) continue;
    changes[index] = patch;
    changed = true;
  }
  return changed ? {a: after.length, i: changes} : undefined;
}

function objectPatch(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Patch | undefined {
  const changes: [string, Patch][] = [];
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined) continue;
    const old = own(before, key);
    const patch: Patch | undefined = old === undefined ? {v: value} : patchOf(old, value);
    if (patch !== undefined) changes.push([key, patch]);
  }
  const gone = Object.keys(before).filter(key => before[key] !== undefined && own(after, key) === undefined);
  if (changes.length === 0 && gone.length === 0) return undefined;
  return {o: Object.fromEntries(changes), ...(gone.length === 0 ? {} : {d: gone})};
}

/** What it is now; what has not changed is shared with `before`. @throws TypeError where the patch is of something else */
export function applyPatch(before: unknown, patch: Patch): unknown {
  if ('v' in patch) return patch.v;
  if ('a' in patch) {
    if (!Array.isArray(before)) throw new TypeError('The patch is of a list');
    const list: unknown[] = before.slice(0, patch.a);
    for (const [index, part] of Object.entries(patch.i))
      list[Number(index)] = applyPatch(list[Number(index)], part);
    return list;
  }
  if (!isObject(before)) throw new TypeError('The patch is of an object');
  const parts = new Map(Object.entries(before));
  for (const key of patch.d ?? []) parts.delete(key);
  for (const [key, part] of Object.entries(patch.o)) parts.set(key, applyPatch(parts.get(key), part));
  return Object.fromEntries(parts);
}

/** Not what every object has: a name that came from a server may be `__proto__`. */
function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
