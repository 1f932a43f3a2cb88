// Folders that Exchange closes the connection for: they fail with the reason, and all others arrive.
import {expect, it} from 'vitest';
import {eventsOf} from '../../helpers/engine.ts';
import {bridges, letter} from '../../helpers/exchange.ts';

const bridge = bridges();

it('a folder that closes the connection whenever it is opened fails alone, with the reason', async () => {
  const {mailbox, vault, carryFrom} = await bridge();
  // More of them than lost connections are put up with.
  const closing = ['One ', 'Two ', 'Three ', 'Four '];
  for (const [index, name] of closing.entries()) mailbox.add(name, letter(index + 1));
  for (let id = 11; id <= 20; id += 1) mailbox.add(id % 2 === 0 ? 'INBOX' : 'Zebra', letter(id));
  const {run} = await carryFrom();
  expect(run.totals).toMatchObject({copied: 10, failed: 4});
  const failed = eventsOf(run, 'folder-state').filter(({state}) => state === 'failed');
  expect(failed.map(({problem}) => problem?.code)).toEqual(closing.map(() => 'folder-closes-connection'));
  expect(failed[0]?.problem?.sentence).toMatch(/closes the connection whenever .* is opened/);
  expect(vault.folders.flatMap(({messages}) => messages)).toHaveLength(10);
});
