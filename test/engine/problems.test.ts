import {expect, test} from 'vitest';
import {byteSize, duration} from '../../source/engine/problem-words.ts';
import {problem, problemCodes} from '../../source/engine/problems.ts';

test('every line of the catalogue is a plain sentence with an end', () => {
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
  for (const code of problemCodes) {
    const said = problem(code, anything);
    expect(said.sentence, code).toMatch(/^\S.*\.$/);
    expect(`${said.sentence} ${said.nextStep}`, code).not.toMatch(/\bNaN\b|\[object|undefined B/);
    if (said.verdict === 'stop') expect(said.nextStep, code).toMatch(/\.$/);
  }
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
