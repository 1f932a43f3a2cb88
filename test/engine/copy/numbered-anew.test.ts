// A destination folder that another one stands in for, for a while: what was stored there has UIDs of that one.
import {expect, it, onTestFinished} from 'vitest';
import {freshState, job, runEngine} from '../../helpers/engine.ts';
import {smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const name = 'Data17012018/INBOX';

it('a UID of another numbering says nothing: the message is looked for, and no other is taken for it', async () => {
  const source = await startHostile(user, {INBOX: [1, 2].map(number => smallMail(number))}, () => undefined);
  // The first message goes to a folder that stands in for it, and is gone a moment later.
  let stored = 0;
  const destination = await startHostile(user, {}, ({command, reply}) => {
    const folder = destination.mailbox.find(name);
    if (command.startsWith('CREATE') && folder !== undefined) {
      const add = folder.add.bind(folder);
      folder.add = message => (++stored === 1 ? 1 : add(message));
    }
    return command.startsWith('APPEND') ? reply.replace(/APPENDUID \d+ 1]/, insteadOf) : undefined;
  });
  let answered = 0;
  const insteadOf = (honest: string) => (++answered === 1 ? 'APPENDUID 7 1]' : honest);
  onTestFinished(async () => {
    await Promise.all([source.stop(), destination.stop()]);
  });
  const subjects = () =>
    destination.mailbox.find(name)?.messages.map(({bytes}) => /Subject: (.*)\r/.exec(bytes.toString())?.[1]);
  const state = freshState();
  const carry = () =>
    runEngine([job({server: source, user, provider: 'imap'}, {server: destination, user})], {
      state,
      limits: {connections: 1},
    });
  const first = await carry();
  expect([first.exitCode, first.totals, subjects()]).toMatchObject([3, {copied: 1, failed: 1}, ['m 2']]);
  const again = await carry();
  expect([again.exitCode, again.totals, subjects()]).toMatchObject([0, {copied: 1}, ['m 2', 'm 1']]);
});
