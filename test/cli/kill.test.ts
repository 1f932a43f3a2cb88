// A run that is killed outright at one of its irreversible steps ends after the next run as an unbroken one does: nothing
// lost, nothing twice, dates and flags right, and nothing else there. `npm run torture -- --only kill` goes through every
// passing of every step in each way of storing, and through any byte.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {type Point, points} from '../../source/engine/points.ts';
import {describeDovecot} from '../servers/dovecot.ts';
import {caseOf, type Kill, readCase, type Scene, type Try} from '../torture/kill-case.ts';
import {type Site, startSite, type Variant} from '../torture/kill-site.ts';
import {carryOut} from '../torture/kill-try.ts';
import {compileKilled, type KilledProgram} from '../torture/killed-program.ts';

/** Ways of storing that the steps take in turn. */
const ways: readonly Variant[] = ['multiappend', 'pipelined', 'overlapped', 'single', 'refusing'];

type Where = {
  readonly variant: Variant;
  readonly scene?: Scene;
  /** The kill whose recovery passes the point. */
  readonly first?: Kill;
};

/**
 * From the first folder to the last, where mail is at stake, and one step of each kind around it; the torture rig goes
 * through the others too.
 */
const chosen = points.filter(
  (point, index) =>
    (index >= points.indexOf('folders-named') && index <= points.indexOf('watermark-moved')) ||
    ['run-recorded', 'ledger-created', 'rows-written', 'summary-written'].includes(point),
);

/** Steps that only some runs pass. */
const special: Partial<Record<Point, Where>> = {
  'settle-looked': {variant: 'multiappend', first: {point: 'bytes-sent', nth: 1}},
  'settle-done': {variant: 'single', first: {point: 'message-answered', nth: 20}},
  'uids-taken-over': {variant: 'pipelined', scene: 'changed'},
  reconciled: {variant: 'single', scene: 'changed'},
  'message-sent': {variant: 'overlapped'},
  'message-answered': {variant: 'overlapped'},
  'message-named': {variant: 'refusing'},
  'intent-forgotten': {variant: 'unnamed'},
  'stream-begun': {variant: 'multiappend'},
  'stream-ended': {variant: 'single'},
  'flags-added': {variant: 'single'},
  'confirmed-by-looking': {variant: 'unnamed'},
};

describeDovecot('a run killed at each step', () => {
  let site: Site;
  let program: KilledProgram;

  beforeAll(async () => {
    [site, program] = await Promise.all([startSite(1), compileKilled()]);
  });
  afterAll(async () => {
    program?.remove();
    await site?.stop();
  });

  async function expectKept(tries: readonly Try[]) {
    const outcomes = await carryOut(tries, site, program);
    const found = outcomes.map(({killed, wrong, difference}, index) => {
      const {lost, doubled, foreign} = difference;
      const {variant, scene, kills} = tries[index] ?? {variant: 'multiappend', scene: 'fresh', kills: []};
      const missed = kills.slice(killed.length);
      return {name: caseOf({variant, scene, kills}), missed, wrong, lost, doubled, foreign};
    });
    const none = {missed: [], wrong: [], lost: [], doubled: [], foreign: []};
    expect(found).toEqual(tries.map(each => ({name: caseOf(each), ...none})));
  }

  it('and gone on with: each mailbox is as it must be, and a run more copies nothing', async () => {
    const tries = chosen.map((point, index): Try => {
      const usual: Where = {variant: ways[index % ways.length] ?? 'multiappend'};
      const {variant, scene = 'fresh', first} = special[point] ?? usual;
      return {variant, scene, kills: [...(first === undefined ? [] : [first]), {point, nth: 1}]};
    });
    const inAppend = ['multiappend/between:20', 'pipelined/literal:30', 'refusing/unanswered:1'];
    await expectKept([...tries, ...inAppend.map(readCase)]);
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
      await expectKept([readCase(name)]);
    },
    300_000,
  );
});
