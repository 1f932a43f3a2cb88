import {expect, it} from 'vitest';
import {ServerRefused} from '../../../source/engine/imap/errors.ts';

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
