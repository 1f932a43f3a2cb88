import {afterEach, expect, it} from 'vitest';
import {type Demo, type DemoOptions, demoFolder, startDemo} from '../../source/demo/demo.ts';
import {selectFolders} from '../../source/engine/folders/select.ts';
import type {Endpoint} from '../../source/request/schema.ts';
import {ImapConnection} from '../helpers/imap.ts';
import {countMessages, listFolders, type Mailbox, readMailbox} from '../helpers/mail.ts';

const demos: Demo[] = [];
afterEach(() => Promise.all(demos.splice(0).map(demo => demo.stop())));

async function start(options: Partial<DemoOptions> = {}): Promise<Demo> {
  const demo = await startDemo({now: () => 0, speed: 'full', ...options});
  demos.push(demo);
  return demo;
}

const accountOf = ({userId, domain}: Endpoint) => ({user: `${userId}@${domain}`, password: 'demo'});
const read = ({server: host, port: imapPort, ...end}: Endpoint) =>
  readMailbox({host, imapPort}, accountOf({server: host, port: imapPort, ...end}), {wholeBytes: true});
const all = (mailbox: Mailbox) => [...mailbox.values()].flat();

it('offers six mailboxes of varied mail, and empty ones to carry them to', async () => {
  const demo = await start();
  expect(demo.requests.length).toBe(6);
  for (const request of demo.requests) {
    const mail = await read(request.source);
    expect(countMessages(mail)).toBeGreaterThan(200);
    expect([...mail.keys()].some(path => /[^\x20-\x7e]/.test(path) && path.includes('/'))).toBe(true);
    const messages = all(mail);
    const sizes = messages.map(message => message.size);
    expect(Math.min(...sizes)).toBeLessThan(2_500);
    expect(Math.max(...sizes)).toBeGreaterThan(800_000);
    expect(messages.some(message => !/^message-id:/im.test(message.bytes.toString('latin1')))).toBe(true);
    expect(messages.some(message => message.flags.includes('$Forwarded'))).toBe(true);
    const years = messages.map(message => Number(message.internalDate.slice(7, 11)));
    expect([Math.min(...years), Math.max(...years)]).toEqual([1998, 2026]);
    expect(countMessages(await read(request.destination))).toBe(0);
  }
});

it('leaves folders that are not mail behind, in three languages', async () => {
  const demo = await start();
  const left: string[][] = [];
  for (const {source} of demo.requests) {
    const {user, password} = accountOf(source);
    const connection = await ImapConnection.open({host: source.server, imapPort: source.port}, user, {
      password,
    });
    const listed = await listFolders(connection);
    await connection.close();
    const folders = listed.map(({path, separator, attributes}) => ({
      path: path.split(separator),
      delimiter: separator,
      flags: attributes,
      noSelect: false,
      messages: 0,
    }));
    const chosen = selectFolders(folders, {include: [], exclude: [], withJunk: false, provider: 'o365'});
    expect(chosen.filter(folder => folder.selected).length).toBeGreaterThanOrEqual(6);
    left.push(chosen.filter(folder => !folder.selected).map(folder => folder.path));
  }
  const english = [
    ...['Calendar', 'Calendar/Birthdays', 'Contacts', 'Conversation History', 'Deleted Items'],
    ...['Deleted Items/Old offers', 'Junk Email', 'Notes', 'Tasks'],
  ];
  expect(left).toEqual([
    ...[english, english, english],
    ['Aufgaben', 'Gelöschte Elemente', 'Junk-E-Mail', 'Kalender', 'Kontakte'],
    ['Calendrier', 'Contacts', 'Courrier indésirable', 'Tâches', 'Éléments supprimés'],
    english,
  ]);
});

it('is the same every time, and has just one message that the destination refuses', async () => {
  const [one, again, without] = [await start(), await start(), await start({tooLarge: false})];
  const first = (demo: Demo) => {
    const request = demo.requests[0];
    if (request === undefined) throw new Error('no request');
    return request;
  };
  const mail = await read(first(one).source);
  const digests = (mailbox: Mailbox) => all(mailbox).map(message => message.sha256);
  expect(digests(mail)).toEqual(digests(await read(first(again).source)));
  const {destination} = first(one);
  const {user, password} = accountOf(destination);
  const server = {host: destination.server, imapPort: destination.port};
  const connection = await ImapConnection.open(server, user, {password});
  await connection.command(`CREATE "${demoFolder}"`);
  const refused: string[] = [];
  for (const message of all(mail))
    await connection.append(demoFolder, [message]).catch((error: Error) => refused.push(error.message));
  await connection.close();
  expect(refused).toEqual([expect.stringContaining('[TOOBIG]')]);
  expect(all(await read(first(without).source)).length).toBe(all(mail).length - 1);
});
