// The packages that ship with mailferry: what the README says of them is what package-lock.json holds.
import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, test} from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

type Locked = {
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly optional?: boolean;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly os?: readonly string[];
};
const read = <T>(file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as T;
const {packages} = read<{packages: Record<string, Locked>}>('package-lock.json');
/** The Node of a checkout is in no published package. */
const runtime = Object.keys(
  read<{optionalDependencies: Record<string, string>}>('runtime/package.json').optionalDependencies,
).map(name => `node_modules/${name}`);
const shipped = Object.entries(packages).filter(
  ([path, {dev, link}]) =>
    path.startsWith('node_modules/') && dev !== true && link !== true && !runtime.includes(path),
);

describe('what ships', () => {
  test('is under licences that let it, one of them where there is a choice', () => {
    const allowed = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0'];
    const choices = (license = '') => license.replaceAll(/[()]/g, '').split(' OR ');
    const others = shipped.filter(([, {license}]) => !choices(license).some(each => allowed.includes(each)));
    expect(others).toEqual([]);
  });

  test('runs nothing when it is installed', () => {
    expect(shipped.filter(([, {hasInstallScript}]) => hasInstallScript === true)).toEqual([]);
  });

  test('is held to its digest, and comes from the npm registry', () => {
    expect(shipped.filter(([, {integrity}]) => !/^sha512-/.test(integrity ?? ''))).toEqual([]);
    const elsewhere = shipped.filter(
      ([, {resolved}]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'),
    );
    expect(elsewhere).toEqual([]);
  });

  test('is as many packages as the README says', () => {
    const native = shipped.filter(([, {optional, os}]) => optional === true && os !== undefined);
    expect(native.every(([path]) => path.startsWith('node_modules/@napi-rs/keyring-'))).toBe(true);
    const readme = readFileSync(join(root, 'README.md'), 'utf8').replaceAll('\n', ' ');
    expect(readme).toContain(`${shipped.length - native.length} packages from the npm registry`);
    expect(readme).toContain(`one of ${native.length} for the system's keychain`);
  });
});

describe('the audit in .ci/run', () => {
  const advisory = (severity: string) => ({
    vulnerabilities: {
      lib: {
        name: 'lib',
        severity,
        via: [{name: 'lib', severity, title: 'It breaks', url: 'https://github.com/advisories/GHSA-aaaa'}],
      },
      above: {name: 'above', severity, via: ['lib']},
    },
    metadata: {dependencies: {prod: 12}},
  });
  const judge = (printed: string, exceptions: Record<string, string> = {}) => {
    const file = join(mkdtempSync(join(tmpdir(), 'mailferry-audit-')), 'exceptions.json');
    writeFileSync(file, JSON.stringify(exceptions));
    const {status, stderr} = spawnSync(process.execPath, [join(root, '.ci/audit.mjs'), file], {
      input: printed,
      encoding: 'utf8',
    });
    return {status, stderr};
  };

  test('fails on what is moderate or worse, and names it', () => {
    const {status, stderr} = judge(JSON.stringify(advisory('moderate')));
    expect(status).toBe(1);
    expect(stderr).toContain('GHSA-aaaa moderate, lib: It breaks');
  });

  test('passes what is low, or explained', () => {
    expect(judge(JSON.stringify(advisory('low'))).status).toBe(0);
    const explained = judge(JSON.stringify(advisory('high')), {
      'GHSA-aaaa': 'not called here',
      'GHSA-old': 'x',
    });
    expect(explained.status).toBe(0);
    expect(explained.stderr).toContain('known: not called here');
    expect(explained.stderr).toContain('0 open findings');
    expect(explained.stderr).toContain('GHSA-old, which is found no more');
  });

  test.each([
    ['no answer', '', 'printed nothing'],
    ['a refusal', JSON.stringify({message: '405 Method Not Allowed', statusCode: 405}), '405 Method'],
  ])('does not pass for one where there was %s', (_, printed, why) => {
    const {status, stderr} = judge(printed);
    expect(status).toBe(0);
    expect(stderr).toContain('NOT AUDITED');
    expect(stderr).toContain(why);
    expect(stderr).not.toContain('Audited:');
  });
});
