// A run that is killed outright at an irreversible step ends after the next run as an unbroken one does: nothing
// lost, nothing twice, dates and flags right, and nothing else there. `npm run torture -- --only kill` goes through every
// passing of every step in each way of storing, and through any byte.
import {afterAll, beforeAll, expect, it} from 'vitest';
import {describeDovecot} from '../servers/dovecot.ts';
import {caseOf, readCase, type Try} from '../torture/kill-case.ts';
import {type Site, startSite} from '../torture/kill-site.ts';
import {carryOut} from '../torture/kill-try.ts';
import {compileKilled, type KilledProgram} from '../torture/killed-program.ts';

/** One kill for each thing that the next run has to find out, between them in every way of storing. */
const cases = [
  // The ledger is there and empty; folders are made that it does not know; a folder is copied and its end not noted.
  'multiappend/ledger-created:1',
  'pipelined/folders-created:1',
  'multiappend/watermark-moved:1',
  // Mail is there that is not confirmed: of a batch, of single messages, of a stream; without its flags or its UID.
  'multiappend/answer-received:1',
  'overlapped/message-sent:1',
  'single/stream-ended:1',
  'single/flags-added:1',
  'unnamed/confirmed-by-looking:1',
  // Half of what was sent is there.
  'multiappend/between:20',
  'pipelined/literal:30',
  'refusing/unanswered:1',
  // Some is refused, some is to be sent again.
  'refusing/message-named:1',
  'unnamed/intent-forgotten:1',
  // The recovery itself is killed; so is a run that finds both ends changed.
  'single/message-answered:20/settle-done:1',
  'pipelined+changed/uids-taken-over:1',
  'single+changed/reconciled:1',
  // All is copied and the report half written.
  'refusing/report-file-written:1',
];

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
    await expectKept(cases.map(readCase));
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
