// A server that takes no command before the last one is answered, played by hand.
import {expect, it} from 'vitest';
import {chooseStrategy} from '../../../source/engine/imap/append.ts';
import {connection, fetched} from '../../helpers/hand-played.ts';

const notNow = 'BAD Command is not valid in this state.';

it('an EXAMINE that it objects to ends the connection: what comes behind is of the folder that was open before', async () => {
  const {session, say, heard} = connection();
  const asked = session.search({});
  const opened = session.examine('Two');
  const messages = session.messages([7]);
  await heard('F3 UID FETCH 7');
  say(`F2 ${notNow}\r\n* SEARCH 7\r\nF1 OK\r\n${fetched(7, 'of the folder before')}F3 OK\r\n`);
  for (const answer of [asked, opened, messages])
    await expect(answer).rejects.toMatchObject({name: 'ConnectionLost', crowded: true});
  expect(session.oneAtATime).toBe(true);
});

it('from then on each command waits for the answer to the one before it, in order', async () => {
  const {session, say, heard, everything} = connection();
  session.wire.manners = {oneAtATime: true};
  const opened = session.examine('Two');
  const found = session.search({});
  const messages = session.messages([7]);
  await heard('F1 EXAMINE');
  say('* 1 EXISTS\r\nF1 OK\r\n');
  const second = await heard('F2 ');
  expect(second).toContain('F2 UID SEARCH');
  expect(everything()).not.toContain('UID FETCH');
  say('* SEARCH 7\r\nF2 OK\r\n');
  await heard('F3 UID FETCH 7');
  say(`${fetched(7, 'seven')}F3 OK\r\n`);
  expect((await opened).exists).toBe(1);
  expect(await found).toEqual([7]);
  expect((await messages)[0]?.body?.bytes.toString()).toBe('seven');
});

it('what waits for its turn is told when the connection goes', async () => {
  const {session, heard, hangUp} = connection();
  session.wire.manners = {oneAtATime: true};
  const first = session.wire.command('NOOP');
  const second = session.wire.command('NOOP');
  await heard('F1 NOOP');
  hangUp();
  const told: unknown[] = [];
  second.catch((error: Error) => told.push(error.name));
  await expect(first).rejects.toMatchObject({name: 'ConnectionLost'});
  // Whatever was told together with it is told by now.
  await new Promise(setImmediate);
  expect(told).toEqual(['ConnectionLost']);
});

it('says the same of a FETCH behind a folder that it does not open, and means that none is open', async () => {
  const {session, say, heard} = connection();
  const opened = session.examine('Gone');
  const messages = session.messages([7]);
  await heard('F2 UID FETCH 7');
  say(`F1 NO [NONEXISTENT] Gone\r\nF2 ${notNow}\r\n`);
  await expect(opened).rejects.toMatchObject({name: 'ServerRefused'});
  await expect(messages).rejects.toMatchObject({name: 'ServerRefused'});
  expect(session.oneAtATime).toBe(false);
});

it('objects to nothing where one command came alone: that is its answer', async () => {
  const {session, say, heard} = connection();
  const asked = session.wire.command('NOOP');
  await heard('F1 NOOP');
  say(`F1 ${notNow}\r\n`);
  await expect(asked).rejects.toMatchObject({name: 'ServerRefused'});
  expect(session.oneAtATime).toBe(false);
});

it('an APPEND that it objects to is refused, the others get their answers, and mail goes one by one', async () => {
  const {session, say, heard} = connection({capabilities: ['LITERAL+']});
  expect(chooseStrategy(session)).toBe('pipelined');
  const [first, second] = ['one', 'two'].map(text => {
    const command = session.wire.open('APPEND INBOX');
    command.write(` {3+}\r\n${text}\r\n`);
    return command.done;
  });
  await heard('two\r\n');
  say(`F2 ${notNow}\r\nF1 OK [APPENDUID 1 1] stored\r\n`);
  await expect(second).rejects.toMatchObject({name: 'ServerRefused', isObjection: true});
  expect(await first).toContain('APPENDUID');
  expect(chooseStrategy(session)).toBe('single');
});
