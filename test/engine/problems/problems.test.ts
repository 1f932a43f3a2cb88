import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {lastWord} from '../../../source/engine/link/outage.ts';
import {lastly} from '../../../source/engine/problems/last-step.ts';
import {type ProblemCode, problem, problemCodes} from '../../../source/engine/problems/problems.ts';
import {byteSize, duration} from '../../../source/engine/problems/words.ts';

const anything = {
  end: 'source',
  server: 'imap.example.com',
  login: 'john@baya.com',
  folder: 'Old',
  from: 'a',
  to: 'b',
  separator: '.',
  near: [],
  option: '--include',
  listed: 1,
  expected: 2,
  received: 1,
  size: 1,
  limit: 1,
  milliseconds: 1,
  keywords: ['x'],
  parts: 1,
  deep: 2,
  lines: 3,
  lineEnds: 4,
  nuls: 5,
  uids: [1],
  folders: 1,
  examples: ['x'],
  path: '/x',
  why: 'The variable is empty.',
  refusal: 'AADSTS50076',
  other: 'request 2',
} as never;

test('every line of the catalogue is a plain sentence with an end', () => {
  for (const code of problemCodes) {
    const said = problem(code, anything);
    expect(said.sentence, code).toMatch(/^\S.*\.$/);
    expect(`${said.sentence} ${said.nextStep}`, code).not.toMatch(/\bNaN\b|\[object|undefined B/);
    if (said.verdict === 'stop') expect(said.nextStep, code).toMatch(/\.$/);
  }
});

test('what is final speaks of nothing that mailferry would still do', () => {
  const promise =
    /mailferry (tries|goes|waits|connects|signs|fetches|looks|creates|compares)\b|tries again|connects again|signs in anew/;
  for (const code of problemCodes) {
    const why = problem(code, anything, {verdict: 'again'});
    const ends = (['source', 'destination'] as const).map(end =>
      lastWord(why, {end, login: 'john@baya.com'}),
    );
    for (const {sentence, nextStep, verdict} of [...ends, lastly(why)]) {
      expect(`${sentence} ${nextStep}`, code).not.toMatch(promise);
      expect(nextStep, code).toMatch(/\.$/);
      expect(verdict).toBe('stop');
    }
    // What stops at once, and what is left out.
    const {sentence, nextStep, verdict} = problem(code, anything);
    if (['stop', 'skip'].includes(verdict)) expect(`${sentence} ${nextStep}`, code).not.toMatch(promise);
  }
});

test('what helps at the end too is said at the end', () => {
  const last = (code: ProblemCode) => lastly(problem(code, anything)).nextStep;
  expect(last('connect-timed-out')).toContain('firewall');
  expect(last('too-many-connections')).toContain('--connections');
  expect(last('connection-lost')).toMatch(/^Run it again once the server answers/);
});

test('durations and sizes', () => {
  expect([400, 1500, 119_000, 299_609, 5_400_000, 7_200_000].map(duration)).toEqual([
    '1 s',
    '2 s',
    '119 s',
    '5 min',
    '90 min',
    '2 h',
  ]);
  expect([0, 1023, 1536, 37_748_736, 3.1 * 2 ** 30].map(byteSize)).toEqual([
    '0 B',
    '1.0 kB',
    '1.5 kB',
    '37.7 MB',
    '3.3 GB',
  ]);
});

test('large numbers have their thousands apart', () => {
  const {sentence} = problem('message-line-too-long', {bytes: 25_890, most: 1000, atLeast: true});
  expect(sentence).toContain('at least 25,890 bytes; the destination takes at most 1,000,');
  expect(problem('message-too-many-parts', {parts: 12_000, most: 250}).sentence).toContain('12,000 parts');
});

test('of one message it is said that it is gone, of two that they are', () => {
  const said = (messages: number) => problem('copies-deleted', {messages, folder: 'Old'});
  expect(said(1)).toMatchObject({
    sentence: '1 message copied earlier is no longer in Old at the destination.',
    nextStep: expect.stringMatching(/^Somebody moved or deleted it there; it is not brought back\./),
  });
  expect(said(2).sentence).toBe('2 messages copied earlier are no longer in Old at the destination.');
});

const root = join(import.meta.dirname, '../../../source');
const sources = readdirSync(root, {recursive: true, encoding: 'utf8'})
  .filter(name => /\.tsx?$/.test(name))
  .map(file => ({file, text: readFileSync(join(root, file), 'utf8')}));

test('every line of the catalogue is said somewhere', () => {
  const words = new Map<string, number>();
  for (const {text} of sources)
    for (const [, word = ''] of text.matchAll(/'([a-z][a-z-]*)'/g))
      words.set(word, (words.get(word) ?? 0) + 1);
  // Once by the catalogue itself, where its name is quoted.
  const once = problemCodes.filter(code => (words.get(code) ?? 0) < (code.includes('-') ? 2 : 1));
  expect(once).toEqual([]);
});

test('no decision hangs on a code that is not in the catalogue', () => {
  const asked = sources.flatMap(({file, text}) =>
    [...text.matchAll(/(?<!typeof [\w.]*)\bcode [!=]== '([a-z][a-z-]*)'/g)].map(([, code = '']) => ({
      file,
      code,
    })),
  );
  expect(asked.length).toBeGreaterThan(20);
  const known = new Set<string>(problemCodes);
  expect(asked.filter(({code}) => !known.has(code))).toEqual([]);
});
