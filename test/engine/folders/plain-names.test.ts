import fc from 'fast-check';
import {expect, test, vi} from 'vitest';
import {mapFolders} from '../../../source/engine/folders/map.ts';
import {plainLevel} from '../../../source/engine/folders/name.ts';
import {PlainNames} from '../../../source/engine/folders/plain-names.ts';

const destination = {delimiter: '/', foldsCase: false, base: 1};
const below = (...paths: readonly string[]) => paths.map(path => ['D', ...path.split('/')]);
const namesOf = (
  paths: readonly (readonly string[])[],
  levels: readonly string[],
  standing: readonly (readonly string[])[] = [],
) => new PlainNames(paths, standing, destination).of(levels).map(each => each.levels.slice(1).join('/'));

test('letters and digits of any script stay, and what most names have between them', () => {
  for (const name of ['Été-2019_v1.2 x', 'कार्य', '受信 ٣', 'e\u0301'])
    expect(plainLevel(name, '/')).toBe(name);
  expect(plainLevel('!"%&;<>\\`{|}()*?[]^#$\',:=@+~', '/')).toBe('_'.repeat(28));
  expect(plainLevel('a|b🙂', '_')).toBe('a-b-');
});

test('a folder is changed first in its own name, then in that of the one above it too', () => {
  const paths = below('a, b/c|d/e', 'a, b/c|d/f;g');
  expect(namesOf(paths, paths[0] ?? [])).toEqual(['a, b/c_d/e', 'a_ b/c_d/e']);
  expect(namesOf(paths, paths[1] ?? [])).toEqual(['a, b/c|d/f_g', 'a, b/c_d/f_g', 'a_ b/c_d/f_g']);
  // The destination folder is not ours to rename.
  expect(namesOf([['D (old)', 'x']], ['D (old)', 'x'])).toEqual([]);
});

test('what is changed is told as far as it is', () => {
  const levels = ['D', 'a|b', 'c'];
  expect(new PlainNames([levels], [], destination).of(levels)).toEqual([
    {levels: ['D', 'a_b', 'c'], from: 'a|b', to: 'a_b'},
  ]);
});

test('of two that would meet each has a number of its own, and keeps it when the other has gone', () => {
  const paths = below('a|b', 'a;b', 'a_b', 'A|b');
  const [one = '', other = ''] = [paths[0], paths[1]].flatMap(path => namesOf(paths, path ?? []));
  expect([one, other].every(name => /^a_b \d{3}$/.test(name)) && one !== other).toBe(true);
  expect(namesOf(below('a|b'), ['D', 'a|b'], below(one))).toEqual([one]);
  expect(namesOf(below('a|b'), ['D', 'a|b'])).toEqual(['a_b']);
  // Nobody has asked the server whether it keeps names apart that come up only now.
  for (const foldsCase of [false, true]) {
    const other = new PlainNames(paths, [], {...destination, foldsCase}).of(['D', 'A|b']);
    expect(other.map(({levels}) => levels[1])).toEqual([expect.stringMatching(/^A_b \d{3}$/)]);
  }
});

const level = fc.string({
  unit: fc.constantFrom('a', 'A', '|', ';', '_', ' ', '%', '.'),
  minLength: 1,
  maxLength: 3,
});
const tree = fc.uniqueArray(fc.array(level, {minLength: 1, maxLength: 3}), {
  selector: path => JSON.stringify(path),
  maxLength: 8,
});

test.each([false, true])(
  'no two folders have a place in common, whichever they get (case folded: %s)',
  folded => {
    fc.assert(
      fc.property(tree, paths => {
        const mapped = mapFolders(
          paths.map(path => ({path, flags: []})),
          {delimiter: '/', prefix: '', provider: 'imap', folder: 'D', existing: [], foldsCase: folded},
        );
        const places = mapped.map(each => each.destination);
        const names = new PlainNames(places, [], {...destination, foldsCase: folded});
        const all = places.map(levels => {
          const its = [levels, ...names.of(levels).map(each => each.levels)].map(each => each.join('/'));
          // Places of their own may differ in case alone where the server keeps them apart; plainer ones never do.
          const [own = '', ...plainer] = its;
          return new Set([folded ? own.toLowerCase() : own, ...plainer.map(each => each.toLowerCase())]);
        });
        const together = all.flatMap(its => [...its]);
        expect(new Set(together).size).toBe(together.length);
      }),
      {numRuns: 500},
    );
  },
);

test('the names of ten thousand folders side by side are found without looking at all of them for each', () => {
  const paths = Array.from({length: 10_000}, (_, number) => ['D', `Smith, ${number}`]);
  const names = new PlainNames(paths, [], destination);
  const level = vi.spyOn(String.prototype, 'normalize');
  const places = paths.map(path => names.of(path).map(({levels}) => levels[1]));
  expect(places[9999]).toEqual(['Smith_ 9999']);
  // A few for each; ten thousand for each would be a hundred million.
  expect(level.mock.calls.length).toBeLessThan(paths.length * 40);
  vi.restoreAllMocks();
});
