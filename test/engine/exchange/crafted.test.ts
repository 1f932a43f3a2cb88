// Mail made to hurt whoever reads it, towards Exchange: what it takes is there once, what it does not is named with why.
import {expect, it} from 'vitest';
import {freshState} from '../../helpers/engine.ts';
import {bridges} from '../../helpers/exchange.ts';
import {craftedMail} from '../../helpers/mail-crafted.ts';

const bridge = bridges();

it('crafted mail arrives at Exchange once or is refused by name, and a rerun brings none again', async () => {
  const {vault, mailbox, carryTo} = await bridge();
  const mail = craftedMail(3, 'short');
  for (const {bytes, flags, date} of mail) vault.create('INBOX').add({bytes, flags, date});
  const state = freshState();
  const {run} = await carryTo({state});
  const refused = run.rows.filter(row => row.result === 'failed');
  expect(run.totals).toMatchObject({selected: mail.length, failed: refused.length});
  // The causes that the bytes give; a message of no bytes is not told from one that was not sent.
  expect(new Set(refused.map(row => row.code))).toEqual(
    new Set([
      'message-too-deep',
      'message-charset-unknown',
      'message-line-too-long',
      'message-too-many-parts',
      'message-without-data',
    ]),
  );
  for (const {reason = '', from = '', subject = '', messageId = ''} of refused) {
    expect(reason).toMatch(/^[A-Z].*\.$/);
    expect(reason + from + subject + messageId).not.toMatch(/\p{Cc}|\p{Cf}|\p{Cs}/u);
  }
  const stored = () => mailbox.messages('Data17012018/INBOX').length;
  expect([run.totals.copied, stored()]).toEqual([mail.length - refused.length, mail.length - refused.length]);
  const again = await carryTo({state});
  const anew = await carryTo();
  expect([again.run.totals.copied, anew.run.totals.copied, stored()]).toEqual([0, 0, run.totals.copied]);
});
