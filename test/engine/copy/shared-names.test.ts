// A source with folders whose names read the same.
import {expect, it} from 'vitest';
import {startImapServer} from '../../../source/demo/server/server.ts';
import {Mailbox} from '../../../source/demo/server/store.ts';
import {inspect} from '../../../source/engine/look/inspect.ts';
import {ports, settings} from '../../helpers/check.ts';
import {eventsOf, freshState, job, runEngine} from '../../helpers/engine.ts';
import {plainMail} from '../../helpers/meddled.ts';

const raw = Buffer.from('caf\u00e9').toString('latin1');

it.each([
  ['one in modified UTF-7, one as raw UTF-8', ['caf&AOk-', 'caf\u00e9'], ['caf\u00e9', raw]],
  ['two spellings in modified UTF-7', ['ab', '&AGE-b'], ['ab', '&AGE-b']],
])('two folders whose names read the same are both copied, and it is told: %s', async (_, wires, shown) => {
  const [from, to] = [new Mailbox('pass'), new Mailbox('pass')];
  const [one, other] = await Promise.all([
    startImapServer({mailboxes: new Map([['ann@baya.example', from]]), now: Date.now}),
    startImapServer({mailboxes: new Map([['bob@vault.example', to]]), now: Date.now}),
  ]);
  const state = freshState();
  const add = (name: string, count: number, seed: number) => {
    for (const {bytes} of plainMail(count, seed))
      from.create(name).add({bytes, flags: [], date: '17-Jul-1996 02:44:25 -0700'});
  };
  const what = job(
    {server: {host: one.host, imapPort: one.port}, user: 'ann@baya.example', provider: 'imap'},
    {server: {host: other.host, imapPort: other.port}, user: 'bob@vault.example'},
  );
  const arrived = () => to.folders.map(({messages}) => messages.length).filter(count => count > 0);
  try {
    for (const [index, wire] of wires.entries()) add(wire, index + 2, index);
    const foreseen = await inspect(what, settings, ports, new AbortController().signal);
    const first = await runEngine([what], {state});
    const planned = eventsOf(first, 'folders-planned')[0]?.folders ?? [];
    for (const folders of [planned, foreseen.folders])
      expect(folders.map(({source, messages}) => [source, messages])).toEqual([
        ['INBOX', 0],
        ...shown.map((name, index) => [name, index + 2]),
      ]);
    expect([first.exitCode, first.totals.copied, arrived()]).toMatchObject([0, 5, {length: 2}]);
    const told = eventsOf(first, 'note').map(({problem}) => problem);
    for (const problems of [told, foreseen.problems])
      expect(problems).toMatchObject([{code: 'folder-name-shared'}]);
    // What comes to one of them is not taken for the other's.
    add(wires[1] ?? '', 1, 7);
    expect((await runEngine([what], {state})).totals).toMatchObject({copied: 1, alreadyPresent: 5});
  } finally {
    await Promise.all([one.stop(), other.stop()]);
  }
});
