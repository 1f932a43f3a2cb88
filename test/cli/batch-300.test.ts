// Three hundred mailboxes of which twelve are broken, without a terminal; then those twelve once more.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {countMessages, fill, readMailbox} from '../helpers/mail.ts';
import {fillTree} from '../helpers/mail-folders.ts';
import {ownDomain} from '../helpers/own-domain.ts';
import {type Dovecot, describeDovecot, startDovecot} from '../servers/dovecot.ts';
import {copyMailbox, storedMessages} from '../servers/dovecot-mail.ts';
import {closedPort} from './closed-port.ts';
import {jsonLines, lastSummary, newPlace, type Row, requestRow} from './place.ts';

const users = Array.from({length: 300}, (_, index) => `u${String(index).padStart(3, '0')}`);

/** Every 25th: its password is wrong at the source, at the destination, or its server is not there. */
const kinds = ['source', 'destination', 'away'] as const;
const brokenAs = (index: number) => (index % 25 === 7 ? kinds[((index - 7) / 25) % 3] : undefined);
const broken = users.filter((_, index) => brokenAs(index) !== undefined);

describeDovecot('a batch of 300', () => {
  let source: Dovecot;
  let destination: Dovecot;
  /** Messages of a mailbox. */
  let each: number;

  beforeAll(async () => {
    [source, destination] = await Promise.all([startDovecot(), startDovecot()]);
    const [first = '', ...others] = users.map(user => `${user}@baya.com`);
    await fill(source, first, fillTree([['INBOX']], {seed: 1, messages: 3, bigBytes: 3000}));
    each = countMessages(await readMailbox(source, first));
    expect(each).toBeGreaterThan(2);
    copyMailbox(source, first, others);
  });
  afterAll(async () => {
    await Promise.all([source, destination].map(server => server?.stop()));
  });

  it('names the twelve and carries the rest; retry carries only the twelve', async () => {
    expect(broken).toHaveLength(12);
    const port = await closedPort();
    const changes: Readonly<Record<(typeof kinds)[number], Row>> = {
      source: {'Source user password': 'wrong'},
      destination: {'Destination user password': 'wrong'},
      away: {'Destination Server Port': port},
    };
    const place = newPlace();
    const domain = ownDomain();
    const rows = (mended: boolean) =>
      users.map((user, index) => {
        const kind = mended ? undefined : brokenAs(index);
        const own = {'Destination domain': domain};
        return requestRow(source, destination, user, kind === undefined ? own : {...own, ...changes[kind]});
      });
    const usual = ['--yes', '--no-input', '--output', 'jsonl', '--mailboxes', '20', '--connections', '1'];
    const first = await place.run(['run', place.csv(rows(false)), ...usual]);
    expect([first.code, first.stderr]).toEqual([3, '']);
    const lines = jsonLines(first.stdout);
    const states = (wanted: string) =>
      lines.flatMap(line => (line.type === 'request-state' && line.state === wanted ? [line] : []));
    expect(states('Processed')).toHaveLength(288);
    const failed = states('Failed').toSorted((one, other) => one.request - other.request);
    expect(failed.map(({request}) => users[request])).toEqual(broken);
    expect(failed.filter(({problem}) => problem?.nextStep === undefined)).toEqual([]);
    const {requests} = lastSummary(place);
    expect(
      requests.filter(request => request['state'] === 'Failed').map(request => request['source']),
    ).toEqual(broken.map(user => `${user}@baya.com`));
    expect(lines.at(-1)).toMatchObject({type: 'run-finished', exitCode: 3, totals: {copied: 288 * each}});
    const {run} = lastSummary(place);
    expect((await place.here(['runs'])).stdout).toMatch(
      new RegExp(`${run} .* 12 mailboxes failed +288 of 300 +${(288 * each).toLocaleString('en')} of `),
    );

    // The file is mended in its place.
    place.csv(rows(true));
    const again = await place.run(['retry', run, '--output', 'jsonl']);
    expect([again.code, again.stderr]).toEqual([0, '']);
    const retried = jsonLines(again.stdout);
    const [started] = retried;
    expect(started?.type === 'run-started' && started.requests.map(({source: user}) => user)).toEqual(
      broken.map(user => `${user}@baya.com`),
    );
    expect(retried.at(-1)).toMatchObject({totals: {selected: 12 * each, copied: 12 * each}});
    const counts = users.map(user => [user, storedMessages(destination, `${user}@${domain}`)] as const);
    expect(counts.filter(([, count]) => count !== each)).toEqual([]);
    const [last = ''] = broken.slice(-1);
    expect(countMessages(await readMailbox(destination, `${last}@${domain}`))).toBe(each);

    const whole = await place.here(['retry', lastRun(again.stdout)]);
    expect([whole.code, whole.stderr]).toEqual([
      2,
      `Nothing failed in the run ${lastRun(again.stdout)}: there is nothing to try again.\n`,
    ]);
  });
});

function lastRun(stdout: string): string {
  const [started] = jsonLines(stdout);
  return started?.type === 'run-started' ? started.run : '';
}
