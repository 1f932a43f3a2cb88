// The rig itself: a part that breaks a promise is seen, said with its replay, and makes the rig fail.
import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {machineText} from '../../bench/machine.ts';
import {showOn} from './display.ts';
import {brokenLine, evidencePage, mendedPage, scoresLine, scoresTable, verdict} from './evidence.ts';
import {readOptions} from './options.ts';
import type {Part, PartJob} from './part.ts';
import {parts} from './parts.ts';
import {runParts} from './rig.ts';
import {isClean, type Score} from './score.ts';

const part = (name: string, run: (job: PartJob) => Promise<void> | void, minutes = 1) => ({
  name,
  minutes,
  load: async (): Promise<Part> => ({name, about: `tries ${name}`, run: async job => run(job)}),
});

/** Runs fake parts at a clock that a part may turn. */
async function tortured(...entries: ReturnType<typeof part>[]) {
  let printed = '';
  const clock = {ms: 0};
  const display = showOn({
    write(text) {
      printed += text;
    },
  });
  const scores = await runParts(entries, {seed: 7, minutes: 3}, {display, now: () => clock.ms});
  return {scores, printed, clock};
}

const good = part('good', ({tally}) => {
  tally.tried('one way');
  tally.tried('another way');
  tally.compared(1_200);
  tally.note('peak', '90 MB');
});

test('parts that keep the promises are clean', async () => {
  const {scores, printed} = await tortured(good);
  expect(scores.every(isClean)).toBe(true);
  expect(scoresTable(scores)).toContain('| good | tries good');
  expect(scores[0]).toMatchObject({tried: 2, passed: 2, compared: 1_200, lost: 0, doubled: 0});
  expect(verdict(scores)).toBe('Every try passed: nothing lost, nothing twice.');
  expect(printed).toBe('');
});

test('a part that had no time to try anything is not clean, and that is said', async () => {
  const {scores} = await tortured(
    good,
    part('late', () => undefined),
  );
  expect(scores.map(isClean)).toEqual([true, false]);
  expect(verdict(scores)).toBe('Nothing was tried: late. It takes more --minutes.');
});

test('a part that did not come to all that it knows says so, and its row tells of how many', async () => {
  const some = (planned: number) =>
    part(`of ${planned}`, ({tally}) => {
      tally.planned(planned);
      tally.tried('it');
    });
  const {scores} = await tortured(some(1), some(3_000));
  expect(verdict(scores)).toBe(
    'Every try passed: nothing lost, nothing twice.\nNot all was come to: of 3000 (1 of 3,000). It takes more --minutes.',
  );
  expect(scoresTable(scores)).toMatch(/^\| of 1 +\| tries of 1 +\| +1 \|/m);
  expect(scoresTable(scores)).toMatch(/^\| of 3000 +\| tries of 3000 +\| +1 of 3,000 \| +1 \|/m);
  expect(scoresTable(scores)).toMatch(/^\| all +\| +\| +2 \|/m);
  // So does the page, also for a part that is not run again.
  const order = [{name: 'of 1'}, {name: 'of 3000'}];
  const page = evidencePage(evidencePage('', scores, order, recording), [], order, recording);
  expect(page).toContain('\nNot all was come to: of 3000 (1 of 3,000). It takes more --minutes.\n');
});

test.each([
  ['lost', ({tally}: PartJob) => tally.lost(2, 'INBOX'), 'lost 2: INBOX'],
  ['doubled', ({tally}: PartJob) => tally.doubled(1, 'INBOX'), 'doubled 1: INBOX'],
  ['failed', ({tally}: PartJob) => tally.failed('it hangs', 'npm run torture'), 'again: npm run torture'],
  [
    'throws',
    () => {
      throw new Error('no server');
    },
    'no server',
  ],
])('a part is not clean that has %s', async (name, break_, said) => {
  const bad = part(name, job => {
    job.tally.tried('it');
    break_(job);
  });
  const {scores, printed} = await tortured(good, bad, good);
  expect(scores.map(isClean)).toEqual([true, false, true]);
  expect(printed).toContain(said);
  expect(verdict(scores)).toContain(`BROKEN: ${name}.`);
  expect(evidencePage('', scores, [{name}], recording)).toContain(`BROKEN: ${name}.`);
});

const recording = {
  day: '2026-01-31',
  command: 'npm run torture',
  commit: 'abc1234',
  versions: {mailferry: '1', node: '2', dovecot: '3', imapflow: '4'},
  machine: '2 x Processor, 25 GB, Linux 6',
};

test('the page keeps the parts that were not run again', async () => {
  const tries = (name: string, times: number, breaks = false) =>
    part(name, ({tally}) => {
      for (let at = 0; at < times; at++) tally.tried('x');
      tally.compared(times * 1000);
      if (breaks) tally.failed('it broke', 'again');
    });
  const names = ['one', 'two', 'three'];
  const order = names.map(name => ({name}));
  const first = await tortured(tries('one', 3, true), tries('three', 2_000));
  const page = evidencePage('', first.scores, order, recording);
  expect(page).toMatch(/^\| all +\| +\| +2,003 \| +2,002 \| +2,003,000 \|/m);
  expect(page).toContain('BROKEN: one. ');

  const second = await tortured(tries('two', 1), tries('one', 4));
  const later = evidencePage(page, second.scores, order, {...recording, day: '2026-02-01'});
  expect([...later.matchAll(/^## (.*)$/gm)].map(match => match[1])).toEqual(names);
  expect(later).toMatch(/^\| all +\| +\| +2,005 \| +2,005 \| +2,005,000 \|/m);
  expect(later).not.toContain('BROKEN');
  expect(later.match(/on 2026-02-01/g)).toHaveLength(2);
  expect(later.match(/on 2026-01-31/g)).toHaveLength(1);
  // Written again, nothing changes.
  expect(evidencePage(later, [], order, recording)).toBe(later);
});

test('below the table parts say how many of what they count, by a note or by their tries', async () => {
  const counted = [
    {name: 'first', counts: 'points'},
    {name: 'second', counts: 'faults'},
    {name: 'third'},
    {name: 'absent', counts: 'scenarios'},
  ];
  const {scores} = await tortured(
    part('first', ({tally}) => {
      tally.tried('x');
      tally.note('points', '3 of 4');
      tally.note('one way, points', '2 of 4');
    }),
    part('second', ({tally}) => {
      tally.planned(2_000);
      tally.tried('x');
    }),
    part('third', ({tally}) => tally.tried('x')),
  );
  expect(scoresLine(counted, scores)).toBe('Points: 3 of 4. Faults: 1 of 2,000.');
  expect(scoresLine(counted, scores.slice(2))).toBe('');
  // The page has it of parts that another run has recorded.
  const page = evidencePage('', scores.slice(0, 1), counted, recording);
  expect(evidencePage(page, scores.slice(1), counted, recording)).toContain(
    '\n\nPoints: 3 of 4. Faults: 1 of 2,000.\n\nEvery try passed',
  );
});

test('the page says on which machine it was made', async () => {
  const page = evidencePage('', (await tortured(good)).scores, [{name: 'good'}], recording);
  expect(page).toContain('\nimapflow 4; on 2 x Processor, 25 GB, Linux 6.\n');
  expect(machineText()).toMatch(/^\d+ x .+, \d+ GB, \w+ \d+\./);
});

test('a part that is recorded leaves nothing of what was in its section', async () => {
  const order = [{name: 'good'}, {name: 'other'}];
  const {scores} = await tortured(
    good,
    part('other', ({tally}) => tally.tried('x')),
  );
  const page = evidencePage('', scores, order, recording);
  const byHand = page.replace(
    '- peak: 90 MB',
    '- peak: 91 MB\n- BROKEN: written by hand\n\nand below a line',
  );
  expect(byHand).not.toBe(page);
  expect(evidencePage(byHand, scores.slice(0, 1), order, recording)).toBe(page);
});

test('a broken try that passes when it is run again, alone, is mended on the page; no other is', async () => {
  const replay = (which: string) => `npm run torture -- --only doors --case ${which}`;
  const doors = await tortured(
    part('doors', ({tally}) => {
      tally.planned(3);
      for (const which of ['a.1', 'b.1', 'c.11']) {
        tally.tried('door');
        if (which !== 'b.1') tally.failed(`${which} stays open`, replay(which));
      }
    }),
    good,
  );
  const order = [{name: 'doors'}, {name: 'good'}];
  const page = evidencePage('', doors.scores, order, recording);
  const again = async (which: string, breaks: boolean) => {
    const {scores} = await tortured(
      part('doors', ({tally}) => {
        tally.tried('door');
        if (breaks) tally.failed('it stays open', replay(which));
      }),
    );
    return (before: string) =>
      mendedPage(before, scores[0] as Score, which, order, {
        ...recording,
        day: '2026-02-01',
        commit: 'def5678',
      });
  };
  expect((await again('a.1', true))(page)).toBe(page);
  for (const which of ['b.1', '1', 'c.1']) expect((await again(which, false))(page)).toBe(page);
  expect(['a.1', 'b.1', '1'].map(which => brokenLine(page, 'doors', which) !== undefined)).toEqual([
    true,
    false,
    false,
  ]);
  expect(brokenLine(page, 'good', 'a.1')).toBeUndefined();
  const half = (await again('a.1', false))(page);
  expect(half).toMatch(/^\| doors .* 3 +\| +2 \|/m);
  expect(half).toContain(
    `- mended, and passed alone on 2026-02-01, mailferry 1 (def5678): a.1 stays open (again: \`${replay('a.1')}\`)`,
  );
  expect(half).toContain('BROKEN: doors. ');
  const whole = (await again('c.11', false))(half);
  expect(whole).toMatch(/^\| doors .* 3 +\| +3 \|/m);
  expect(whole).not.toContain('BROKEN');
  expect(whole).toContain('Every try passed, 2 of them after what was wrong');
  // The part's other tries are those of their day.
  expect(whole).toContain('on 2026-01-31, with mailferry 1 (abc1234)');
  expect(evidencePage(whole, [], order, recording)).toBe(whole);
});

test('a part that tries nothing has not passed', async () => {
  const {scores} = await tortured(part('idle', () => undefined));
  expect(scores.map(isClean)).toEqual([false]);
});

test('the time is shared by what each needs, and what one part leaves goes to the next', async () => {
  const given: number[] = [];
  const clock = {ms: 0};
  const takes = (ms: number, minutes: number) =>
    part(
      'p',
      ({until}) => {
        given.push(until - clock.ms);
        clock.ms += ms;
      },
      minutes,
    );
  const display = showOn({write: () => true});
  const entries = [takes(20_000, 12), takes(90_000, 3), takes(0, 3)];
  await runParts(entries, {seed: 1, minutes: 3}, {display, now: () => clock.ms});
  // 180 s for 18 minutes of need; then 160 s for the last two.
  expect(given).toEqual([120_000, 80_000, 70_000]);
});

test('each score is told when its part has ended, before the next begins', async () => {
  const heard: string[] = [];
  const says = (name: string) => part(name, () => void heard.push(`${name} begins`));
  const scored = ({part: name}: Score) => void heard.push(`${name} ends`);
  const display = showOn({write: () => true});
  await runParts([says('one'), says('two')], {seed: 1, minutes: 1}, {display, now: () => 0, scored});
  expect(heard).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
});

test('where there is no terminal nothing but text is printed', async () => {
  const {printed} = await tortured(
    part('p', ({say, tally}) => {
      tally.tried('x');
      say('one\x1b[31m\rtwo');
      tally.failed('bad \x1b]0;title\x07 name', 'again');
    }),
  );
  expect(printed).toBe('p  1 tried, 3:00 left  one two\nBROKEN p: bad  name\n  again: again\n');
});

test('in a terminal the progress is one line that changes, and what broke stays', () => {
  let printed = '';
  const display = showOn({isTTY: true, columns: 30, write: text => (printed += text)});
  display.progress('a'.repeat(50));
  display.print('BROKEN');
  display.progress('b');
  expect(printed).toBe(`\r\x1b[2K${'a'.repeat(26)}...\r\x1b[2KBROKEN\n\r\x1b[2Kb`);
});

test('the command line', () => {
  const names = ['kill', 'network'];
  expect(readOptions([], names)).toEqual({only: [], seed: 1, minutes: undefined, record: false});
  expect(readOptions(['--only', 'kill', '--case', 'x', '--record'], names)).toMatchObject({
    only: ['kill'],
    case: 'x',
    record: true,
  });
  expect(() => readOptions(['--only', 'nothing'], names)).toThrow('--only knows kill');
  expect(() => readOptions(['--case', 'x'], names)).toThrow('--only');
  expect(() => readOptions(['--minutes', '0'], names)).toThrow('--minutes');
});

test('every part has its own name', async () => {
  for (const {name, load} of parts) {
    const loaded = await load();
    expect(loaded.name).toBe(name);
    expect(loaded.about).not.toMatch(/[|\n]/);
  }
});

test('the points of the line below the table are those that the kill part notes, not its tries', () => {
  const {counts} = parts.find(({name}) => name === 'kill') ?? {};
  const source = readFileSync(new URL('kill.ts', import.meta.url), 'utf8');
  expect(source).toContain(`tally.note('${counts}', `);
});
