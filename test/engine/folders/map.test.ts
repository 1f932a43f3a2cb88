import fc from 'fast-check';
import {expect, test} from 'vitest';
import type {Destination, MappedFolder, NamedFolder} from '../../../source/engine/folders/map.ts';
import {mapFolders} from '../../../source/engine/folders/map.ts';
import {encodedLength, repairLevel} from '../../../source/engine/folders/name.ts';

const slash: Destination = {
  delimiter: '/',
  prefix: '',
  provider: 'imap',
  folder: 'Data17012018',
  existing: [],
};
const dot: Destination = {...slash, delimiter: '.'};
const top: Destination = {...slash, folder: ''};

const folder = (path: string[], ...flags: string[]): NamedFolder => ({path, flags});
const paths = (sources: readonly string[][], destination: Destination) =>
  mapFolders(
    sources.map(path => folder(path)),
    destination,
  ).map(each => each.path);
const gaveWay = /^Data17012018\/[^/]+ \(\d{3}\)$/;
/** What is at a destination that these went to. */
const standing = (mapped: readonly MappedFolder[]) => mapped.map(each => folder([...each.destination]));
const placesOf = (mapped: readonly MappedFolder[]) => mapped.map(({path}) => ({path}));
const codes = (source: string[], destination: Destination) =>
  mapFolders([folder(source)], destination)[0]?.notes.map(note => note.code);

test('the source tree is kept below the destination folder', () => {
  expect(paths([['INBOX'], ['INBOX', 'Été'], ['Sent Items']], slash)).toEqual([
    'Data17012018/INBOX',
    'Data17012018/INBOX/Été',
    'Data17012018/Sent Items',
  ]);
  expect(paths([['Inbox'], ['INBOX', 'a']], slash)).toEqual(['Data17012018/INBOX', 'Data17012018/INBOX/a']);
});

test('a namespace prefix is added once, also where it was typed', () => {
  const courier = {...dot, prefix: 'INBOX.'};
  for (const typed of ['Data', 'INBOX.Data', 'inbox.Data', 'INBOX/Data'])
    expect(paths([['INBOX'], ['Work', 'x']], {...courier, folder: typed})).toEqual([
      'INBOX.Data.INBOX',
      'INBOX.Data.Work.x',
    ]);
});

test('the destination folder may have levels of its own', () => {
  expect(paths([['A']], {...dot, folder: 'Old mail/2018'})).toEqual(['Old mail.2018.A']);
});

test.each<[string, string, Destination, string, string[]]>([
  ['separator', 'v1.2', dot, 'v1_2', ['name-separator']],
  ['separator that is the substitute', 'a_b', {...slash, delimiter: '_'}, 'a-b', ['name-separator']],
  ['slash at a slash server', 'AC/DC', slash, 'AC_DC', ['name-separator']],
  ['slash behind another separator', 'AC/DC', dot, 'AC_DC', ['name-character']],
  ['wildcards', '100% *', slash, '100_ _', ['name-character']],
  ['control characters', 'a\tb\x1b', slash, 'a_b_', ['name-character']],
  ['blanks around', '  a b ', slash, 'a b', ['name-character']],
  ['only blanks', ' ', slash, '_', ['name-character']],
  ['home', '~john', slash, '_john', ['name-character']],
  ['namespace', '#news', slash, '_news', ['name-character']],
  ['up', '..', slash, '__', ['name-character']],
  ['lone surrogate', 'a\ud800', slash, 'a\ufffd', ['name-character']],
  ['ampersand, quotes, backslash, emoji are fine', 'R&D "x" \\ 😀', slash, 'R&D "x" \\ 😀', []],
  ['literal names', ' ~100%', {...slash, literalNames: true}, ' ~100%', []],
])('%s', (_what, level, destination, expected, notes) => {
  expect(paths([[level]], destination)).toEqual([`Data17012018${destination.delimiter}${expected}`]);
  expect(codes([level], destination)).toEqual(notes);
});

test('a note says what became of the name', () => {
  const [mapped] = mapFolders([folder(['v1.2'])], dot);
  expect(mapped?.notes[0]?.sentence).toBe(
    '"v1.2" becomes "v1_2": the destination uses "." to separate folders.',
  );
});

test('a level above that is in no list passes its note on', () => {
  expect(codes(['v1.2', 'x'], dot)).toEqual(['name-separator']);
  const both = mapFolders([folder(['v1.2']), folder(['v1.2', 'x'])], dot);
  expect(both.map(each => each.notes.length)).toEqual([1, 0]);
});

test('two names that become one stay two; the one without repair keeps its name', () => {
  expect(paths([['a/b'], ['a*b'], ['a_b'], ['a/b', 'x']], slash)).toEqual([
    'Data17012018/a_b (346)',
    'Data17012018/a_b (609)',
    'Data17012018/a_b',
    'Data17012018/a_b (346)/x',
  ]);
});

test('thousands of names that become one are still told apart', () => {
  const sources = Array.from({length: 3 ** 8}, (_, i) => [
    i
      .toString(3)
      .padStart(8, '0')
      .replace(/./g, digit => '%*/'.charAt(Number(digit))),
  ]);
  const mapped = paths(sources, slash);
  expect(new Set(mapped).size).toBe(3 ** 8);
  for (const path of mapped) expect(path).toMatch(/^Data17012018\/_{8}( \(\d{3,9}\))?$/);
});

test('case decides only where the destination tells it apart', () => {
  const sources = [['Work'], ['WORK'], ['work', 'x']];
  expect(paths(sources, slash)).toEqual(['Work', 'WORK', 'work/x'].map(each => `Data17012018/${each}`));
  expect(paths(sources, {...slash, foldsCase: true})).toEqual(
    ['Work (463)', 'WORK', 'work (659)/x'].map(each => `Data17012018/${each}`),
  );
});

test('very long names are cut and stay apart', () => {
  const long = (end: string) => ['ü'.repeat(200) + end];
  const mapped = paths([long('a'), long('b')], slash);
  expect(new Set(mapped).size).toBe(2);
  for (const path of mapped) expect(encodedLength(path.split('/')[1] ?? '')).toBeLessThanOrEqual(255);
  expect(paths([long('a')], slash)).toEqual([mapped[0]]);
  expect(codes(long('a'), slash)).toEqual(['name-too-long']);
});

test('Maildir++ bounds the whole path', () => {
  const deep = Array.from({length: 5}, (_, i) => `${i}${'x'.repeat(60)}`);
  const [path] = paths([deep], dot);
  expect(encodedLength(path ?? '')).toBeLessThanOrEqual(255);
});

test('at the top: INBOX to INBOX, the own folders to the own folders, others by name', () => {
  const sources = [
    folder(['INBOX']),
    folder(['Entwürfe'], '\\Drafts'),
    folder(['Gesendete Elemente'], '\\Sent'),
    folder(['Gesendete Elemente', '2019']),
    folder(['Archiv']),
    folder(['Sent']),
    folder(['Projekte']),
  ];
  const existing = [folder(['Drafts'], '\\Drafts'), folder(['Sent'], '\\Sent'), folder(['Archive'])];
  expect(mapFolders(sources, {...top, existing}).map(each => each.path)).toEqual([
    'INBOX',
    'Drafts',
    'Sent',
    'Sent/2019',
    'Archive',
    expect.stringMatching(/^Sent \(\d{3}\)$/),
    'Projekte',
  ]);
});

test('at the top, prefix to prefix: the source prefix goes, the destination prefix comes', () => {
  const sources = [['INBOX'], ['INBOX', 'Sent'], ['INBOX', 'Projects', 'a']];
  expect(paths(sources, {...top, sourcePrefix: ['INBOX']})).toEqual(['INBOX', 'Sent', 'Projects/a']);
  expect(
    paths([['INBOX'], ['Projects'], ['INBOX', 'x']], {...top, delimiter: '.', prefix: 'INBOX.'}),
  ).toEqual(['INBOX', 'INBOX.Projects', 'INBOX.x']);
});

test('remembered pairs keep their place when a name appears that would push them away', () => {
  const before = mapFolders([folder(['a*b']), folder(['a*b', 'x'])], slash);
  const known = before.map(each => ({source: each.folder.path, destination: each.destination}));
  const after = mapFolders([folder(['a_b']), ...before.map(each => each.folder)], {...slash, known});
  expect(after.map(each => each.path)).toEqual([
    expect.stringMatching(gaveWay),
    'Data17012018/a_b',
    'Data17012018/a_b/x',
  ]);
});

test.each<[string, string[], string[], Destination]>([
  ['composed and decomposed', ['Caf\u00e9'], ['Cafe\u0301'], slash],
  ['case', ['Work'], ['WORK'], {...slash, foldsCase: true}],
  ['repair', ['a*b'], ['a_b'], slash],
])(
  '%s: without the ledger a folder that gave way stays where it is when the other goes or comes',
  (_, one, two, destination) => {
    const both = [one, two].map(path => folder(path));
    const alone = [folder(one)];
    // They came together, and then the other one was deleted at the source.
    const together = mapFolders(both, destination);
    expect(together.map(each => each.path)).toEqual([
      expect.stringMatching(gaveWay),
      `Data17012018/${two.join('/')}`,
    ]);
    expect(mapFolders(alone, {...destination, existing: standing(together)})[0]?.path).toBe(
      together[0]?.path,
    );
    // It came first, and the other one later, while the ledger was there.
    const first = mapFolders(alone, destination);
    const known = first.map(each => ({source: each.folder.path, destination: each.destination}));
    const later = mapFolders(both, {...destination, known, existing: standing(first)});
    expect(later[1]?.path).toMatch(gaveWay);
    expect(mapFolders(both, {...destination, existing: standing(later)})).toMatchObject(placesOf(later));
  },
);

test('of two that a server may take for one, the one that has the name there keeps it, whoever is new', () => {
  for (const [old, fresh] of [
    ['Caf\u00e9', 'Cafe\u0301'],
    ['Cafe\u0301', 'Caf\u00e9'],
  ]) {
    const existing = [folder(['Data17012018', old ?? ''])];
    const [stays, gives] = paths([[old ?? ''], [fresh ?? '']], {...slash, existing});
    expect(stays).toBe(`Data17012018/${old}`);
    expect(gives).toMatch(gaveWay);
  }
});

test.each([slash, top])('an INBOX that gave way to another spelling of it stays where it is', destination => {
  const first = mapFolders([folder(['inbox'])], destination);
  const known = first.map(each => ({source: each.folder.path, destination: each.destination}));
  const both = [folder(['INBOX']), folder(['inbox'])];
  const later = mapFolders(both, {...destination, known, existing: standing(first)});
  expect(later.map(each => each.path)).toEqual([expect.stringMatching(/INBOX \(\d{3}\)$/), first[0]?.path]);
  expect(mapFolders(both, {...destination, existing: standing(later)})).toMatchObject(placesOf(later));
});

test("a folder whose own name looks like another's with its number keeps it", () => {
  const gave = mapFolders([folder(['a*b']), folder(['a_b'])], slash)[0];
  const literal = [...(gave?.destination ?? [])].slice(1);
  const sources = [['a*b'], literal];
  const existing = standing(
    mapFolders(
      sources.map(path => folder(path)),
      slash,
    ),
  );
  expect(paths(sources, {...slash, existing})).toEqual(['Data17012018/a_b', gave?.path]);
});

test('a folder that is remembered only by what is below it keeps its place too', () => {
  const before = mapFolders([folder(['a*b', 'x'])], slash);
  const known = before.map(each => ({source: each.folder.path, destination: each.destination}));
  const [fresh, below, beside] = paths([['a_b'], ['a*b', 'x'], ['a*b', 'y']], {...slash, known});
  expect([fresh, below, beside]).toEqual([
    expect.stringMatching(gaveWay),
    'Data17012018/a_b/x',
    'Data17012018/a_b/y',
  ]);
});

test('a server without hierarchy gets one name', () => {
  expect(mapFolders([folder(['A', 'b'])], {...slash, delimiter: ''})[0]).toMatchObject({
    destination: ['Data17012018_A_b'],
    path: 'Data17012018_A_b',
  });
});

const level = fc.oneof(
  fc.constantFrom(
    'INBOX',
    'inbox',
    'Sent',
    'a_b',
    'a/b',
    'a.b',
    'a*b',
    'A_B',
    ' a_b',
    '..',
    '.',
    '~',
    '',
    'é',
    'e\u0301',
  ),
  fc.string({
    unit: fc.constantFrom('a', 'A', '/', '.', '_', '%', ' ', '\t', 'é', '日', '\ud800', '&', '('),
    maxLength: 5,
  }),
  fc.string({unit: 'grapheme', minLength: 90, maxLength: 300}),
);
const mailbox = fc.uniqueArray(fc.array(level, {minLength: 1, maxLength: 4}), {
  selector: path => JSON.stringify(path),
  maxLength: 14,
});
const destinations = fc.record({
  delimiter: fc.constantFrom('/', '.', '_', ''),
  prefix: fc.constant(''),
  provider: fc.constantFrom('imap', 'o365'),
  foldsCase: fc.boolean(),
  folder: fc.constantFrom('', 'Data17012018'),
  existing: fc.constant([]),
});

test('whatever the names: no two folders in one place, legal, and the same whatever the order of LIST', () => {
  fc.assert(
    fc.property(mailbox, destinations, (sources, destination) => {
      const folders = sources.map(path => folder(path));
      const mapped = mapFolders(folders, destination);
      const fold = (path: string) =>
        destination.foldsCase ? path.normalize('NFC').toLowerCase() : path.normalize('NFC');
      // INBOX below itself in two spellings is one folder (RFC 9051 5.1).
      const distinct = new Set(
        sources.map(path =>
          JSON.stringify([
            /^inbox$/i.test(path[0] ?? '') && isOneInbox(sources) ? 'INBOX' : path[0],
            ...path.slice(1),
          ]),
        ),
      );
      expect(new Set(mapped.map(each => fold(each.path))).size).toBe(distinct.size);
      for (const {destination: levels} of mapped)
        for (const name of levels) {
          expect(name).not.toMatch(/[\p{Cc}%*]|^[~#]|^\s|\s$|^\.{0,2}$/u);
          expect(name.isWellFormed()).toBe(true);
          if (destination.delimiter !== '') {
            expect(name).not.toContain(destination.delimiter);
            expect(encodedLength(name)).toBeLessThanOrEqual(255);
          }
        }
      const again = mapFolders(folders.toReversed(), destination).toReversed();
      expect(again.map(each => each.path)).toEqual(mapped.map(each => each.path));
    }),
  );
});

// A server without levels does not show which folder another one is below; nor does one where '.' separates them and
// levels are lifted out of a path that is too long for it.
const hierarchical = destinations.filter(({delimiter}) => delimiter !== '' && delimiter !== '.');

test('whatever the names: folders go where they are, with the ledger or without it, whatever came and went', () => {
  fc.assert(
    fc.property(mailbox, mailbox, fc.integer(), hierarchical, (early, late, gone, destination) => {
      const before = mapFolders(
        early.map(path => folder(path)),
        destination,
      );
      const known = before.map(each => ({source: each.folder.path, destination: each.destination}));
      const now = fc
        .sample(fc.shuffledSubarray([...early, ...late]), {seed: gone, numRuns: 1})
        .flat()
        .map(path => folder(path));
      const sources = [...new Map(now.map(each => [JSON.stringify(each.path), each])).values()];
      const remembered = mapFolders(sources, {...destination, known, existing: standing(before)});
      const existing = standing([...before, ...remembered]);
      expect(placesOf(mapFolders(sources, {...destination, existing}))).toEqual(placesOf(remembered));
    }),
  );
});

function isOneInbox(sources: readonly string[][]): boolean {
  const spelt = sources.filter(path => path.length === 1 && /^inbox$/i.test(path[0] ?? ''));
  return new Set(spelt.map(path => path[0])).size <= 1;
}

test('more folders do not move those whose names need no repair', () => {
  const plain = fc
    .string({unit: fc.constantFrom('a', 'b', 'é', ' x'), minLength: 1, maxLength: 4})
    .filter(name => name.trim() === name);
  fc.assert(
    fc.property(fc.array(plain, {minLength: 1, maxLength: 3}), mailbox, (path, others) => {
      const alone = paths([path], slash)[0];
      // A sibling that differs in composition only is the same name to a server; either may keep it.
      const rest = others.filter(
        each =>
          each.join('/').normalize('NFC') === each.join('/') && JSON.stringify(each) !== JSON.stringify(path),
      );
      expect(paths([path, ...rest], slash)[0]).toBe(alone);
    }),
  );
});

test('a name of blanks without end inside is mended in one pass', () => {
  // From each blank again to the end of them, this takes minutes.
  const name = `a${' '.repeat(300_000)}b`;
  expect(repairLevel(name, {delimiter: '/'}).name).toMatch(/^a +-[0-9a-f]{8}$|^a-[0-9a-f]{8}$/);
  expect(repairLevel(' \u00a0a \u2003', {delimiter: '/'}).name).toBe('a');
});
