// A lane may wake the very moment a folder counts as settled: what was found must not be left to be sent then.
import {expect, it} from 'vitest';
import {Batches, BatchSize} from '../../../source/engine/copy/batches.ts';
import type {MailboxContext} from '../../../source/engine/copy/context.ts';
import {FolderWork} from '../../../source/engine/copy/folder-work.ts';
import {intendedRow} from '../../../source/engine/copy/message-row.ts';
import {settle} from '../../../source/engine/copy/settle.ts';
import {Literal} from '../../../source/engine/imap/literal.ts';
import {Ledger} from '../../../source/engine/ledger/ledger.ts';
import {Servers} from '../../../source/engine/link/servers.ts';
import {job} from '../../helpers/engine.ts';
import {connection} from '../../helpers/hand-played.ts';

const end = {server: {host: '127.0.0.1', imapPort: 143}, user: 'ann@baya.com'};
const headerOf = (uid: number) =>
  `From: a@example.org\r\nDate: Mon, 2 Mar 1998 09:10:11 +0530\r\nMessage-ID: <${uid}@example.org>\r\n\r\n`;

it('what was found is not left to be sent when the folder counts as settled', async () => {
  const [here, there] = [connection(), connection()];
  const ledger = Ledger.open(':memory:', 'pair');
  const folder = ledger.resetFolder({
    source: '["A"]',
    destination: 'A',
    sourceUidValidity: 1,
    destinationUidValidity: 5,
  });
  for (const uid of [1, 2]) {
    const body = new Literal([Buffer.from(headerOf(uid))]);
    ledger.put(folder.id, intendedRow({uid, internalDate: ''}, body, body.length, {run: 'run', at: 1}));
  }
  const source = {name: 'A', wire: 'A', path: ['A'], delimiter: '/', flags: [], noSelect: false};
  const pair = {folder: 0, source, shown: 'A', destination: 'A', destinationStatus: undefined};
  const work = new FolderWork(0, pair, () => undefined);
  work.ledgerFolder = folder;
  work.sourceUidValidity = 1;
  work.batches = new Batches([1, 2], new Map(), new BatchSize());
  work.lost(0);
  let left: readonly number[] | undefined;
  let isUnsettled = true;
  Object.defineProperty(work, 'unsettled', {
    get: () => isUnsettled,
    set: (value: boolean) => {
      isUnsettled = value;
      left = [...work.batches.remaining()];
    },
  });
  const ports = {now: () => 0, elapsed: () => 0};
  const settings = {run: 'run', limits: {settleMs: 0}};
  const servers = new Servers();
  const context = {
    ...{ledger, job: job(end, end), ports, settings, servers, began: 0},
  } as unknown as MailboxContext;
  const settled = settle(work, {source: here.session, target: there.session}, context, 'sent');
  await there.heard('SELECT "A"');
  there.say('* 1 EXISTS\r\n* OK [UIDVALIDITY 5] Ok\r\n* OK [UIDNEXT 2] Ok\r\nF1 OK\r\n');
  await there.heard('UID SEARCH');
  there.say('* SEARCH 1\r\nF2 OK\r\n');
  await there.heard('UID FETCH 1');
  const header = headerOf(1);
  there.say(
    `* 1 FETCH (UID 1 FLAGS () INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE ${header.length} BODY[HEADER.FIELDS (FROM)] {${header.length}}\r\n${header})\r\nF3 OK\r\n`,
  );
  await here.heard('EXAMINE "A"');
  here.say('* 2 EXISTS\r\n* OK [UIDVALIDITY 1] Ok\r\nF1 OK\r\n');
  await here.heard('UID FETCH 1 (UID FLAGS)');
  here.say('* 1 FETCH (UID 1 FLAGS ())\r\nF2 OK\r\n');
  await settled;
  expect([isUnsettled, left]).toEqual([false, [2]]);
});
