// How large the next batches are made, and how many go out before an answer, by how long one has kept the destination.
import {expect, it} from 'vitest';
import {BatchSize} from '../../../source/engine/copy/batches.ts';
import {Budget} from '../../../source/engine/copy/budget.ts';
import type {MailboxContext} from '../../../source/engine/copy/context.ts';
import {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import {Meter} from '../../../source/engine/copy/lanes.ts';
import type {Outgoing} from '../../../source/engine/copy/outgoing.ts';
import {FolderRecords} from '../../../source/engine/copy/records.ts';
import {Window} from '../../../source/engine/copy/window.ts';
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

/** A writer on a connection that is played by hand, and what tells and changes the time. */
function newWriter(capabilities: readonly string[]) {
  const played = connection({capabilities});
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
  const clock = {now: 0};
  const server = new ServerMemory();
  const windows = {source: new Window(), target: new Window()};
  const batchSize = new BatchSize();
  const context = {
    ...{
      ledger,
      batchSize,
      ports: {now: () => clock.now, elapsed: () => clock.now},
      settings: {run: 'run'},
      job: job(end, end),
    },
    ...{budget: new Budget(100_000_000), meter: new Meter(), servers: {of: () => server}, windows},
  } as unknown as MailboxContext;
  const link = {server: 'a', pace: {progress: () => undefined}} as unknown as Link;
  const records = new FolderRecords(work, link, context, () => undefined);
  const writer = () => new Writer(work, played.session, server, context, records);
  const stored = (...tags: number[]) => {
    for (const tag of tags) played.say(`F${tag} OK [APPENDUID 5 ${tag}] Stored\r\n`);
  };
  return {...played, clock, server, windows, batchSize, writer, stored};
}

it('a batch that waited behind another is not slow for that: what it took itself counts', async () => {
  const {clock, batchSize, writer, stored} = newWriter(['LITERAL+']);
  // Of one connection, whoever writes on it.
  const [first, second] = [writer(), writer()];
  await first.send([outgoing(1), outgoing(2)], 20);
  await second.send([outgoing(3), outgoing(4)], 20);
  const before = batchSize.messages;
  clock.now = 1000;
  stored(1, 2);
  await first.confirm();
  clock.now = 2000;
  stored(3, 4);
  await second.confirm();
  expect(batchSize.messages).toBe(before);
  await first.send([outgoing(5), outgoing(6)], 20);
  clock.now = 4000;
  stored(5, 6);
  await first.confirm();
  expect(batchSize.messages).toBeLessThan(before);
});

it('one that was answered as it was sent is not quick for being confirmed behind others', async () => {
  const {clock, batchSize, writer, heard, say, stored} = newWriter([]);
  batchSize.small();
  const before = batchSize.messages;
  const one = writer();
  for (const tag of [1, 2, 3]) {
    const sent = one.send([outgoing(tag)], 10);
    await heard(`F${tag} APPEND`);
    clock.now += 2000;
    say('+ go\r\n');
    stored(tag);
    await sent;
  }
  for (const _ of [1, 2, 3]) await one.confirm();
  expect(batchSize.messages).toBeLessThan(before);
});

it('far away more are under way, as long as they take hardly longer than the way; two of the largest at most', async () => {
  const {clock, server, windows, writer, stored} = newWriter(['LITERAL+']);
  server.sawRoundTrip(60);
  const one = writer();
  let tag = 0;
  const send = async (times: number, bytes = 10) => {
    for (let time = 0; time < times; time++) await one.send([outgoing(++tag), outgoing(++tag)], bytes);
  };
  const answer = async (times: number, ms: number) => {
    clock.now += ms;
    for (let time = 0; time < times; time++) {
      stored(tag - one.unanswered * 2 + 1, tag - one.unanswered * 2 + 2);
      await one.confirm();
    }
  };
  await send(2);
  expect(one.full).toBe(false);
  await send(1);
  expect(one.full).toBe(true);
  await answer(3, 70);
  expect(windows.target.size).toBe(5);
  await send(5);
  expect(one.full).toBe(false);
  await answer(5, 70);
  await send(3, 4 * 1024 * 1024);
  expect(one.full).toBe(true);
  // They wait at the server for each other: fewer do as well.
  await answer(3, 600);
  expect(windows.target.size).toBe(5);
});

it('what is refused at once, or answered as it was sent, says nothing of how far a server is', async () => {
  const {server, windows, writer, say} = newWriter(['LITERAL+', 'MULTIAPPEND']);
  server.sawRoundTrip(60);
  const one = writer();
  await one.send([outgoing(1), outgoing(2)], 10);
  say('F1 NO [LIMIT] Too much\r\n');
  await one.answer();
  expect([one.answered, windows.target.size]).toEqual([true, 2]);
  const slow = newWriter([]);
  slow.server.sawRoundTrip(60);
  const sent = slow.writer().send([outgoing(1)], 10);
  await slow.heard('F1 APPEND');
  slow.say('+ go\r\n');
  slow.stored(1);
  await sent;
  expect(slow.windows.target.size).toBe(2);
});

it('a source that has announced too little holds no more memory for it', async () => {
  const {server, windows, writer} = newWriter(['LITERAL+']);
  server.sawRoundTrip(60);
  for (let times = 0; times < 6; times++) windows.target.took(60, 60);
  const one = writer();
  const body = new Literal([Buffer.alloc(3 * 1024 * 1024)]);
  for (const uid of [1, 2]) await one.send([{...outgoing(uid), body}], 10);
  expect(one.full).toBe(false);
  await one.send([{...outgoing(3), body}], 10);
  expect(one.full).toBe(true);
});
