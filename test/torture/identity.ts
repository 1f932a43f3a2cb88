// Mailboxes of messages that are hard to tell apart, at destinations that keep them or write them anew, carried without a
// ledger: none is brought twice, none is left out. What is at the destination is read and counted after each run: the
// engine's own totals prove nothing of it.
import {rmSync} from 'node:fs';
import {freshState, job, runEngine} from '../helpers/engine.ts';
import {fill, instantOf, readMailbox} from '../helpers/mail.ts';
import {type Random, seeded} from '../helpers/mail-random.ts';
import {asSent, tokenIn} from '../helpers/mail-rendered.ts';
import {type Dovecot, startDovecot} from '../servers/dovecot.ts';
import {startExchange} from '../servers/exchange/server.ts';
import {compareCounts} from './golden.ts';
import {described, sent, someOf, style, type Written, withoutKeywords} from './identity-mail.ts';
import type {Part, PartJob} from './part.ts';

const kinds = ['written anew', 'partly written anew', 'broken off', 'Exchange'] as const;
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
      ? await toExchange(user, servers, mail, random)
      : await toDovecot(user, servers, mail, random, kind);
  tally.compared(mail.reduce((all, {messages}) => all + messages.length, 0));
  tally.lost(wrong.lost, `${kind}, ${seed}`);
  tally.doubled(wrong.doubled, `${kind}, ${seed}`);
  if (wrong.lost + wrong.doubled > 0 || wrong.broken !== '')
    tally.failed(
      `${kind}: ${wrong.lost} lost, ${wrong.doubled} doubled: ${wrong.broken}`,
      `npm run torture -- --only identity --case '${kind}:${seed}'`,
    );
}

type Wrong = {readonly lost: number; readonly doubled: number; readonly broken: string};
type Mail = readonly {readonly folder: string; readonly messages: readonly Written[]}[];

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

/** A message as it is counted: what tells it apart where it is. */
const printOf = (folder: string, what: string, date: string) => `${folder} | ${what} | ${instantOf(date)}`;

/**
 * Runs again and again, each without a ledger, and counts after each of them what is there.
 * @param before each run
 */
async function counted(
  work: ReturnType<typeof job>,
  wanted: readonly string[],
  found: () => Promise<readonly string[]>,
  before: readonly (() => void)[],
): Promise<Wrong> {
  const wrong = {lost: 0, doubled: 0, broken: ''};
  for (const prepare of before) {
    prepare();
    const run = await withoutLedger(work);
    const {lost, doubled, foreign} = compareCounts(wanted, await found());
    // What one run has lost or doubled the next ones find so: it is counted once.
    wrong.lost = Math.max(wrong.lost, lost.length);
    wrong.doubled = Math.max(wrong.doubled, doubled.length);
    wrong.broken ||= [
      broken(run),
      ...lost.slice(0, 3).map(print => `lost ${print}`),
      ...doubled.slice(0, 3).map(print => `doubled ${print}`),
      ...foreign.slice(0, 3).map(print => `nobody sent ${print}`),
    ]
      .filter(what => what !== '')
      .join('; ');
  }
  return wrong;
}

const nothing = () => undefined;

/**
 * The destination holds all of it or some, each message written in a way of its own and without its keywords; or some of
 * it, byte for byte.
 */
async function toDovecot(
  user: string,
  {source, destination}: Servers,
  mail: Mail,
  random: Random,
  kind: Exclude<Kind, 'Exchange'>,
): Promise<Wrong> {
  const exact = kind === 'broken off';
  const styles = exact ? [asSent] : Array.from({length: 1 + random.below(4)}, () => style(random));
  const to = `${user}@vault.example`;
  const there = mail.map(({folder, messages}) => {
    const stored = messages.map((each, index) => sent(exact ? each : withoutKeywords(each), styles, index));
    return {path: [root, folder], messages: kind === 'written anew' ? stored : someOf(stored, random)};
  });
  await fill(destination, to, [{path: [root], messages: []}, ...there]);
  const work = job({server: source, user: `${user}@baya.com`}, {server: destination, user: to});
  const printsAt = async (server: Dovecot, account: string, below: string) => {
    const mailbox = await readMailbox(server, account);
    return folders.flatMap(folder =>
      (mailbox.get(below + folder) ?? []).map(({bytes, sha256, internalDate}) =>
        printOf(folder, exact ? sha256 : tokenIn(bytes), internalDate),
      ),
    );
  };
  const wanted = await printsAt(source, `${user}@baya.com`, '');
  return counted(work, wanted, () => printsAt(destination, to, `${root}/`), [nothing, nothing]);
}

/** A simulated Exchange that writes everything anew; between the runs some of it is taken away. */
async function toExchange(user: string, {source}: Servers, mail: Mail, random: Random): Promise<Wrong> {
  const rewrite = random.pick(['mime', 'mapi'] as const);
  const server = await startExchange({
    quirks: {password: 'accepted', rewrite, appendUid: random.below(2) === 0},
  });
  try {
    const to = `${user}@contoso.example`;
    const mailbox = server.mailbox(to);
    const work = job({server: source, user: `${user}@baya.com`}, {server, user: to, provider: 'o365'});
    const wanted = mail.flatMap(({folder, messages}) =>
      messages.map(({token, received}) => printOf(folder, token, received)),
    );
    const found = async () =>
      folders.flatMap(folder =>
        mailbox.messages(`${root}/${folder}`).map(({bytes, date}) => printOf(folder, tokenIn(bytes), date)),
      );
    const takeAway = () => {
      for (const folder of folders) {
        const path = `${root}/${folder}`;
        const uids = mailbox.messages(path).map(({uid}) => uid);
        mailbox.remove(path, someOf(uids, random));
      }
    };
    return await counted(work, wanted, found, [nothing, nothing, takeAway, nothing]);
  } finally {
    await server.stop();
  }
}
