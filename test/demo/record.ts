// Records demo.gif from the real program: `npm run demo:record`.
import {statSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {program} from '../helpers/program.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {capture} from './capture.ts';
import {gif} from './gif.ts';
import {perform} from './performance.ts';

const file = fileURLToPath(new URL('../../demo.gif', import.meta.url));
/** What a README loads at once. */
const largest = 400_000;

const terminal = openTerminal({command: process.execPath, args: [program, 'demo'], columns: 100, rows: 30});
const frames = await capture(terminal, perform(terminal), {
  everyMs: 250,
  longestMs: 1_500,
  lastMs: 4_000,
  now: () => performance.now(),
}).finally(() => terminal.kill());
writeFileSync(file, gif(frames));
const {size} = statSync(file);
const seconds = frames.reduce((sum, frame) => sum + frame.duration, 0) / 1000;
process.stderr.write(
  `demo.gif: ${frames.length} frames, ${seconds.toFixed(1)} s, ${Math.round(size / 1000)} KB\n`,
);
if (size > largest) {
  process.stderr.write(`That is more than ${largest / 1000} KB: record less or more slowly.\n`);
  process.exitCode = 1;
}
