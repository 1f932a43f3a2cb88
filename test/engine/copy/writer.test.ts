// Before a refused message is sent once more the destination is asked whether it has it all the same.
import {expect, it} from 'vitest';
import type {MailboxContext} from '../../../source/engine/copy/context.ts';
import {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import {FolderRecords} from '../../../source/engine/copy/records.ts';
import {Writer} from '../../../source/engine/copy/writer.ts';
import {Ledger} from '../../../source/engine/ledger/ledger.ts';
import type {Link} from '../../../source/engine/link/link.ts';
import {ServerMemory} from '../../../source/engine/link/servers.ts';
import {job} from '../../helpers/engine.ts';
import {connection} from '../../helpers/hand-played.ts';

const end = {server: {host: '127.0.0.1', imapPort: 143}, user: 'ann@baya.com'};

const two = '* STATUS "A" (MESSAGES 2 UIDNEXT 3 UIDVALIDITY 5)\r\nF1 OK\r\n';

/** Whether a destination holds more that counts two, by what was written down before it is asked, and while it counts. */
async function holdsMore(before: readonly number[], meanwhile: readonly number[], says = two) {
  const {session, say, heard} = connection();
  const ledger = Ledger.open(':memory:', 'pair');
  const folder = ledger.resetFolder({
    source: '["A"]',
    destination: 'A',
    sourceUidValidity: 1,
    destinationUidValidity: 5,
  });
  const store = (uid: number) =>
    ledger.put(folder.id, {uid, state: 'stored', destinationUid: uid, strong: false, run: 'run'});
  const source = {name: 'A', wire: 'A', path: ['A'], delimiter: '/', flags: [], noSelect: false};
  const pair = {folder: 0, source, shown: 'A', destination: 'A', destinationStatus: undefined};
  const work = new FolderWork(0, pair, () => undefined);
  work.ledgerFolder = folder;
  const context = {ledger, job: job(end, end), ports: {}, settings: {}} as unknown as MailboxContext;
  const records = new FolderRecords(work, {} as Link, context, () => undefined);
  before.forEach(store);
  const answer = new Writer(work, session, new ServerMemory(), context, records).holdsMore();
  await heard('STATUS "A"');
  meanwhile.forEach(store);
  say(says);
  return answer;
}

it('what is there and was written down before is no more than is known', async () => {
  expect(await holdsMore([1, 2], [])).toBe(false);
});

it('what another lane writes down while the destination counts hides nothing that was refused and is there', async () => {
  expect(await holdsMore([1], [2])).toBe(true);
});

it.each(['NO Not allowed', 'BAD ACL: Read permission denied'])(
  'a destination that does not tell (%s) may hold anything',
  async refusal => {
    expect(await holdsMore([1, 2], [], `F1 ${refusal}\r\n`)).toBe(true);
  },
);
