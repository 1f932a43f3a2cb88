// The mail of the benchmark: the same for the same seed, made faster than a server can store it.
import {ImapConnection, type MailServer, type MessageToAppend} from '../test/helpers/imap.ts';
import {type Random, seeded} from '../test/helpers/mail-random.ts';

export type Corpus = {
  readonly name: string;
  readonly folders: readonly FolderPlan[];
  readonly messages: number;
  readonly bytes: number;
};

/** Folder names hold no separator and nothing that a configuration file would have to quote. */
type FolderPlan = {
  readonly name: string;
  readonly seed: number;
  readonly sizes: readonly number[];
  readonly bytes: number;
};

/** Messages of 8 to 12 KB, the same number in each of 5 folders. */
export function smallCorpus(messages: number): Corpus {
  return plan('small', messages, 5, random => 8_000 + random.below(4_000));
}

/** The same in one folder: what one connection carries shows, since a folder has one. */
export function inboxCorpus(messages: number): Corpus {
  return plan('inbox', messages, 1, random => 8_000 + random.below(4_000));
}

/** Many folders with two small messages in each: what a folder costs shows, not what mail costs. */
export function foldersCorpus(messages: number): Corpus {
  return plan('folders', messages, messages / 2, random => 2_000 + random.below(4_000));
}

/** What a mailbox costs shows: 100 messages in 5 folders. */
export function mailboxCorpus(): Corpus {
  return plan('mailbox', 100, 5, random => 2_000 + random.below(8_000));
}

/** As mailboxes are: most messages small, most bytes in few; to 20 MB, 340 KB each on average. */
export function mixedCorpus(messages: number, folders = 25): Corpus {
  return plan('mixed', messages, folders, random => {
    const kind = random.below(1_000);
    if (kind < 610) return 3_000 + random.below(37_000);
    if (kind < 910) return 40_000 + random.below(360_000);
    if (kind < 992) return 400_000 + random.below(3_600_000);
    return 4_000_000 + random.below(16_000_000);
  });
}

function plan(name: string, messages: number, folders: number, size: (random: Random) => number): Corpus {
  const random = seeded(messages + folders);
  const plans = Array.from({length: folders}, (_, index) => {
    const count = Math.floor(messages / folders) + (index < messages % folders ? 1 : 0);
    const sizes = Array.from({length: count}, () => size(random));
    return {
      name: index === 0 ? 'INBOX' : `Work ${index}`,
      seed: messages * 100 + index,
      sizes,
      bytes: sizes.reduce((sum, each) => sum + each, 0),
    };
  });
  return {name, folders: plans, messages, bytes: plans.reduce((sum, each) => sum + each.bytes, 0)};
}

const blockBytes = 1 << 20;
let block: Buffer | undefined;

/** Lines of 76 characters that do not compress to nothing, as base64 attachments are. */
function textBlock(): Buffer {
  if (block === undefined) {
    const text = seeded(7).bytes(blockBytes).toString('base64');
    block = Buffer.from((text.match(/.{1,76}/g) ?? []).join('\r\n')).subarray(0, blockBytes);
  }
  return block;
}

const day = 86_400_000;
const firstDay = Date.UTC(2015, 0, 1);
const flagSets = [[], ['\\Seen'], ['\\Seen'], ['\\Seen', '\\Answered'], ['\\Seen', '\\Flagged']];

/** An IMAP date-time in UTC. */
function dateTime(ms: number): string {
  const [, date = '', month = '', year = '', time = ''] = new Date(ms).toUTCString().split(' ');
  return `${date}-${month}-${year} ${time} +0000`;
}

function message(random: Random, folder: FolderPlan, index: number, size: number): MessageToAppend {
  const at = firstDay + random.below(4_000) * day + random.below(86_400) * 1_000;
  const head = Buffer.from(
    [
      `Received: from mx.example.org by mail.example.com; ${new Date(at).toUTCString()}`,
      `From: Person ${random.below(200)} <p${random.below(200)}@example.org>`,
      'To: john@baya.com',
      `Subject: ${folder.name} number ${index}`,
      `Date: ${new Date(at).toUTCString()}`,
      `Message-ID: <${folder.seed}.${index}.${random.below(1e9)}@example.org>`,
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=us-ascii',
      '',
      '',
    ].join('\r\n'),
  );
  const text = textBlock();
  const parts: Buffer[] = [head];
  let left = size - head.length - 2;
  for (let from = random.below(text.length / 2); left > 0; from = 0) {
    const part = text.subarray(from, from + left);
    parts.push(part);
    left -= part.length;
  }
  parts.push(Buffer.from('\r\n'));
  return {bytes: Buffer.concat(parts), flags: random.pick(flagSets), date: dateTime(at)};
}

/** Stores the corpus in a mailbox, one connection after the other, holding a few MB at a time. */
export async function fillCorpus(server: MailServer, user: string, corpus: Corpus): Promise<void> {
  const connection = await ImapConnection.open(server, user);
  try {
    for (const folder of corpus.folders) {
      if (folder.name !== 'INBOX') await connection.command(`CREATE "${folder.name}"`);
      const random = seeded(folder.seed);
      let batch: MessageToAppend[] = [];
      let bytes = 0;
      for (const [index, size] of folder.sizes.entries()) {
        batch.push(message(random, folder, index, size));
        bytes += size;
        if (batch.length < 200 && bytes < 4_000_000) continue;
        await connection.append(folder.name, batch);
        batch = [];
        bytes = 0;
      }
      await connection.append(folder.name, batch);
    }
  } finally {
    await connection.close();
  }
}
