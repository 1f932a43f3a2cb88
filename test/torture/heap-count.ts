// What is on the heap, by class: so that a leak has a name. A snapshot is written to a file, and read by a process of its
// own: reading one takes more memory than what is measured.
//   node heap-count.ts SNAPSHOT    prints {"Socket": 3, ...}
import {execFile} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {promisify} from 'node:util';
import {writeHeapSnapshot} from 'node:v8';

/** Objects by the name of their class. */
export type HeapCount = ReadonlyMap<string, number>;

const program = fileURLToPath(import.meta.url);

/** Of this process; collects before. Stops the event loop for about a second. */
export async function countHeap(): Promise<HeapCount> {
  const folder = mkdtempSync(join(tmpdir(), 'mf-heap-'));
  try {
    const file = writeHeapSnapshot(join(folder, 'now.heapsnapshot'));
    const {stdout} = await promisify(execFile)(process.execPath, [program, file], {
      maxBuffer: 64 * 1024 * 1024,
    });
    return new Map(Object.entries(JSON.parse(stdout) as Record<string, number>));
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

/** The part of a snapshot that is read here, as V8 writes it. */
export type HeapSnapshot = {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
    };
  };
  readonly nodes: readonly number[];
  readonly strings: readonly string[];
};

/** Pure. */
export function classesOf({snapshot, nodes, strings}: HeapSnapshot): HeapCount {
  const {node_fields: fields, node_types: types} = snapshot.meta;
  const [type, name] = [fields.indexOf('type'), fields.indexOf('name')];
  const wanted = new Set(['object', 'closure'].map(each => types[0].indexOf(each)));
  const closure = types[0].indexOf('closure');
  const counts = new Map<string, number>();
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = nodes[at + type] ?? -1;
    if (!wanted.has(kind)) continue;
    const called = strings[nodes[at + name] ?? 0] ?? '';
    const key = kind === closure ? `function ${called}` : called;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

export type Growth = {readonly name: string; readonly before: number; readonly after: number};

/** Fewer are no leak: caches fill, and some of what is gone waits for the next collection. */
const fewest = 100;

/**
 * Classes with so many more objects that something is left of half of the rounds or more, the most first. Pure.
 * @param rounds between the two counts
 */
export function grown(before: HeapCount, after: HeapCount, rounds: number): Growth[] {
  return [...after]
    .map(([name, count]) => ({name, before: before.get(name) ?? 0, after: count}))
    .filter(each => each.after - each.before >= Math.max(fewest, rounds / 2))
    .sort((one, other) => other.after - other.before - (one.after - one.before));
}

if (process.argv[1] === program) {
  const snapshot = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as HeapSnapshot;
  process.stdout.write(JSON.stringify(Object.fromEntries(classesOf(snapshot))));
}
