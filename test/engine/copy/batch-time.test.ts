// How large the next batches are made by how long one has kept the destination.
import {expect, it} from 'vitest';
import {BatchSize} from '../../../source/engine/copy/batches.ts';
import {Budget} from '../../../source/engine/copy/budget.ts';
import type {MailboxContext} from '../../../source/engine/copy/context.ts';
import {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import {Meter} from '../../../source/engine/copy/lanes.ts';
import type {Outgoing} from '../../../source/engine/copy/outgoing.ts';
import {FolderRecords} from '../../../source/engine/copy/records.ts';
import {Writer} from '../../../source/engine/copy/writer.ts';
import {Literal} from '../../../source/engine/imap/literal.ts';
import {Ledger} from '../../../source/engine/ledger/ledger.ts';
import type {Link} from '../../../source/engine/link/link.ts';
import {ServerMemory} from '../../../source/engine/link/servers.ts';
import {job} from '../../helpers/engine.ts';
import {connection} from '../../helpers/hand-played.ts';

const end = {server: {host: '127.0.0.1', imapPort: 143}, user: 'ann@baya.com'};
const outgoing = (uid: number): Outgoing => ({
  row: {uid, state: 'intended', strong: false, run: 'run'},
  flags: [],
  internalDate: '',
  body: new Literal([Buffer.from('a message')]),
});

it('a batch that waited behind another is not slow for that: what it took itself counts', async () => {
  const {session, say} = connection({capabilities: ['LITERAL+']});
  const ledger = Ledger.open(':memory:', 'pair');
  const source = {name: 'A', wire: 'A', path: ['A'], delimiter: '/', flags: [], noSelect: false};
  const pair = {folder: 0, source, shown: 'A', destination: 'A', destinationStatus: undefined};
  const work = new FolderWork(0, pair, () => undefined);
  work.ledgerFolder = ledger.resetFolder({
    source: '["A"]',
    destination: 'A',
    sourceUidValidity: 1,
    destinationUidValidity: 5,
  });
  let now = 0;
  const server = new ServerMemory();
  const batchSize = new BatchSize();
  const context = {
    ...{ledger, batchSize, ports: {now: () => now}, settings: {run: 'run'}, job: job(end, end)},
    ...{budget: new Budget(1_000_000), meter: new Meter(), servers: {of: () => server}},
  } as unknown as MailboxContext;
  const link = {server: 'a', pace: {progress: () => undefined}} as unknown as Link;
  const writer = new Writer(
    work,
    session,
    server,
    context,
    new FolderRecords(work, link, context, () => undefined),
  );
  await writer.send([outgoing(1), outgoing(2)], 20);
  await writer.send([outgoing(3), outgoing(4)], 20);
  const before = batchSize.messages;
  for (const [at, tags] of [
    [1000, [1, 2]],
    [2000, [3, 4]],
  ] as const) {
    now = at;
    for (const tag of tags) say(`F${tag} OK [APPENDUID 5 ${tag}] Stored\r\n`);
    await writer.confirm();
  }
  expect(batchSize.messages).toBe(before);
  await writer.send([outgoing(5), outgoing(6)], 20);
  now = 4000;
  for (const tag of [5, 6]) say(`F${tag} OK [APPENDUID 5 ${tag}] Stored\r\n`);
  await writer.confirm();
  expect(batchSize.messages).toBeLessThan(before);
});
