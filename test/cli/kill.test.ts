// A run that is killed outright at each of its irreversible steps ends after the next run as an unbroken one does: nothing
// lost, nothing twice, dates and flags right, and nothing else there. `npm run torture -- --only kill` goes through every
// passing of every step in each way of storing, and through any byte.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {type Point, points} from '../../source/engine/points.ts';
import {describeDovecot} from '../servers/dovecot.ts';
import {compareMail} from '../torture/golden.ts';
import {inTurn} from '../torture/in-turn.ts';
import {type Site, startSite, type Variant} from '../torture/kill-site.ts';
import {brokenReports, carryOut, readCase} from '../torture/kill-try.ts';
import {compileKilled, type KilledProgram, type KilledRun, type Moment} from '../torture/killed-program.ts';
import {jsonLines, newPlace, type Place, type Row} from './place.ts';

/** Ways of storing that the steps take in turn. */
const ways: readonly Variant[] = ['multiappend', 'pipelined', 'overlapped', 'single', 'refusing'];

type Where = {
  readonly variant: Variant;
  /** The kill whose recovery passes the point. */
  readonly first?: Moment;
};

/** Steps that only some runs pass. */
const special: Partial<Record<Point, Where>> = {
  'settle-looked': {variant: 'multiappend', first: {point: 'bytes-sent', nth: 1}},
  'settle-done': {variant: 'single', first: {point: 'message-answered', nth: 20}},
  'message-sent': {variant: 'overlapped'},
  'message-answered': {variant: 'overlapped'},
  'message-named': {variant: 'refusing'},
  'intent-forgotten': {variant: 'unnamed'},
  'flags-added': {variant: 'single'},
  'confirmed-by-looking': {variant: 'unnamed'},
};

/** Steps that no mailbox here comes to: mail that is moved or taken away at the ends. */
const elsewhere: ReadonlySet<Point> = new Set(['uids-taken-over', 'reconciled']);

const killsAtOnce = 3;

describeDovecot('a run killed at each step', () => {
  let site: Site;
  let program: KilledProgram;
  let place: Place;
  let remove: () => void = () => undefined;

  const tries = points
    .filter(point => !elsewhere.has(point))
    .map((point, index) => ({
      user: `user${index}`,
      point,
      ...(special[point] ?? {variant: ways[index % ways.length] ?? 'multiappend'}),
    }));

  beforeAll(async () => {
    [site, program] = await Promise.all([startSite(1), compileKilled()]);
    place = newPlace(each => {
      remove = each;
    });
  });
  afterAll(async () => {
    program?.remove();
    remove();
    await site?.stop();
  });

  const run = (rows: readonly Row[], name: string, moment?: Moment): Promise<KilledRun> => {
    const args = ['run', place.csv(rows, name), '--yes', '--output', 'jsonl', '--mailboxes', '100'];
    args.push('--connections', '2', '--state', place.state, '--reports', place.reports);
    return program.run(args, place.directory, moment);
  };

  it('and gone on with: each mailbox is as it must be, and a run more copies nothing', async () => {
    const rows = tries.map(({variant, user}) => site.row(variant, user));
    const ends: string[] = [];
    await inTurn(tries.entries(), killsAtOnce, async ([index, {user, point, first}]) => {
      const row = rows.slice(index, index + 1);
      for (const moment of [...(first === undefined ? [] : [first]), {point, nth: 1}]) {
        const {signal, passed, stderr} = await run(row, `${user}.csv`, moment);
        ends.push(`${user} ${moment.point}: ${signal} ${passed.at(-1)} ${stderr}`);
      }
    });
    const wanted = tries.flatMap(({user, point, first}) =>
      [...(first === undefined ? [] : [first.point]), point].map(at => `${user} ${at}: SIGKILL ${at} `),
    );
    expect(ends.toSorted()).toEqual(wanted.toSorted());

    const selected = site.messages * tries.length;
    const failed = tries.reduce((all, {variant}) => all + site.refused(variant), 0);
    const last = await run(rows, 'all.csv');
    expect(jsonLines(last.stdout).at(-1)).toMatchObject({
      exitCode: 3,
      totals: {selected, failed, skipped: 0},
    });
    const again = await run(rows, 'all.csv');
    expect(jsonLines(again.stdout).at(-1)).toMatchObject({
      exitCode: 3,
      totals: {selected, failed, copied: 0},
    });

    const wrong: unknown[] = [];
    await inTurn(tries.values(), killsAtOnce, async ({variant, user, point}) => {
      const {lost, doubled, foreign} = compareMail(site.golden(variant), await site.read(variant, user));
      const half = site.unflagged(variant, user);
      if (lost.length + doubled.length + foreign.length + half > 0)
        wrong.push({variant, point, lost, doubled, foreign, half});
    });
    expect(wrong).toEqual([]);
    expect(brokenReports(place.reports)).toEqual([]);
  }, 600_000);

  it.each([
    ['what was sent arrives when the next run has already looked for it', 'multiappend/bytes-sent:1:late'],
    [
      'at any byte, and the end of what the ledger wrote is lost with the power',
      'pipelined/bytes:300000:power:40',
    ],
  ])(
    '%s',
    async (_, name) => {
      const {killed, wrong, difference} = await carryOut(readCase(name), site, program, {exitCode: 0});
      const {lost, doubled, foreign} = difference;
      expect({killed, wrong, lost, doubled, foreign}).toEqual({
        killed: 1,
        wrong: [],
        lost: [],
        doubled: [],
        foreign: [],
      });
    },
    300_000,
  );
});
