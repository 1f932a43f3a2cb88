// What imapflow reads once it has signed in is in the built program too, which leaves parts of imapflow out.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {expectSameMail, fill, readMailbox} from '../helpers/mail.ts';
import {plainMail} from '../helpers/meddled.ts';
import {answering, asks, usual} from '../helpers/unreadable.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {startMeddler} from '../servers/meddler.ts';
import {newPlace, requestRow} from './place.ts';

describeDovecot('the built program, where our reader makes nothing of an answer', () => {
  let source: Dovecot;
  let destination: Dovecot;

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
  });
  afterAll(async () => {
    await Promise.all([source?.stop(), destination?.stop()]);
  });

  it('has the message read by imapflow', async ({onTestFinished}) => {
    await fill(source, 'ann@baya.com', [{path: ['INBOX'], messages: plainMail(5, 91)}]);
    const {meddling, asked} = answering(answer => `\r\n${usual(answer)}`);
    const meddled = await startMeddler(source.imapPort, meddling);
    onTestFinished(() => meddled.close());
    const place = newPlace();
    const csv = place.csv([requestRow(meddled, destination, 'ann')]);
    const {code, stdout, stderr} = await place.run(['run', csv, '--yes', '--output', 'plain']);
    expect([code, stderr], stdout).toEqual([0, '']);
    expect(asked.filter(items => items === asks.other)).toHaveLength(1);
    const [before, after] = await Promise.all([
      readMailbox(source, 'ann@baya.com'),
      readMailbox(destination, 'ann@vault.example'),
    ]);
    expectSameMail(before, after, path => `Data17012018/${path}`);
  });
});
