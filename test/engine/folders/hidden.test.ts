import {expect, test} from 'vitest';
import {hiddenFolders} from '../../../source/engine/folders/hidden.ts';

const folder = (path: readonly string[], ...flags: readonly string[]) => ({path, flags});

test('a folder that says it has children, of which none is listed, is named', () => {
  const problems = hiddenFolders([
    folder(['INBOX'], '\\Marked', '\\HasChildren'),
    folder(['Projects'], '\\HasChildren'),
    folder(['Projects', 'A'], '\\HasNoChildren'),
    folder(['Archive'], '\\HasNoChildren'),
    folder(['Clients', 'North'], '\\HASCHILDREN'),
  ]);
  expect(problems.map(each => each.sentence)).toEqual([
    'The source says that INBOX has folders below it, but lists none.',
    'The source says that Clients/North has folders below it, but lists none.',
  ]);
  expect(problems.every(each => each.verdict === 'skip')).toBe(true);
});
