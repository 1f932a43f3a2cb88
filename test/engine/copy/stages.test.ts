import {expect, it} from 'vitest';
import {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import {type Stage, Stages} from '../../../source/engine/copy/stages.ts';

const work = (folder: number) =>
  new FolderWork(
    0,
    {
      folder,
      source: {name: 'A', wire: 'A', path: ['A'], delimiter: '/', flags: [], noSelect: false},
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
