import {expect, it} from 'vitest';
import {Batches, BatchSize} from '../../../source/engine/copy/batches.ts';
import {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import {type Stage, Stages} from '../../../source/engine/copy/stages.ts';

const seen = {uidNext: 9, uidValidity: 1};
const work = (folder: number, status?: {messages: number; bytes?: number}) =>
  new FolderWork(
    0,
    {
      folder,
      source: {
        name: 'A',
        wire: 'A',
        path: ['A'],
        delimiter: '/',
        flags: [],
        noSelect: false,
        ...(status === undefined ? {} : {status: {...seen, ...status}}),
      },
      shown: 'A',
      destination: 'A',
      destinationStatus: undefined,
    },
    () => undefined,
  );

it('the folders of a stage are known without looking through all of them, in the order in which they came', () => {
  let changes = 0;
  const stages = new Stages(() => {
    changes++;
  });
  const [one, two, three] = [work(1), work(2), work(3)];
  const inStage = (stage: Stage) => [...stages.in(stage)].map(({pair}) => pair.folder);
  for (const each of [one, two, three]) stages.begin(each, 'count');
  expect([stages.open, changes]).toEqual([3, 0]);
  stages.enter(three, 'look');
  stages.enter(one, 'look');
  // It keeps its place.
  stages.enter(three, 'look');
  expect(inStage('look')).toEqual([3, 1]);
  expect(inStage('count')).toEqual([2]);
  stages.enter(three, 'copied');
  stages.enter(one, 'ended');
  expect([stages.open, changes, stages.of(three), stages.of(two)]).toEqual([1, 5, 'copied', 'count']);
  expect([inStage('look'), inStage('ended')]).toEqual([[], [1]]);
});

const ofMessages = (count: number, each = 100) => {
  const uids = Array.from({length: count}, (_, at) => at + 1);
  return new Batches(uids, new Map(uids.map(uid => [uid, each])), new BatchSize());
};
const lanesFor = (works: readonly FolderWork[], stage: Stage = 'count') => {
  const stages = new Stages(() => undefined);
  for (const each of works) stages.begin(each, stage);
  return stages.lanes;
};
const many = (count: number, status?: {messages: number; bytes?: number}) =>
  Array.from({length: count}, (_, at) => work(at, status));

it('a lane is of use for each large folder, one for a few whose mail is one batch, one for many small ones', () => {
  expect(lanesFor([])).toBe(0);
  expect(lanesFor(many(3, {messages: 2000}))).toBe(3);
  // Of unknown size it may be of any.
  expect(lanesFor(many(3))).toBe(3);
  expect(lanesFor(many(3, {messages: 2, bytes: 30_000_000}))).toBe(3);
  expect(lanesFor(many(5, {messages: 80, bytes: 400_000}))).toBe(1);
  expect(lanesFor(many(8, {messages: 80}))).toBe(2);
  expect(lanesFor(many(30, {messages: 20}))).toBe(1);
  expect(lanesFor(many(64, {messages: 0}))).toBe(2);
  expect(lanesFor([...many(30, {messages: 4}), ...many(1, {messages: 9000})])).toBe(2);
});

it('once a folder is counted, what is left of it says how many lanes are of use', () => {
  const grown = many(3, {messages: 9000});
  for (const each of grown) each.batches = ofMessages(1);
  expect(lanesFor(grown, 'copy')).toBe(1);
  for (const each of grown) each.batches = ofMessages(101);
  expect(lanesFor(grown, 'copy')).toBe(3);
  // It has to be looked at, and so goes alone: a few round trips.
  const wary = many(8, {messages: 3});
  for (const each of wary) {
    each.batches = ofMessages(3);
    each.wary = true;
  }
  expect(lanesFor(wary, 'copy')).toBe(2);

  const stages = new Stages(() => undefined);
  const [large, small] = [work(1, {messages: 9000}), work(2, {messages: 3})];
  for (const each of [large, small]) stages.begin(each, 'count');
  expect(stages.lanes).toBe(1);
  stages.begin(small, 'copied');
  large.batches = ofMessages(3);
  stages.begin(large, 'copy');
  expect(stages.lanes).toBe(1);
  stages.begin(large, 'ended');
  expect(stages.lanes).toBe(0);
});
