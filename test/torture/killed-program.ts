// The program as killed.ts runs it: compiled as the real one is, so that it starts as fast, into a folder of its own.
import {spawn} from 'node:child_process';
import {copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {rolldown} from 'rolldown';
import {type Point, points} from '../../source/engine/points.ts';
import {cleanEnvironment} from '../helpers/program.ts';

export type Moment = {readonly point: Point /** From 1. */; readonly nth: number};

export type KilledRun = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The points it passed, in order. */
  readonly passed: readonly Point[];
};

export type KilledProgram = {
  /**
   * Runs the program to its end, which is at `moment` where that comes.
   * @param directory where it runs, and its list of points is put
   * @param begun told of the process, for whoever kills it at another moment
   */
  run(
    args: readonly string[],
    directory: string,
    moment?: Moment,
    begun?: (kill: () => void) => void,
  ): Promise<KilledRun>;
  remove(): void;
};

/** After so long a run hangs, ms. */
const longest = 180_000;
const root = fileURLToPath(new URL('../..', import.meta.url));

export async function compileKilled(): Promise<KilledProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'mf-killed-'));
  const bundle = await rolldown({
    input: {killed: join(root, 'test', 'torture', 'killed.ts')},
    platform: 'node',
    external: /^(@azure\/msal-node|@napi-rs\/keyring|conf|ink|ink-table|react)(\/|$)/,
    tsconfig: join(root, 'tsconfig.json'),
  });
  await bundle.write({dir: join(folder, 'dist'), format: 'esm', entryFileNames: '[name].js'});
  await bundle.close();
  copyFileSync(join(root, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const program = join(folder, 'dist', 'killed.js');
  let runs = 0;
  return {
    async run(args, directory, moment, begun) {
      runs += 1;
      const file = join(directory, `passed-${runs}`);
      const at = moment === undefined ? '-' : `${moment.point}:${moment.nth}`;
      const child = spawn(process.execPath, [program, file, at, ...args], {
        cwd: directory,
        env: cleanEnvironment({NODE_COMPILE_CACHE: join(folder, 'compiled')}),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      begun?.(() => child.kill('SIGKILL'));
      const text = {stdout: '', stderr: ''};
      for (const stream of ['stdout', 'stderr'] as const)
        child[stream].setEncoding('utf8').on('data', (piece: string) => {
          text[stream] += piece;
        });
      const timer = setTimeout(() => child.kill('SIGABRT'), longest);
      const {promise, resolve, reject} = Promise.withResolvers<Pick<KilledRun, 'code' | 'signal'>>();
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({code, signal}));
      const end = await promise.finally(() => clearTimeout(timer));
      return {...end, ...text, passed: passedIn(file)};
    },
    remove: () => rmSync(folder, {recursive: true, force: true, maxRetries: 5}),
  };
}

const isPoint = (text: string): text is Point => points.some(point => point === text);

function passedIn(file: string): Point[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(isPoint) : [];
}
