// What is loaded before a command does anything: this decides how long the shortest ones take.
import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {basename, dirname, join} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {expect, test} from 'vitest';
import {type ProgramResult, program, runMailferry} from '../helpers/program.ts';
import {newPlace, type Place, requestRow} from './place.ts';

/** Writes down every module that is loaded, of both kinds, before it is. */
const hook = `
import {registerHooks} from 'node:module';
import {appendFileSync} from 'node:fs';
registerHooks({load(url, context, next) {
  appendFileSync(process.env.MODULES_LOADED, url + '\\n');
  return next(url, context);
}});
`;

/**
 * Runs it with a home of its own, and gives the packages and own folders that were loaded: those with files of their
 * own, and those inside our own files.
 */
async function loadedBy(
  args: readonly string[],
  place: Place = newPlace(),
): Promise<
  ProgramResult & {packages: readonly string[]; folders: readonly string[]; react: readonly string[]}
> {
  const list = join(place.directory, 'loaded.txt');
  const file = pathToFileURL(place.file('hook.mjs', hook)).href;
  const result = await place.run(args, {
    env: {...homeIn(place.directory), NODE_OPTIONS: `--import=${file}`, MODULES_LOADED: list},
  });
  const urls = readFileSync(list, 'utf8').split('\n');
  const parts = urls
    .filter(url => url.startsWith(dist))
    .flatMap(url => inside[basename(fileURLToPath(url))] ?? [])
    .map(part => `/${part}`);
  const text = [...urls, ...parts].join('\n');
  const named = (pattern: RegExp) =>
    [...new Set([...text.matchAll(pattern)].map(match => match[1] ?? ''))].sort();
  return {
    ...result,
    packages: named(/\/node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//g),
    folders: named(/\/source\/(\w+)\//g),
    // A .tsx file is React.
    react: named(/\/(source\/\S+\.tsx)$/gm),
  };
}

const dist = pathToFileURL(dirname(program)).href;

/** What is in each file of dist, by its name, as runtime/build.mjs has written it down. */
const inside: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(join(dirname(program), '../node_modules/.cache/mailferry-modules.json'), 'utf8'),
);

const homeIn = (directory: string) => ({
  HOME: directory,
  USERPROFILE: directory,
  LOCALAPPDATA: directory,
  XDG_CACHE_HOME: undefined,
  NODE_COMPILE_CACHE: undefined,
});

const screens = ['react', 'react-reconciler', 'ink', 'ink-table', 'yoga-layout'];

test.each([['--help'], ['--version'], ['template', 'O365-IMAP'], ['runs']])(
  '%s loads no package but the one that names its folders, with what that needs',
  async (...args) => {
    const {code, packages} = await loadedBy(args.filter(arg => arg !== undefined));
    expect(code).toBe(0);
    expect(packages).toEqual(['env-paths', 'is-safe-filename']);
  },
);

test.each([['run'], ['check']])(
  '%s of a CSV without a terminal loads neither screens nor profiles',
  async command => {
    const place = newPlace();
    const nobody = {host: '127.0.0.1', imapPort: 1};
    const csv = place.csv([requestRow(nobody, nobody, 'ann')]);
    const {code, packages, folders, react} = await loadedBy([command, csv, '--yes'], place);
    expect(code).toBe(4);
    expect(packages).toContain('imapflow');
    // What imapflow has for proxies, logs and the decoding of messages (runtime/build.mjs).
    expect(
      packages.filter(name => /pino|socks|libmime|mailsplit|iconv|encoding|libqp|libbase64/.test(name)),
    ).toEqual([]);
    expect(folders).toContain('engine');
    expect(packages.filter(name => [...screens, 'conf', 'ajv'].includes(name))).toEqual([]);
    expect(react).toEqual([]);
    expect(folders.filter(name => ['wizard', 'dashboard', 'summary', 'home', 'demo'].includes(name))).toEqual(
      [],
    );
  },
);

test('a run that tells nobody anything on a screen loads nothing that measures text for it', async () => {
  const place = newPlace();
  const nobody = {host: '127.0.0.1', imapPort: 1};
  const csv = place.csv([requestRow(nobody, nobody, 'ann')]);
  const {code, packages} = await loadedBy(['run', csv, '--yes', '--output', 'quiet'], place);
  expect(code).toBe(4);
  expect(packages).toContain('imapflow');
  expect(packages).not.toContain('string-width');
});

test('where there is no such file, the name is looked up among the profiles', async () => {
  const place = newPlace();
  const {code, stderr, packages} = await loadedBy(['run', 'none.csv', '--yes'], place);
  expect(code).toBe(2);
  expect(stderr).toContain('no profile "none.csv" (no profile is saved)');
  expect(packages).toContain('conf');
});

test('compiled code is kept in the user’s own folder, and done without where there is none', async () => {
  const place = newPlace();
  const env = homeIn(place.directory);
  expect(await place.run(['--help'], {env})).toMatchObject({code: 0, stderr: ''});
  const kept = readdirSync(place.directory, {recursive: true, encoding: 'utf8'});
  expect(kept.filter(name => /compiled.[^/\\]+./.test(name))).not.toEqual([]);

  const file = place.file('not-a-folder', '');
  const nowhere = {...homeIn(file), XDG_CACHE_HOME: file};
  expect(await place.run(['--help'], {env: nowhere})).toMatchObject({code: 0, stderr: ''});
  expect(existsSync(file)).toBe(true);
});

test('no folder is kept below the working directory, whatever the environment names', async () => {
  const place = newPlace();
  const home = join(place.directory, 'home');
  const cwd = join(place.directory, 'here');
  for (const folder of [home, cwd]) mkdirSync(folder);
  const csv = place.csv([
    requestRow({host: '127.0.0.1', imapPort: 1}, {host: '127.0.0.1', imapPort: 1}, 'ann'),
  ]);
  const relative = {XDG_CACHE_HOME: 'kept', XDG_CONFIG_HOME: 'kept', XDG_STATE_HOME: 'kept'};
  const saved = await runMailferry(['profiles', 'save', 'mine', csv], {
    env: {...homeIn(home), ...relative},
    cwd,
  });
  expect(saved).toMatchObject({code: 0, stderr: ''});
  expect(readdirSync(home, {recursive: true, encoding: 'utf8'}).join(' ')).toMatch(/profiles/);
  await runMailferry(['--help'], {env: {...homeIn(''), XDG_CACHE_HOME: undefined}, cwd});
  expect(readdirSync(cwd)).toEqual([]);
});

test('what old builds left compiled goes when it is a thousand files', async () => {
  const place = newPlace();
  const env = homeIn(place.directory);
  await place.run(['--help'], {env});
  const kept = readdirSync(place.directory, {recursive: true, encoding: 'utf8'});
  const folder = join(place.directory, kept.find(name => /compiled.[^/\\]+$/.test(name)) ?? '');
  const old = (count: number) => {
    for (let n = 0; n < count; n += 1) writeFileSync(join(folder, `old-${n}`), '');
  };
  const left = () => readdirSync(folder).filter(name => name.startsWith('old-')).length;
  old(900);
  await place.run(['--help'], {env});
  expect(left()).toBe(900);
  old(1001);
  expect(await place.run(['--help'], {env})).toMatchObject({code: 0, stderr: ''});
  expect(left()).toBe(0);
  expect(readdirSync(folder)).not.toEqual([]);
});

test('what is loaded is ASCII, which Node need not decode', () => {
  const files = readdirSync(dirname(program)).filter(name => name.endsWith('.js'));
  expect(files).toContain('cli.js');
  const decoded = (name: string) => readFileSync(join(dirname(program), name)).some(byte => byte > 127);
  expect(files.filter(decoded)).toEqual([]);
});
