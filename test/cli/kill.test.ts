// A run that is killed outright, again and again, ends after the last run as an unbroken one does: nothing lost,
// nothing twice, dates and flags right. The moments are random, the same for the same seed.
import {rmSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, it} from 'vitest';
import {countMessages, expectSameMail, fill, type Mailbox, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {type Random, seeded} from '../helpers/mail-random.ts';
import {ownDomain} from '../helpers/own-domain.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {type SlowProxy, startSlowProxy} from '../servers/slow-proxy.ts';
import {jsonLines, newPlace, type Place, requestRow} from './place.ts';

const tree = [
  ['INBOX'],
  ['Sent Items'],
  ['Projects'],
  ['Projects', 'Île de Ré'],
  ['Archive', '2019'],
] as const;

const seed = 20_261_123;
const kills = 3;

type AtEnd = (work: () => void | Promise<void>) => void;

/** When a run is killed: settles at the moment. */
type Moment = (run: ReturnType<Place['start']>, line: SlowProxy) => Promise<void>;

describeDovecot('a run killed at random moments', () => {
  let source: Dovecot;
  let destination: Dovecot;
  let mail: Mailbox;
  let unbroken: Mailbox;

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    const folders = fillTree(tree, {seed: 11, messages: 240});
    for (const user of ['whole', 'reads', 'writes', 'events', 'lost'])
      await fill(source, `${user}@baya.com`, folders);
    mail = await readMailbox(source, 'whole@baya.com');
    let remove: () => void = () => undefined;
    const place = newPlace(each => {
      remove = each;
    });
    const {code} = await place.run(['run', place.csv([requestRow(source, destination, 'whole')]), '--yes']);
    remove();
    expect(code).toBe(0);
    unbroken = await readMailbox(destination, 'whole@vault.example');
    expectSameMail(mail, unbroken, path => `Data17012018/${path}`);
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  /**
   * Kills `kills` runs at `moment`, over a slow line to one end, then lets one run to its end.
   * @returns how many were killed before their end, and whose mailbox it was
   */
  async function killed(
    user: string,
    slow: 'source' | 'destination',
    moment: Moment,
    atEnd: AtEnd,
    between: (place: Place, kill: number) => void = () => undefined,
  ): Promise<{broken: number; arrived: string}> {
    const place = newPlace(atEnd);
    // One line for all runs: a server at another port would be another pair of mailboxes, with a ledger of its own.
    const line = await startSlowProxy({
      port: (slow === 'source' ? source : destination).imapPort,
      bytesPerSecond: 700_000,
    });
    atEnd(() => line.close());
    const domain = ownDomain();
    const [from, to] = slow === 'source' ? [line, destination] : [source, line];
    const row = requestRow(from, to, user, {'Destination domain': domain});
    const args = ['run', place.csv([row]), '--yes', '--output', 'jsonl'];
    let broken = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const run = place.start(args);
      await Promise.race([moment(run, line), run.done]);
      run.child.kill('SIGKILL');
      if ((await run.done).signal === 'SIGKILL') broken += 1;
      between(place, kill);
    }
    line.release();
    const last = await place.run(args);
    expect([last.code, last.stderr]).toEqual([0, '']);
    const end = jsonLines(last.stdout).at(-1);
    expect(end).toMatchObject({type: 'run-finished', totals: {selected: countMessages(mail), failed: 0}});
    // Once more, with nothing to do, whatever the ledger remembers of the killed ones.
    const again = await place.run(args);
    expect(jsonLines(again.stdout).at(-1)).toMatchObject({
      exitCode: 0,
      totals: {copied: 0, alreadyPresent: countMessages(mail)},
    });
    return {broken, arrived: `${user}@${domain}`};
  }

  async function expectAsUnbroken(arrived: string): Promise<void> {
    const found = await readMailbox(destination, arrived);
    expectSameMail(mail, found, path => `Data17012018/${path}`);
    expectSameMail(unbroken, found, path => path);
    expect(countMessages(found)).toBe(countMessages(unbroken));
  }

  const afterBytes =
    (random: Random): Moment =>
    (_run, line) =>
      line.whenPassed(15_000 + random.below(150_000));

  it.concurrent('while it reads', async ({onTestFinished}) => {
    const {broken, arrived} = await killed('reads', 'source', afterBytes(seeded(seed)), onTestFinished);
    expect(broken).toBeGreaterThanOrEqual(2);
    await expectAsUnbroken(arrived);
  });

  it.concurrent('while it writes', async ({onTestFinished}) => {
    const moment = afterBytes(seeded(seed + 1));
    const {broken, arrived} = await killed('writes', 'destination', moment, onTestFinished);
    expect(broken).toBeGreaterThanOrEqual(2);
    await expectAsUnbroken(arrived);
  });

  it.concurrent('just as it tells of messages copied and folders done', async ({onTestFinished}) => {
    const random = seeded(seed + 2);
    const {broken, arrived} = await killed(
      'events',
      'destination',
      run => {
        const count = 1 + random.below(2);
        const type = random.below(2) === 0 ? 'messages-copied' : 'folder-state';
        return run
          .waitForOutput(new RegExp(`(?:"type":"${type}"[\\s\\S]*){${count}}`))
          .catch(() => undefined);
      },
      onTestFinished,
    );
    expect(broken).toBeGreaterThanOrEqual(1);
    await expectAsUnbroken(arrived);
  });

  it.concurrent('with the ledger deleted between two runs', async ({onTestFinished}) => {
    const moment = afterBytes(seeded(seed + 3));
    const {arrived} = await killed('lost', 'destination', moment, onTestFinished, (place, kill) => {
      if (kill > 0) rmSync(join(place.state, 'ledgers'), {recursive: true, force: true});
    });
    await expectAsUnbroken(arrived);
  });
});
