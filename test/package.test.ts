// What npm would publish, and what it says on a Node that is too old for it.
import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {cleanEnvironment, program} from './helpers/program.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

test('the package holds the program, its licence and what its page shows, nothing else', () => {
  const {stdout} = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
    env: cleanEnvironment(),
    shell: process.platform === 'win32',
  });
  const [packed] = JSON.parse(stdout) as {files: {path: string}[]}[];
  const paths = packed?.files.map(({path}) => path) ?? [];
  expect(paths.filter(path => !/^dist\/.*\.js$/.test(path)).sort()).toEqual([
    'LICENSE',
    'README.md',
    'demo.gif',
    'dist/THIRD-PARTY.txt',
    'package.json',
    'source/lines/check.schema.json',
    'source/lines/events.schema.json',
    'source/lines/runs.schema.json',
  ]);
  expect(paths).toContain('dist/cli.js');
});

test('an older Node gets one sentence, not a stack', () => {
  const {engines} = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    engines: {node: string};
  };
  const older = "Object.defineProperty(process, 'versions', {value: {...process.versions, node: '20.20.2'}})";
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(older)}`, program, '--version'],
    {encoding: 'utf8', env: cleanEnvironment()},
  );
  expect({status, stdout}).toEqual({status: 1, stdout: ''});
  const oldest = engines.node.replace('>=', '');
  expect(stderr).toMatch(
    new RegExp(`^mailferry needs Node ${oldest} or newer and this is Node 20\\.20\\.2: .*\\n$`),
  );
  // What stands before that check is read by the old Node too.
  const early = [...readFileSync(program, 'utf8').matchAll(/^import .* from ['"](.*)['"];$/gm)];
  expect(early.map(match => match[1]).filter(name => !name?.startsWith('node:'))).toEqual([]);
});
