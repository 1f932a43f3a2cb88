// Makes a checkout ready: installs what package-lock.json asks for and compiles source/ where it changed.
// Plain JavaScript without dependencies, since it runs on whatever Node the machine has (20 or newer). The scripts in
// package.json run it in parentheses: a shell remembers where it found `node`, and must look again afterwards.
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {delimiter, dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = join(root, 'node_modules', '.bin');
const windows = process.platform === 'win32';

const run = (command, args) => {
  // npm writes its progress to standard error; what mailferry prints on standard output stays its own.
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
    env: {...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`},
  });
  if (result.error) throw result.error;
  return result.status ?? 1;
};

const stop = sentence => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};

const digest = files => {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
};

const filesBelow = folder =>
  readdirSync(join(root, folder), {recursive: true, withFileTypes: true})
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1))
    .sort();

/** Runs the step unless the stamp says that it was done for just these inputs. */
const once = (name, inputs, made, step) => {
  const stamp = join(root, 'node_modules', '.cache', `mailferry-${name}`);
  const wanted = digest(inputs);
  if (existsSync(made) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  step();
  mkdirSync(dirname(stamp), {recursive: true});
  writeFileSync(stamp, wanted);
};

once('installed', ['package-lock.json'], bin, () => {
  process.stderr.write('mailferry: installing its packages (once, about half a minute)\n');
  if (run('npm', ['ci', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']) !== 0)
    stop('mailferry: npm ci failed; the lines above say why. Mend that and start again.');
});

once(
  'built',
  ['tsconfig.json', 'package-lock.json', 'runtime/build.mjs', ...filesBelow('source')],
  join(root, 'dist', 'cli.js'),
  () => {
    if (run('node', [join('runtime', 'build.mjs')]) !== 0)
      stop('mailferry: source/ does not compile; the lines above say where.');
  },
);

if (statSync(bin).isDirectory() && !existsSync(join(bin, windows ? 'node.cmd' : 'node')))
  process.stderr.write(
    `mailferry: no Node for ${process.platform}-${process.arch} comes with this checkout; the installed ${process.version} is used.\n`,
  );
