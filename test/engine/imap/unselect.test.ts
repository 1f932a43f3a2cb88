// Leaving no folder open, so that a server has none to look at after each message that it stores.
import {expect, it} from 'vitest';
import {connection} from '../../helpers/hand-played.ts';

it('travels with the SELECT before it, whose answer then opens nothing', async () => {
  const {session, say, heard} = connection({capabilities: ['UNSELECT']});
  const opened = session.select('Box');
  const left = session.unselect();
  await heard('F1 SELECT "Box"\r\nF2 UNSELECT\r\n');
  say('* 3 EXISTS\r\nF1 OK\r\nF2 OK\r\n');
  expect((await opened).exists).toBe(3);
  await left;
  expect(session.openName).toBeUndefined();
});

it('is nothing lost where the SELECT before it was refused, and keeps nobody from sending two commands together', async () => {
  const {session, say, heard} = connection({capabilities: ['UNSELECT']});
  const opened = session.select('Gone');
  const left = session.unselect();
  await heard('F2 UNSELECT');
  say('F1 NO [NONEXISTENT] Gone\r\nF2 BAD Command is not valid in this state.\r\n');
  await expect(opened).rejects.toMatchObject({name: 'ServerRefused'});
  await left;
  expect(session.oneAtATime).toBe(false);
});

it.each([
  ['that does not offer it', {capabilities: []}, false],
  ['that takes one command at a time', {capabilities: ['UNSELECT']}, true],
  [
    'that is Exchange, which flags what is in an open folder',
    {capabilities: ['UNSELECT'], greeting: exchange()},
    false,
  ],
] as const)('is not asked of a server %s: the folder stays open', async (_, has, oneAtATime) => {
  const {session, say, heard, everything} = connection(has);
  session.wire.manners = {oneAtATime};
  const opened = session.select('Box');
  await heard('F1 SELECT');
  say('* 3 EXISTS\r\nF1 OK\r\n');
  await opened;
  await session.unselect();
  expect(everything()).not.toContain('UNSELECT');
  expect(session.openName).toBe('Box');
});

function exchange(): string {
  return '* OK The Microsoft Exchange IMAP4 service is ready.';
}
