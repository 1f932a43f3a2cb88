// A folder that nobody subscribes to is in no list of many mail programs: whoever creates one sees to that, also where an
// earlier run was killed before it could.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {freshState, job, runEngine} from '../../helpers/engine.ts';
import {ImapConnection} from '../../helpers/imap.ts';
import {fill} from '../../helpers/mail.ts';
import {corpus} from '../../helpers/mail-corpus.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../../servers/dovecot.ts';

const [from, to] = ['john@baya.com', 'john@vault.example'];

describeDovecot('folders at the destination', () => {
  let source: Dovecot;
  let destination: Dovecot;

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  async function ask(...commands: readonly string[]): Promise<readonly string[]> {
    const connection = await ImapConnection.open(destination, to);
    for (const command of commands) await connection.command(command);
    const listed = await connection.command('LSUB "" "*"');
    await connection.close();
    return listed.map(([, , , name]) => String(name)).toSorted();
  }

  it('are subscribed to: what was only created is not forgotten, what somebody unsubscribed stays so', async () => {
    await fill(source, from, [
      {path: ['Offers'], messages: corpus(2, {seed: 5})},
      {path: ['Plans'], messages: corpus(2, {seed: 6})},
    ]);
    // The run that created this one was killed at once.
    expect(await ask('CREATE Data17012018/Offers')).toEqual([]);
    const state = freshState();
    const carry = () =>
      runEngine([job({server: source, user: from}, {server: destination, user: to})], {state});
    expect((await carry()).totals).toMatchObject({copied: 4, failed: 0});
    expect(await ask()).toEqual(['Data17012018/INBOX', 'Data17012018/Offers', 'Data17012018/Plans']);
    await ask('UNSUBSCRIBE Data17012018/Plans');
    await fill(source, from, [{path: ['Plans'], messages: corpus(2, {seed: 7})}]);
    expect((await carry()).totals).toMatchObject({copied: 2, failed: 0});
    expect(await ask()).toEqual(['Data17012018/INBOX', 'Data17012018/Offers']);
  });
});
