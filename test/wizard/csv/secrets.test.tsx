import {afterEach, expect, test, vi} from 'vitest';
import {CsvSecrets} from '../../../source/wizard/csv/secrets.tsx';
import {cleanup, renderScreen} from '../../helpers/render.tsx';

afterEach(cleanup);

test.each([
  ['strict', 'The password policy "strict" refuses'],
  ['advise', undefined],
] as const)(
  'a typed password with characters the form forbids, under the policy %s',
  async (policy, refusal) => {
    const size = {columns: 80, rows: 24};
    const onDone = vi.fn();
    const asks = [{id: 'one', login: 'john@baya.com', server: 'imap.baya.com', end: 'source'}] as const;
    const screen = renderScreen(
      <CsvSecrets
        {...size}
        title="users.csv"
        asks={asks}
        passwordPolicy={policy}
        onDone={onDone}
        onBack={vi.fn()}
      />,
      size,
    );
    await screen.send('p;w\r');
    expect(onDone.mock.calls).toEqual(refusal === undefined ? [[new Map([['one', 'p;w']])]] : []);
    if (refusal !== undefined) await screen.waitFor(refusal);
  },
);
