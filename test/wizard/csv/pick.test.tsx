import {afterEach, expect, it, vi} from 'vitest';
import {CsvPick} from '../../../source/wizard/csv/pick.tsx';
import {cleanup, misfits, renderScreen} from '../../helpers/render.tsx';
import {fakeFiles} from '../fakes.ts';

afterEach(cleanup);

it.each([
  [60, 20],
  [80, 24],
  [120, 30],
])('the words about what a file is are whole at %i columns', (columns, rows) => {
  const {frame} = renderScreen(
    <CsvPick
      {...{columns, rows, path: '', problem: '', onPick: vi.fn(), onLeave: vi.fn()}}
      files={fakeFiles({})}
    />,
    {columns, rows},
  );
  expect(frame().replaceAll(/\s+/g, ' ')).toContain('to fill in. One request in every row.');
  expect(misfits(frame(), columns, rows)).toEqual([]);
});
