// Mail that was on its way when the line went gets the flags that it lacks.
import {expect, it} from 'vitest';
import {addFlags} from '../../../source/engine/copy/add-flags.ts';
import type {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import type {Sessions} from '../../../source/engine/copy/open-ends.ts';

it.each([
  ['each that it lacks', [], ['\\Deleted', '\\Flagged']],
  ['but none that the destination takes no message with', ['\\deleted'], ['\\Flagged']],
])('a copy gets of the flags of its message %s', async (_, refused, expected) => {
  const added: string[] = [];
  const source = {
    ...{openName: 'A', openValidity: 1},
    flags: async () => new Map([[1, ['\\Deleted', '\\Seen', '\\Flagged']]]),
  };
  const target = {
    exchange: false,
    addFlag: async (uids: readonly number[], flag: string) => {
      expect(uids).toEqual([7]);
      added.push(flag);
    },
  };
  const work = {pair: {source: {name: 'A', wire: 'A'}}, sourceUidValidity: 1} as unknown as FolderWork;
  const sessions = {source, target} as unknown as Sessions;
  await addFlags([[1, 7]], new Map([[7, ['\\seen']]]), work, sessions, new Set(refused));
  expect(added).toEqual(expected);
});
