// What is known before a folder's first message moves is told before it moves.
import {expect, it} from 'vitest';
import {eventsOf} from '../../helpers/engine.ts';
import {bridges, folder, letter} from '../../helpers/exchange.ts';

const bridge = bridges();
const date = '01-Jan-2020 00:00:00 +0000';

it('messages that Exchange will refuse for their size are counted before any is sent, and named when they are', async () => {
  const {mailbox, vault, carryTo} = await bridge();
  const inbox = vault.create('INBOX');
  inbox.add({bytes: letter(1), flags: [], date});
  inbox.add({bytes: Buffer.concat([letter(2), Buffer.alloc(37_800_000, 'x\r\n')]), flags: [], date});
  const {run} = await carryTo();
  expect(run.totals).toMatchObject({copied: 1, failed: 1});
  expect(mailbox.messages(folder)).toHaveLength(1);
  const told = eventsOf(run, 'note').find(event => event.problem.code === 'messages-too-large');
  expect(told?.problem.sentence).toContain('1 message is larger');
  const [refused] = eventsOf(run, 'message-failed');
  expect([refused?.message.subject, refused?.problem.code]).toEqual(['letter 2', 'message-too-large']);
  const order = run.events.map(({type}) => type);
  expect(order.indexOf('note')).toBeLessThan(order.indexOf('message-failed'));
  expect(order.indexOf('note')).toBeLessThan(order.indexOf('messages-copied'));
});
