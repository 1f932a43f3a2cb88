// Folders are counted at one end while they are created at the other: what is left under way when that breaks off is not
// mixed with what comes after it.
import {expect, it} from 'vitest';
import {freshState, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {hangUp, type Piece, smallMail, startHostile} from '../../servers/hostile.ts';

it('mail that comes while folders are counted again is not taken for counted: the next run brings it', async () => {
  const user = 'ann@baya.com';
  const counting = Promise.withResolvers<void>();
  const again = Promise.withResolvers<void>();
  const counted = Promise.withResolvers<void>();
  let opened = 0;
  let first = 0;
  const source = await startHostile(
    user,
    {A: [smallMail(1)], B: [smallMail(3), smallMail(4)]},
    ({command, reply, turn}) => {
      if (opened === 1 && command.startsWith('UID FETCH')) counting.resolve();
      if (!/^EXAMINE "?A/.test(command)) return undefined;
      if (++opened === 2) again.resolve();
      if (opened > 2) return undefined;
      if (opened === 1) first = turn;
      const wait = opened === 1 ? again : turn > first ? counted : undefined;
      return (async function* (): AsyncGenerator<Piece> {
        // Over the same connection, what the first one says is taken up before.
        await wait?.promise;
        yield reply;
      })();
    },
  );
  let lost = false;
  const destination = await startHostile(user, {'Data17012018/A': []}, ({command}) => {
    if (lost || !command.startsWith('CREATE')) return undefined;
    lost = true;
    return (async function* (): AsyncGenerator<Piece> {
      await counting.promise;
      source.mailbox.find('A')?.add({...smallMail(2), flags: [], date: '17-Jul-1996 02:44:25 -0700'});
      yield hangUp;
    })();
  });
  stopAfterwards(source, destination);
  const state = freshState();
  const run = () =>
    runEngine([job({server: source, user}, {server: destination, user})], {
      state,
      limits: {connections: 1, inactivityMs: 1500},
      ports: {sleep: async () => undefined},
      on: event => {
        if (event.type === 'folder-counted' && event.selected === 1) counted.resolve();
      },
    });
  expect([(await run()).exitCode, lost]).toEqual([0, true]);
  expect([(await run()).exitCode, (await run()).totals.selected]).toEqual([0, 4]);
  expect(destination.mailbox.find('Data17012018/A')?.messages).toHaveLength(2);
});
