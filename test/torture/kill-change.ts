// What others do at both ends between a whole run and the one that is killed: mail gets other UIDs, some is new, some is
// gone; a copy is deleted, and a stranger's message lies beside the others.
import {ImapConnection} from '../helpers/imap.ts';
import {fill, type Mailbox, readMailbox, type StoredMessage} from '../helpers/mail.ts';
import {corpus} from '../helpers/mail-corpus.ts';
import {expunge, type Site, sourceAddress, type Variant} from './kill-site.ts';

export type ChangedMailbox = {
  /** Its user id, for the requests of the first run. */
  readonly source: string;
  /** After that run. @param copies where it went */
  change(copies: readonly {readonly variant: Variant; readonly user: string}[]): Promise<AfterChange>;
};

export type AfterChange = {
  golden(variant: Variant): Mailbox;
  /** What is at the source. */
  readonly source: Mailbox;
};

const below = 'Data17012018';
/** In none of the odd mailboxes there is anything but these. */
const edited = 'Sent Items';
const renumbered = 'Projects';
const grown = 'INBOX';

const strangers = [
  {
    path: ['INBOX'],
    messages: corpus(1, {seed: 990, kinds: ['plain']}).map(each => ({...each, flags: ['\\Seen']})),
  },
];

export async function newChanged(site: Site): Promise<ChangedMailbox> {
  const source = await site.another();
  const scratch = `${source}-stranger@baya.com`;
  await fill(site.source, scratch, strangers);
  const [stranger] = (await readMailbox(site.source, scratch)).get('INBOX') ?? [];
  const [deleted, expunged] = site.mail.get(edited) ?? [];
  if (stranger === undefined || deleted === undefined || expunged === undefined)
    throw new Error('The mailbox has too little mail to change');
  return {
    source,
    async change(copies) {
      await changeSource(site, sourceAddress(source), expunged);
      const now = await readMailbox(site.source, sourceAddress(source));
      const fresh = (now.get(grown) ?? []).slice(site.mail.get(grown)?.length);
      await Promise.all(
        copies.map(async ({variant, user}) => {
          await site.remove(variant, user, `${below}/${edited}`, deleted.sha256);
          for (const message of strangers.flatMap(({messages}) => messages))
            await site.store(variant, user, `${below}/${grown}`, message);
        }),
      );
      return {
        source: now,
        golden: variant => {
          const golden = new Map(site.golden(variant));
          const put = (folder: string, with_: (all: readonly StoredMessage[]) => StoredMessage[]) =>
            golden.set(`${below}/${folder}`, with_(golden.get(`${below}/${folder}`) ?? []));
          put(grown, all => [...all, ...fresh, stranger]);
          put(edited, all => all.filter(({sha256}) => sha256 !== deleted.sha256));
          return golden;
        },
      };
    },
  };
}

async function changeSource(site: Site, user: string, expunged: StoredMessage): Promise<void> {
  const connection = await ImapConnection.open(site.source, user);
  try {
    await connection.command('CREATE Away');
    for (const [from, to] of [
      [renumbered, 'Away'],
      ['Away', renumbered],
    ]) {
      await connection.command(`SELECT "${from}"`);
      await connection.command(`UID MOVE 1:* "${to}"`);
    }
    await connection.command('UNSELECT');
    await connection.command('DELETE Away');
    await expunge(connection, edited, expunged.sha256);
    await connection.append(grown, corpus(3, {seed: 991, kinds: ['plain', 'html', 'no-message-id']}));
  } finally {
    await connection.close();
  }
}
