// What servers in the field say and do that no RFC foresees: it costs no more than the message or the folder it is about.
import {expect, it} from 'vitest';
import {eventsOf, job, runEngine} from '../../helpers/engine.ts';
import {stopAfterwards} from '../../helpers/stopped.ts';
import {type HostileMessage, type Hostility, smallMail, startHostile} from '../../servers/hostile.ts';

const user = 'ann@baya.com';
const honest: Hostility = () => undefined;

type Mail = Readonly<Record<string, readonly HostileMessage[]>>;

/** From a mailbox with this mail to an empty one. */
async function pair(mail: Mail, source: Hostility = honest, destination: Hostility = honest) {
  const from = await startHostile(user, mail, source);
  const to = await startHostile(user, {}, destination);
  stopAfterwards(from, to);
  const carry = () =>
    runEngine([job({server: from, user}, {server: to, user})], {
      limits: {connections: 1},
    });
  const arrived = (folder: string) => to.mailbox.find(`Data17012018/${folder}`)?.messages ?? [];
  return {carry, arrived, to};
}

/** hMailServer has neither LIST-STATUS nor a NO for what is not there or may not be read. */
const hMailServer: Hostility = ({command, tag, reply}) => {
  if (/^(STATUS|EXAMINE|SELECT) .*Locked/.test(command))
    return `${tag} BAD ACL: Read permission denied (Required for ${command.split(' ')[0]} command).\r\n`;
  if (/^(STATUS|EXAMINE|SELECT) /.test(command) && reply.includes(`${tag} NO`))
    return `${tag} BAD Folder could not be found.\r\n`;
  return reply.replaceAll(' LIST-STATUS', '');
};

it('a folder that may not be read fails alone where the source answers STATUS with BAD', async () => {
  const {carry, arrived} = await pair(
    {INBOX: [smallMail(1)], Locked: [smallMail(2)], Notes2: [smallMail(3)]},
    hMailServer,
  );
  const run = await carry();
  const states = eventsOf(run, 'folder-state').filter(({state}) => state === 'failed');
  expect(states.map(({problem}) => problem?.code)).toEqual(['folder-unreadable']);
  expect([run.exitCode, run.totals.copied]).toEqual([3, 2]);
  expect(arrived('Notes2')).toHaveLength(1);
});

it('and one at the destination is nothing to what goes elsewhere', async () => {
  const mail = {Work: [smallMail(1)], work: [smallMail(2)]};
  const {carry, arrived, to} = await pair(mail, honest, hMailServer);
  to.mailbox.create('Locked');
  const run = await carry();
  expect([run.exitCode, run.totals]).toMatchObject([0, {copied: 2}]);
  expect([arrived('Work').length, arrived('work').length]).toEqual([1, 1]);
});
