// What the screen costs: a made-up stream of events through the real fold and the real dashboard, on a terminal that
// takes everything and shows nothing. Each case in a process of its own, the events in real time.
import {spawn, spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {median, tableText} from './table.ts';

/** Inside node_modules, so that React and Ink are found from there. */
const compiled = fileURLToPath(new URL('../node_modules/.cache/bench-screen', import.meta.url));

function compile(): void {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const compiler = fileURLToPath(new URL('../node_modules/.bin/tsc', import.meta.url));
  const emit = ['--noEmit', 'false', '--incremental', 'false', '--rewriteRelativeImportExtensions'];
  const args = ['-p', root, ...emit, '--outDir', compiled];
  const {status} = spawnSync(compiler, args, {stdio: ['ignore', 'inherit', 'inherit']});
  if (status !== 0) throw new Error('The sources do not compile.');
}

const worker = fileURLToPath(new URL('./screen-worker.ts', import.meta.url));

/** What is done with the events, each with all before it. */
export const stages = ['idle', 'fold', 'draw', 'watch'] as const;
export type Stage = (typeof stages)[number];

const words: Readonly<Record<Stage, string>> = {
  idle: 'making the events, nothing else',
  fold: 'and folding them',
  draw: 'and drawing the grid',
  watch: 'and sending it to a grid in another process',
};

const sizes = [
  {columns: 80, rows: 24},
  {columns: 200, rows: 60},
] as const;

const seconds = 6;

type Taken = {
  /** Share of a core, 0 to 1. */
  readonly share: number;
  /** Of the other process, where there is one. */
  readonly other?: number;
};

function measured(stage: Stage, size: (typeof sizes)[number]): Promise<Taken> {
  const {promise, resolve, reject} = Promise.withResolvers<Taken>();
  const args = [compiled, stage, size.columns, size.rows, seconds].map(String);
  const child = spawn(process.execPath, [worker, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {...process.env, NODE_ENV: 'production'},
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  child.once('error', reject);
  child.once('close', code => {
    if (code === 0) resolve(JSON.parse(text) as Taken);
    else reject(new Error(`The worker for "${stage}" ended with code ${code}`));
  });
  return promise;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

/** Share of a core that events and screen together may take. */
const most = 0.05;

/** Prints a table; each number is the median of the rounds. Gives whether the screen costs as little as is promised. */
export async function screenCost(rounds: number, print: (text: string) => void): Promise<boolean> {
  compile();
  let cheap = true;
  print('\n### The screen: 1,000 mailboxes, 100 of them at work, 50,000 events a second; share of a core\n');
  const rows: string[][] = [];
  for (const size of sizes) {
    let before = 0;
    let idle = 0;
    for (const stage of stages) {
      const takes: Taken[] = [];
      for (let round = 0; round < rounds; round += 1) takes.push(await measured(stage, size));
      const share = median(takes.map(taken => taken.share));
      const other = median(takes.map(taken => taken.other ?? 0));
      if (stage === 'idle') idle = share;
      const all = stage === 'watch' ? `${percent(share - idle)} + ${percent(other)}` : percent(share - idle);
      rows.push([
        `${size.columns} x ${size.rows}: ${words[stage]}`,
        stage === 'idle' ? percent(share) : percent(share - before),
        stage === 'idle' ? '' : all,
      ]);
      if (stage === 'draw') cheap &&= share - idle < most;
      else before = share;
    }
  }
  print(tableText(['', 'of this', 'all but the making'], rows));
  print(`The screen costs ${cheap ? 'less' : 'MORE'} than ${percent(most)} of a core.`);
  return cheap;
}
