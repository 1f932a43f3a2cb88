// Random scenarios against two real servers, with books that say what must be at the destination in the end. A scenario
// that fails is made as short as it can be before it is told.
import {inTurn} from './in-turn.ts';
import {sumOfLeft} from './left-behind.ts';
import {type Outcome, play} from './model/play.ts';
import {drawScenario, type Scenario} from './model/steps.ts';
import {newWorld, type World} from './model/world.ts';
import type {Part, PartJob} from './part.ts';

/** Plays to make a failing scenario shorter. */
const mostTries = 40;
/** Played at once: much of a scenario is waiting for mail that may still arrive. Each has mailboxes and lines of its own. */
const atOnce = 3;

export const model: Part = {
  name: 'model',
  about: 'random scenarios: faults, kills, changes at both ends, against a model of what must be there',
  async run(job) {
    const world = newWorld();
    const done = {runs: 0, kills: 0, killsAtPoints: 0, faults: 0, changes: 0, files: 0, modes: 0};
    try {
      if (job.only !== undefined) await playOne(scenarioOf(job.only), job, world, done);
      else await inTurn(scenarios(job), atOnce, scenario => playOne(scenario, job, world, done));
      const {runs, kills, killsAtPoints, faults, changes, ...left} = done;
      job.tally.note('runs', `${runs}, ${kills} of them killed, ${killsAtPoints} at a named point`);
      job.tally.note('faults of the line', String(faults));
      job.tally.note('changes by others', String(changes));
      job.tally.note('files searched for secrets', sumOfLeft(left));
    } finally {
      await world.stop();
    }
  },
};

function* scenarios({seed, until}: PartJob): Generator<Scenario> {
  for (let number = 0; Date.now() < until; number += 1) yield drawScenario(seed * 100_000 + number);
}

type Done = Record<(typeof counted)[number], number>;

const counted = ['runs', 'kills', 'killsAtPoints', 'faults', 'changes', 'files', 'modes'] as const;

export const replay = (scenario: Scenario, kept: readonly number[], seed: number) =>
  `npm run torture -- --only model --seed ${seed} --case ${scenario.seed}:${kept.join(',')}`;

/** What `replay` wrote: the seed, and which of its steps. */
export function scenarioOf(text: string): Scenario {
  const [seed = '', kept] = text.split(':');
  const scenario = drawScenario(Number(seed));
  if (kept === undefined) return scenario;
  const steps = new Set(kept === '' ? [] : kept.split(',').map(Number));
  return {...scenario, steps: scenario.steps.filter((_, index) => steps.has(index))};
}

export const isKept = ({lost, doubled, broken}: Outcome) =>
  lost.length + doubled.length + broken.length === 0;

async function playOne(
  scenario: Scenario,
  {seed, tally, say, only}: PartJob,
  world: World,
  done: Done,
): Promise<void> {
  tally.tried(`scenarios with ${scenario.mailboxes.length === 1 ? 'one mailbox' : 'two mailboxes'}`);
  const outcome = await play(scenario, world);
  for (const what of counted) done[what] += outcome[what];
  tally.compared(outcome.compared);
  say(`scenario ${scenario.seed}: ${outcome.runs} runs, ${outcome.kills} kills, ${outcome.faults} faults`);
  if (isKept(outcome)) return;
  for (const what of outcome.lost) tally.lost(1, `scenario ${scenario.seed}: ${what}`);
  for (const what of outcome.doubled) tally.doubled(1, `scenario ${scenario.seed}: ${what}`);
  const all = scenario.steps.map((_, index) => index);
  const what = `scenario ${scenario.seed} (${scenario.destination}): ${[...outcome.broken, ...outcome.lost, ...outcome.doubled][0]}`;
  if (only !== undefined) return tally.failed(what, `npm run torture -- --only model --case ${only}`);
  say(`scenario ${scenario.seed} failed; making it shorter`);
  tally.failed(what, replay(scenario, await shortest(scenario, all, world), seed));
}

/** The steps without which it does not fail. */
async function shortest(
  scenario: Scenario,
  all: readonly number[],
  world: World,
): Promise<readonly number[]> {
  let kept = all;
  let tries = 0;
  for (const index of all.toReversed()) {
    if (tries >= mostTries) break;
    tries += 1;
    const fewer = kept.filter(each => each !== index);
    const outcome = await play(
      {...scenario, steps: scenario.steps.filter((_, at) => fewer.includes(at))},
      world,
    );
    if (!isKept(outcome)) kept = fewer;
  }
  return kept;
}
