import {expect, it} from 'vitest';
import {ServerRefused} from '../../../source/engine/imap/errors.ts';
import {connection} from '../../helpers/hand-played.ts';

it.each<[string, boolean]>([
  ['NO [SERVERBUG] Internal error', true],
  ['NO [UNAVAILABLE] The backend does not answer', true],
  ['NO [INUSE] Timeout while waiting for lock', true],
  ['NO Server Unavailable. 15', true],
  ['NO [OVERQUOTA] Mailbox is full', false],
  ['NO [TOOBIG] no', false],
  ['NO', false],
  // It says when to come back, and has nothing of it.
  ['NO [UNAVAILABLE] Suggested Backoff Time: 1000 milliseconds', false],
  // The command was wrong: nothing was done.
  ['BAD [SERVERBUG] Internal error', false],
])('what "%s" refuses may be stored all the same: %s', (answer, doubt) => {
  const [status = '', ...words] = answer.split(' ');
  const refused = new ServerRefused(
    'destination',
    status === 'BAD' ? 'BAD' : 'NO',
    words.join(' '),
    'APPEND',
  );
  expect(refused.inDoubt).toBe(doubt);
});

const exchange = '* OK The Microsoft Exchange IMAP4 service is ready.';

it.each<[string, string, boolean]>([
  ['a server', 'NO Mailbox does not exist', true],
  ['hMailServer', 'BAD ACL: Read permission denied.', true],
  ['a server', 'NO Suggested Backoff Time: 1000 milliseconds', false],
  // It is the moment that it minds, or the session: another try tells.
  ['a server', 'BAD Command is not valid in this state.', false],
  [exchange, 'BAD User is authenticated but not connected.', false],
])('%s that answers STATUS with %j leaves a folder untold: %s', async (greeting, answer, untold) => {
  const {session, say, heard} = connection({greeting});
  const asked = session.statuses(['One']);
  await heard('F1 STATUS');
  say(`F1 ${answer}\r\n`);
  if (untold) expect((await asked).size).toBe(0);
  else await expect(asked).rejects.toMatchObject({name: 'ServerRefused'});
});
