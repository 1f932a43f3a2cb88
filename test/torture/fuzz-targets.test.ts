// Every parser of ours is fuzzed, or it is said here why not: whoever writes one more is told.
import {globSync, readFileSync} from 'node:fs';
import {join, relative} from 'node:path';
import {expect, test} from 'vitest';

const root = join(import.meta.dirname, '../..');
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

/** Files of source/ that read what is written elsewhere, and that no target loads itself. */
const exceptions: Readonly<Record<string, string>> = {
  // Read by something else that is fuzzed.
  'engine/ledger/rows.ts': 'rows of the ledger: stored.ledger damages them and reads all',
  'engine/look/list-ahead.ts': 'names of folders in the ledger: stored.ledger holds that they are JSON',
  'engine/look/list-mail.ts': 'as list-ahead.ts',
  'engine/request.ts': 'as list-ahead.ts',
  'engine/problems/facts.ts': 'errors: wire.refusals has them told',
  'profiles/profile-file.ts': 'the file of profiles: stored.profiles opens it damaged',
  'request/csv/columns.ts': 'the header of a CSV: asked.csv reads it',
  // Written by the same program, for itself.
  'main.ts': 'its own package.json',
  'program/hand-over.ts': 'from this program to its own child, through a pipe that nobody else has',
  'program/host.ts': 'as hand-over.ts',
  'demo/server/commands.ts': 'the server of the demo, which hears this program only',
  // They fetch bytes, or words for them, and parse nothing.
  'engine/copy/compare-contents.ts': 'has messages fetched',
  'program/keychain-first.ts': 'asks the keychain',
  'program/load.ts': 'opens a file; what is in it is read by csv.ts',
  'program/read-file.ts': 'opens a file',
  'program/run-options.ts': 'opens the file of --ca; what is in it is read by auth/pem.ts',
  'wizard/csv/use-desk.ts': 'words for an error of the system',
};

const parses = /JSON\.parse\(|^export (?:async )?(?:function\*?|const) (?:read|parse|decode)[A-Z]\w*/m;

/** Files of source/, as above. */
function parsers(): string[] {
  return globSync('source/**/*.{ts,tsx}', {cwd: root})
    .filter(file => parses.test(textOf(file)))
    .map(file => relative('source', file))
    .sort();
}

/** What the targets load of source/ themselves. */
function loaded(): ReadonlySet<string> {
  const targets = globSync('test/torture/fuzz/targets/*.ts', {cwd: root});
  return new Set(
    targets.flatMap(file =>
      [...textOf(file).matchAll(/ from '(?:\.\.\/)+source\/([^']+)'/g)].map(([, path = '']) => path),
    ),
  );
}

test('each file that reads what is written elsewhere is fuzzed, or says why not', () => {
  const fuzzed = loaded();
  expect(fuzzed.size).toBeGreaterThan(30);
  expect(parsers().filter(file => !fuzzed.has(file) && exceptions[file] === undefined)).toEqual([]);
});

test('an exception is one', () => {
  const [all, fuzzed] = [new Set(parsers()), loaded()];
  expect(Object.keys(exceptions).filter(file => !all.has(file) || fuzzed.has(file))).toEqual([]);
});

test('the targets that exceptions lean on are there', () => {
  const names = Object.values(exceptions).flatMap(
    reason => reason.match(/\b(?:stored|wire|asked)\.\w+/g) ?? [],
  );
  expect(names.length).toBeGreaterThan(3);
  const all = globSync('test/torture/fuzz/targets/*.ts', {cwd: root}).map(textOf).join('');
  expect(names.filter(name => !all.includes(`name: '${name}'`))).toEqual([]);
});
