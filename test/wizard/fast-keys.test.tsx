// Keys that come faster than the screen is drawn, or several in one chunk as over a slow line: none is lost.
import {afterEach, expect, test, vi} from 'vitest';
import {CsvPick} from '../../source/wizard/csv/pick.tsx';
import {CsvSecrets} from '../../source/wizard/csv/secrets.tsx';
import {SavePrompt} from '../../source/wizard/save-prompt.tsx';
import {cleanup, renderScreen} from '../helpers/render.tsx';
import {fakeFiles, fakeProfiles} from './fakes.ts';

afterEach(cleanup);

const size = {columns: 80, rows: 24};

test('the path of a CSV', async () => {
  const onPick = vi.fn();
  const screen = renderScreen(
    <CsvPick {...size} files={fakeFiles({})} path="" problem="" onPick={onPick} onLeave={vi.fn()} />,
    size,
  );
  await screen.send('/desk/users.cvs\u007F\u007F\u007Fcsv\r');
  expect(onPick).toHaveBeenCalledExactlyOnceWith('/desk/users.csv');
});

test('one password after the other', async () => {
  const onDone = vi.fn();
  const asks = ['one', 'two'].map(id => ({
    ...{id, login: `${id}@baya.com`, server: 'imap.baya.com'},
    end: 'source' as const,
  }));
  const screen = renderScreen(
    <CsvSecrets
      {...size}
      title="users.csv"
      asks={asks}
      passwordPolicy="advise"
      onDone={onDone}
      onBack={vi.fn()}
    />,
    size,
  );
  await screen.send('firsx\u007Ft\rsecond\r');
  expect(onDone.mock.calls).toEqual([
    [
      new Map([
        ['one', 'first'],
        ['two', 'second'],
      ]),
    ],
  ]);
});

test('the name of a profile, in place of what is suggested', async () => {
  const onDone = vi.fn();
  const screen = renderScreen(
    <SavePrompt
      profiles={fakeProfiles()}
      profile={{kind: 'csv', path: '/desk/users.csv'}}
      suggested="users"
      columns={80}
      onDone={onDone}
    />,
    size,
  );
  await screen.send('baya\u007F-all\r');
  expect(onDone).toHaveBeenCalledExactlyOnceWith('bay-all', false);
});
