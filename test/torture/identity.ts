// Mailboxes of messages that are hard to tell apart, at destinations that keep them or write them anew, carried without a
// ledger: none is brought twice, none is left out.
import {rmSync} from 'node:fs';
import {freshState, job, runEngine} from '../helpers/engine.ts';
import {fill, readMailbox} from '../helpers/mail.ts';
import type {MailToStore} from '../helpers/mail-corpus.ts';
import {type Random, seeded} from '../helpers/mail-random.ts';
import {asSent, type Described, render, type Style} from '../helpers/mail-rendered.ts';
import {type Dovecot, startDovecot} from '../servers/dovecot.ts';
import {startExchange} from '../servers/exchange/server.ts';
import type {Part, PartJob} from './part.ts';

const kinds = ['written anew', 'broken off', 'Exchange'] as const;
type Kind = (typeof kinds)[number];

const root = 'Data17012018';
const folders = ['INBOX', 'Work'] as const;

export const identity: Part = {
  name: 'identity',
  about: 'messages hard to tell apart, written anew by the destination, without a ledger',
  async run(part) {
    const [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    const servers = {source, destination};
    try {
      if (part.only !== undefined) {
        const [kind, seed] = part.only.split(':');
        await tryOne(kinds.find(each => each === kind) ?? 'written anew', Number(seed), servers, part);
      } else
        for (let number = 0; Date.now() < part.until; number += 1)
          await tryOne(
            kinds[number % kinds.length] ?? 'Exchange',
            part.seed * 100_000 + number,
            servers,
            part,
          );
    } finally {
      await Promise.all([source.stop(), destination.stop()]);
    }
  },
};

type Servers = {readonly source: Dovecot; readonly destination: Dovecot};
type Carried = Awaited<ReturnType<typeof runEngine>>;

async function tryOne(kind: Kind, seed: number, servers: Servers, {tally, say}: PartJob): Promise<void> {
  tally.tried(kind);
  say(`${kind}, ${seed}`);
  const random = seeded(seed);
  const mail = folders.map(folder => ({folder, messages: described(random)}));
  const user = `i${seed}-${kinds.indexOf(kind)}`;
  await fill(
    servers.source,
    `${user}@baya.com`,
    mail.map(({folder, messages}) => ({
      path: [folder],
      messages: messages.map(each => sent(each, [asSent], 0)),
    })),
  );
  const wrong =
    kind === 'Exchange'
      ? await toExchange(user, servers, random)
      : await toDovecot(user, servers, mail, random, kind === 'written anew');
  tally.compared(mail.reduce((all, {messages}) => all + messages.length, 0));
  tally.lost(wrong.lost, `${kind}, ${seed}`);
  tally.doubled(wrong.doubled, `${kind}, ${seed}`);
  if (wrong.lost + wrong.doubled > 0 || wrong.broken !== '')
    tally.failed(
      `${kind}: ${wrong.lost} lost, ${wrong.doubled} doubled ${wrong.broken}`,
      `npm run torture -- --only identity --case '${kind}:${seed}'`,
    );
}

type Wrong = {readonly lost: number; readonly doubled: number; readonly broken: string};

function broken(run: Carried): string {
  if (run.exitCode === 0) return '';
  const problems = run.events.flatMap(event =>
    'problem' in event && event.problem ? [event.problem.sentence] : [],
  );
  return `ended with ${run.exitCode}: ${[...new Set(problems)].join(' ')}`;
}

async function withoutLedger(work: ReturnType<typeof job>): Promise<Carried> {
  const state = freshState();
  try {
    return await runEngine([work], {state});
  } finally {
    rmSync(state, {recursive: true, force: true});
  }
}

/** The destination holds all of it, each message written in a way of its own; or some of it, byte for byte. */
async function toDovecot(
  user: string,
  {source, destination}: Servers,
  mail: readonly {readonly folder: string; readonly messages: readonly Written[]}[],
  random: Random,
  anew: boolean,
): Promise<Wrong> {
  const styles = anew ? Array.from({length: 1 + random.below(4)}, () => style(random)) : [asSent];
  const to = `${user}@vault.example`;
  const there = mail.map(({folder, messages}) => {
    const kept = messages
      .filter(() => anew || random.below(2) === 0)
      .map((each, index) => ({message: sent(each, styles, index), at: random.below(1000)}))
      .sort((one, other) => one.at - other.at);
    return {path: [root, folder], messages: kept.map(({message}) => message)};
  });
  await fill(destination, to, [{path: [root], messages: []}, ...there]);
  const before = there.reduce((all, {messages}) => all + messages.length, 0);
  const all = mail.reduce((sum, {messages}) => sum + messages.length, 0);
  const work = job({server: source, user: `${user}@baya.com`}, {server: destination, user: to});
  const first = await withoutLedger(work);
  const again = await withoutLedger(work);
  const doubled = Math.max(0, first.totals.copied - (all - before)) + again.totals.copied;
  if (anew) return {lost: 0, doubled, broken: broken(first) || broken(again)};
  const [from, into] = await Promise.all([
    readMailbox(source, `${user}@baya.com`),
    readMailbox(destination, to),
  ]);
  let lost = 0;
  for (const folder of folders) {
    const left = (into.get(`${root}/${folder}`) ?? []).map(({sha256, internalDate}) => sha256 + internalDate);
    for (const {sha256, internalDate} of from.get(folder) ?? []) {
      const at = left.indexOf(sha256 + internalDate);
      if (at === -1) lost += 1;
      else left.splice(at, 1);
    }
  }
  return {lost, doubled, broken: broken(first) || broken(again)};
}

/** A simulated Exchange that writes everything anew. */
async function toExchange(user: string, {source}: Servers, random: Random): Promise<Wrong> {
  const rewrite = random.pick(['mime', 'mapi'] as const);
  const server = await startExchange({
    quirks: {password: 'accepted', rewrite, appendUid: random.below(2) === 0},
  });
  try {
    const to = `${user}@contoso.example`;
    const mailbox = server.mailbox(to);
    const arrived = () =>
      folders.reduce((all, folder) => all + mailbox.messages(`${root}/${folder}`).length, 0);
    const work = job({server: source, user: `${user}@baya.com`}, {server, user: to, provider: 'o365'});
    const first = await withoutLedger(work);
    if (first.exitCode !== 0) return {lost: 0, doubled: 0, broken: broken(first)};
    const after = arrived();
    const again = await withoutLedger(work);
    return {
      lost: first.totals.selected - after,
      doubled: arrived() - after,
      broken: broken(first) || broken(again),
    };
  } finally {
    await server.stop();
  }
}

type Written = Described & {readonly received: string};

const received = ['17-Jul-2019 02:44:25 +0000', '17-Jul-2019 02:44:26 +0000', '01-Jan-2020 00:00:00 +0000'];

function described(random: Random): Written[] {
  return Array.from({length: 1 + random.below(18)}, () => ({
    id: random.pick(['', 'one@example.org', 'two@example.org', `${random.below(1e6)}@example.org`]),
    date: [undefined, 1_500_000_000, 1_500_000_060][random.below(3)],
    from: random.pick(['ann@example.org', 'bob@example.org']),
    subject: random.pick(['', 'Plain', 'Grüße aus Łódź']),
    body: [undefined, '', 'Short.\r\n', 'A longer text.\r\nZoë\r\n'][random.below(4)],
    noted: random.pick(['', '1.5', 'relay-7']),
    received: random.pick(received),
  }));
}

const style = (random: Random): Style => ({
  zone: random.pick([0, -480, 330, 765]),
  words: random.pick(['B', 'Q', 'raw'] as const),
  fold: random.below(2) === 0,
  reverse: random.below(2) === 0,
  names: random.pick(['usual', 'lower', 'upper'] as const),
  body: random.pick(['as it is', 'base64', 'quoted-printable'] as const),
  adds: random.below(2) === 0,
  completes: random.below(2) === 0,
});

const sent = (message: Written, styles: readonly Style[], index: number): MailToStore => ({
  kind: 'plain',
  bytes: render(message, styles[index % styles.length] ?? asSent, index),
  flags: [],
  date: message.received,
});
