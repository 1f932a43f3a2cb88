// The demo: two IMAP servers on loopback and the requests that carry some mailboxes from one to the other. The
// first stands in for Office 365; nothing leaves the machine.
import {selectFolders} from '../engine/folders/select.ts';
import {decodeMailbox, encodeMailbox} from '../engine/imap/modified-utf7.ts';
import {type Endpoint, type Request, requestSchema} from '../request/schema.ts';
import {Secret} from '../request/secret.ts';
import {attachmentPool, mailTo} from './mail.ts';
import {type DemoPerson, people} from './people.ts';
import {seeded} from './random.ts';
import {type ImapServer, startImapServer} from './server/server.ts';
import {Mailbox} from './server/store.ts';

export type DemoOptions = {
  /** In ms. */
  readonly now: () => number;
  /** watch: as over a line that takes about half a minute for it all; full: as fast as it goes, for tests. */
  readonly speed?: 'watch' | 'full';
  /** Another seed makes other mail. */
  readonly seed?: number;
  /** Whether one message is larger than the destination takes, so that the report has something to name. */
  readonly tooLarge?: boolean;
};

export type Demo = {
  readonly requests: readonly Request[];
  readonly source: ImapServer;
  readonly destination: ImapServer;
  stop(): Promise<void>;
};

/** The folder at the destination that everything goes below. */
export const demoFolder = 'From Office 365';
const sourceDomain = 'harbour.example';
const destinationDomain = 'vault.example';
const password = 'demo';
const largestMessage = 1_500_000;
/** What the whole demo takes, by the line's speed. */
const watchSeconds = 30;
const latencyMs = 12;

/** Starts the servers and makes the requests. Rejects where loopback has no free port. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const {now, speed = 'watch', seed = 2026, tooLarge = true} = options;
  const sources = new Map<string, Mailbox>();
  const destinations = new Map<string, Mailbox>();
  const pool = attachmentPool(seeded(seed));
  let bytes = 0;
  for (const [index, person] of people.entries()) {
    const mailbox = mailboxOf(person, seed + index, pool, tooLarge && index === 0);
    bytes += bytesToCarry(mailbox);
    sources.set(`${person.userId}@${sourceDomain}`, mailbox);
    destinations.set(`${person.userId}@${destinationDomain}`, new Mailbox(password));
  }
  const bytesPerSecond = bytes / watchSeconds;
  const watched = speed === 'watch';
  const source = await startImapServer({
    mailboxes: sources,
    now,
    ...(watched ? {speed: {bytesPerSecond: bytesPerSecond * 4, latencyMs}} : {}),
  });
  const destination = await startImapServer({
    mailboxes: destinations,
    now,
    largestMessage,
    ...(watched ? {speed: {bytesPerSecond, latencyMs}} : {}),
  });
  return {
    requests: people.map(person => requestFor(person, source, destination)),
    source,
    destination,
    async stop() {
      await Promise.all([source.stop(), destination.stop()]);
    },
  };
}

function mailboxOf(person: DemoPerson, seed: number, pool: Buffer, tooLarge: boolean): Mailbox {
  const mailbox = new Mailbox(password);
  const mail = mailTo(`${person.userId}@${sourceDomain}`, seeded(seed), pool);
  for (const {path, messages, specialUse} of person.folders) {
    const folder = mailbox.create(path.map(encodeMailbox).join('/'), specialUse);
    for (let index = 0; index < messages; index += 1) folder.add(mail.message(index / messages));
    if (path[0] !== 'INBOX') continue;
    folder.add(mail.large(900_000, 'Aerial photographs of the harbour'));
    if (tooLarge) folder.add(mail.large(2_000_000, 'Film of the launch'));
  }
  return mailbox;
}

/** Bytes in the folders that the request's rule selects. */
function bytesToCarry(mailbox: Mailbox): number {
  const listed = mailbox.folders.map(folder => ({
    path: folder.name.split('/').map(decodeMailbox),
    delimiter: '/',
    flags: folder.specialUse === '' ? [] : [folder.specialUse],
    noSelect: false,
    messages: folder.messages.length,
  }));
  const chosen = selectFolders(listed, {include: [], exclude: [], withJunk: false, provider: 'o365'});
  return mailbox.folders.reduce(
    (sum, folder, index) => sum + (chosen[index]?.selected ? folder.bytes : 0),
    0,
  );
}

function requestFor(person: DemoPerson, source: ImapServer, destination: ImapServer): Request {
  const end = (provider: Endpoint['provider'], domain: string, server: ImapServer): Endpoint => ({
    provider,
    userId: person.userId,
    domain,
    server: server.host,
    port: server.port,
    security: 'none',
    auth: 'password',
    secret: {kind: 'value', secret: new Secret(password)},
  });
  return requestSchema.parse({
    title: person.name,
    type: 'O365-IMAP',
    source: end('o365', sourceDomain, source),
    destination: end('imap', destinationDomain, destination),
    destinationFolder: demoFolder,
  });
}
