import {expect, test} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {faceOf, guided} from '../../source/program/face.ts';
import type {RunParts} from '../../source/program/start-run.ts';
import {fakeSystem} from './fake-system.ts';
import {fakeTerminal} from './fake-terminal.ts';

const parsed = parseCommandLine([]);
if (!parsed.ok) throw new Error(parsed.problem);
const {options} = parsed;
const piped = {stdin: {isTTY: false}, stdout: {isTTY: false}} as unknown as Pick<
  RunParts['system'],
  'stdin' | 'stdout'
>;

test.each([
  ['a terminal that cannot move its cursor', fakeTerminal().system, 'TERM=dumb says this terminal cannot'],
  ['no terminal', {...fakeSystem({}), ...piped}, 'The guided screens need a terminal.'],
])('in %s the guided screens say why they do not open', async (_, machine, why) => {
  // Cron says so too.
  const system = {...machine, env: {TERM: 'dumb'}};
  const face = faceOf(options, system);
  expect(face).toBe('plain');
  await expect(guided('guided', face, {options, system} as unknown as RunParts)).rejects.toThrow(why);
});
