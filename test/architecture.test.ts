// The house rules that no compiler checks: which part may know which.
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join, relative, sep} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

type Source = {
  /** From the root, with '/': source/format/clean.ts */
  readonly path: string;
  readonly text: string;
  /** The text without comments and strings. */
  readonly code: string;
  readonly imports: readonly string[];
};

const files = (folder: string): string[] =>
  readdirSync(join(root, folder), {recursive: true, encoding: 'utf8'})
    .filter(name => /\.tsx?$/.test(name))
    .map(name => join(folder, name).split(sep).join('/'));

const strings = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/;
const comments = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/;

const sources: Source[] = files('source').map(path => {
  const text = readFileSync(join(root, path), 'utf8');
  return {path, text, code: withoutTextAndComments(text), imports: importsOf(path, text)};
});

/** Specifiers of import, export-from and import(); relative ones resolved: source/engine/events.ts */
function importsOf(path: string, text: string): string[] {
  const code = withoutComments(text);
  const forms = [
    /(?:^|[;\n}])\s*(?:import|export)\s+(?:type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?['"]([^'"\n]+)['"]/g,
    /\bimport\s*\(\s*['"`]([^'"`\n]+)['"`]/g,
    /\brequire\s*\(\s*['"`]([^'"`\n]+)['"`]/g,
  ];
  return forms
    .flatMap(form => [...code.matchAll(form)].map(match => match[1] ?? ''))
    .map(name =>
      name.startsWith('.')
        ? relative(root, join(root, dirname(path), name))
            .split(sep)
            .join('/')
        : name,
    );
}

function withoutComments(text: string): string {
  const either = new RegExp(`(${strings.source}|\`(?:[^\`\\\\]|\\\\.)*\`)|${comments.source}`, 'g');
  return text.replace(either, (_, literal?: string) => literal ?? ' ');
}

function withoutTextAndComments(text: string): string {
  return withoutComments(text).replace(new RegExp(strings.source, 'g'), "''");
}

const isPackage = (name: string, of: string) => name === of || name.startsWith(`${of}/`);
const within = (path: string, ...folders: readonly string[]) =>
  folders.some(folder => path.startsWith(`source/${folder}/`));

/** 'file -> import' for every import that breaks the rule. */
function broken(from: (source: Source) => boolean, forbidden: (name: string) => boolean): string[] {
  return sources
    .filter(from)
    .flatMap(source => source.imports.filter(forbidden).map(name => `${source.path} -> ${name}`));
}

const withoutReact = [
  ...['format', 'files', 'request', 'engine', 'command-line', 'progress', 'demo', 'profiles', 'report'],
  ...['completion', 'lines', 'live', 'check'],
];
const reactPackages = ['react', 'ink', 'ink-table', 'ink-testing-library', 'react-reconciler'];

/** The program's entry and wiring: here the process, the clock and chance come in. */
const wiring = ['source/cli.ts', 'source/main.ts'];

/** Single files that need a part of the process, and why. */
const named: Readonly<Record<string, string>> = {
  'source/early-stop.ts': 'ends the process where nobody listens for a signal',
  'source/profiles/shell-command.ts': 'ends the process group of a cmd: reference',
};

test('what is exempt is there', () => {
  const paths = sources.map(({path}) => path);
  expect([...wiring, ...Object.keys(named)].filter(path => !paths.includes(path))).toEqual([]);
});

const atNoEntry = (each: Source) => !wiring.includes(each.path) && !Object.hasOwn(named, each.path);

describe('the parser of imports', () => {
  test('finds every form, and none in comments', () => {
    const text = [
      "import {a} from './a.ts';",
      "import type {B,\n  C} from 'b';",
      "import 'c';",
      "export {d} from '../d.ts';",
      "export * from 'e/f';",
      "const g = await import('g');",
      "// import h from 'h';",
      "/* import i from 'i'; */",
    ].join('\n');
    expect(importsOf('source/x/y.ts', text).sort()).toEqual([
      'b',
      'c',
      'e/f',
      'g',
      'source/d.ts',
      'source/x/a.ts',
    ]);
  });

  test('sees the sources', () => {
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.find(each => each.path === 'source/engine/problems/problems.ts')?.imports).toContain(
      'source/format/clean.ts',
    );
  });
});

test('only the screens know React and Ink', () => {
  expect(
    broken(
      each => within(each.path, ...withoutReact),
      name => reactPackages.some(of => isPackage(name, of)),
    ),
  ).toEqual([]);
  expect(
    sources
      .filter(each => each.path.endsWith('.tsx') && within(each.path, ...withoutReact))
      .map(each => each.path),
  ).toEqual([]);
});

test('only source/engine/imap knows imapflow', () => {
  expect(
    broken(
      each => !within(each.path, 'engine/imap'),
      name => isPackage(name, 'imapflow'),
    ),
  ).toEqual([]);
});

test("only source/engine/auth knows Microsoft's library", () => {
  expect(
    broken(
      each => !within(each.path, 'engine/auth'),
      name => isPackage(name, '@azure/msal-node'),
    ),
  ).toEqual([]);
});

/** What is lower knows nothing of what is higher, nor what stands side by side of each other. From the bottom. */
const layers: readonly (readonly string[])[] = [
  ['format', 'files', 'early-stop.ts'],
  ['request'],
  ['engine'],
  ['command-line', 'progress', 'demo'],
  ['profiles', 'report', 'completion', 'services.ts'],
  ['lines', 'live', 'ui'],
  ['check', 'dashboard', 'summary'],
  ['wizard'],
  ['home'],
  ['app-screen.ts', 'app-between.tsx'],
  ['app.tsx'],
  ['program'],
  ['carry-out.ts'],
  ['main.ts'],
  ['cli.ts'],
];

const partOf = (path: string) => path.split('/')[1] ?? '';
const layerOf = (path: string) => layers.findIndex(parts => parts.includes(partOf(path)));

test('one direction: each part of source/ has its layer, and imports what lies below it', () => {
  expect(sources.filter(({path}) => layerOf(path) === -1).map(({path}) => path)).toEqual([]);
  const upward = sources.flatMap(({path, imports}) =>
    imports
      .filter(name => name.startsWith('source/') && partOf(name) !== partOf(path))
      .filter(name => layerOf(name) >= layerOf(path))
      .map(name => `${path} imports ${name}`),
  );
  expect(upward).toEqual([]);
});

test('the pure decisions touch no network, disk or database', () => {
  const effects = ['net', 'tls', 'fs', 'fs/promises', 'sqlite', 'http', 'https', 'child_process', 'dns'];
  expect(
    broken(
      each => within(each.path, 'engine/folders', 'engine/messages', 'engine/problems', 'format'),
      name =>
        effects.some(effect => name === `node:${effect}`) ||
        within(name, 'engine/imap', 'engine/ledger', 'engine/copy'),
    ),
  ).toEqual([]);
});

test('process, console, the clock and chance come in at the entry only', () => {
  const forbidden =
    /(?<![.\w])(?:process\s*\.|process\s*\[|console\s*\.|Date\.now\b|Math\.random\b|new Date\(\))/g;
  const found = sources
    .filter(atNoEntry)
    .flatMap(each => [...each.code.matchAll(forbidden)].map(match => `${each.path}: ${match[0]}`));
  expect(found).toEqual([]);
  expect(broken(atNoEntry, name => name === 'node:process' || name === 'process')).toEqual([]);
});

test('relative imports name a file with its extension, and the file is there', () => {
  const paths = new Set(sources.map(each => each.path));
  expect(
    broken(
      () => true,
      name => name.startsWith('source/') && !paths.has(name),
    ),
  ).toEqual([]);
});

test('no file is longer than 400 lines', () => {
  const long = [...sources.map(each => each.path), ...files('test')].filter(
    path => readFileSync(join(root, path), 'utf8').split('\n').length > 401,
  );
  expect(long).toEqual([]);
});

test('no default exports, no switched-off checks', () => {
  // Put together, so that this file does not find itself.
  const off = new RegExp(['@ts-', '(ignore|nocheck|expect-error)|', 'biome-', 'ignore'].join(''));
  expect(sources.filter(each => off.test(each.text)).map(each => each.path)).toEqual([]);
  expect(sources.filter(each => /^export default /m.test(each.code)).map(each => each.path)).toEqual([]);
});
