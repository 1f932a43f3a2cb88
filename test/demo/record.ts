// Records demo.gif from the real program: `npm run demo:record`.
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {program} from '../helpers/program.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {capture} from './capture.ts';
import {gif} from './gif.ts';
import {perform} from './performance.ts';

const file = fileURLToPath(new URL('../../demo.gif', import.meta.url));
/** What a README can load at once, in bytes. */
const largest = 400_000;

const directory = mkdtempSync(join(tmpdir(), 'mailferry-demo-'));
const places = ['--state', join(directory, 'state'), '--reports', join(directory, 'reports')];
const terminal = openTerminal({
  command: process.execPath,
  args: [program, ...places],
  columns: 120,
  rows: 26,
  cwd: directory,
});
const frames = await capture(terminal, perform(terminal), {
  everyMs: 200,
  longestMs: 2_500,
  lastMs: 5_000,
  now: () => performance.now(),
}).finally(async () => {
  terminal.kill();
  await terminal.exit;
  rmSync(directory, {recursive: true, force: true});
});

const picture = gif(frames);
writeFileSync(file, picture);
const seconds = frames.reduce((sum, frame) => sum + frame.duration, 0) / 1000;
const kilobytes = Math.round(picture.length / 1000);
process.stderr.write(`demo.gif: ${frames.length} frames, ${seconds.toFixed(1)} s, ${kilobytes} KB\n`);
if (picture.length > largest) {
  process.stderr.write(`That is more than ${largest / 1000} KB: show less of it.\n`);
  process.exitCode = 1;
}
