// Servers that say what hurts, at either end, several at once in random company: the rest of the batch goes on, memory
// stays bounded, nothing crashes, hangs or is left open, and what a destination stored is neither lost nor doubled.
import fc from 'fast-check';
import {attacks} from '../servers/hostile-lies.ts';
import {checkAttacked, type FaceOutcome, screenAttacked} from './hostile-faces.ts';
import {type Assault, nameOf} from './hostile-judge.ts';
import {AttackRoom} from './hostile-room.ts';
import {ToldLies} from './hostile-told.ts';
import {wizardAttacked} from './hostile-wizard.ts';
import {inTurn} from './in-turn.ts';
import type {Part, PartJob} from './part.ts';

const all: readonly Assault[] = attacks.flatMap(attack => attack.ends.map(end => ({attack, end})));
/** What takes memory and the processor comes a few at a time; what only keeps us waiting does so together. */
const together = {busy: 4, waiting: 40, faces: 10, questions: 6};
/** MB; ms after which it hangs, however busy the machine is. */
const limits = {heap: 400, rss: 600, hangMs: 600_000};

type Progress = {done: number; readonly of: number; most: number};

/** In an order that follows from the seed. */
function shuffled(assaults: readonly Assault[], seed: number): Assault[] {
  const size = {minLength: assaults.length, maxLength: assaults.length};
  return fc.sample(fc.shuffledSubarray([...assaults], size), {seed, numRuns: 1})[0] ?? [];
}

function* batchesOf(assaults: readonly Assault[], size: number): Generator<readonly Assault[]> {
  for (let at = 0; at < assaults.length; at += size) yield assaults.slice(at, at + size);
}

export const hostile: Part = {
  name: 'hostile',
  about: `${all.length} attacks by servers, on runs, checks, their screen and the questions for one mailbox: memory, time, what is left open, the others`,
  async run(job) {
    const {seed, only, until, tally} = job;
    const lies = new ToldLies();
    const chosen = (
      only === undefined ? shuffled(all, seed) : all.filter(assault => nameOf(assault) === only)
    ).map(assault => lies.noted(assault));
    // The faces check, and a check looks for no mail at the destination.
    const isFaced = ({attack}: Assault) => attack.held !== true;
    const faced = chosen.filter(isFaced);
    const waiting = chosen.filter(({attack}) => attack.waits === true);
    const busy = chosen.filter(({attack}) => attack.waits !== true);
    const progress: Progress = {done: 0, of: chosen.length + 3 * faced.length, most: 0};
    // At once: what works, what mostly waits, and what is typed as a person types.
    await Promise.all([
      questionAll(faced, job, progress),
      attackAll(batchesOf(busy, together.busy), job, progress).then(() =>
        faceAll([...batchesOf(busy.filter(isFaced), together.faces)], job, progress),
      ),
      attackAll(batchesOf(waiting, together.waiting), job, progress).then(() =>
        outwaitAll([...batchesOf(waiting.filter(isFaced), together.waiting)], job, progress),
      ),
    ]);
    // Those that time was left for everywhere, and that nobody has ever heard.
    const untold = Date.now() < until ? lies.untold(chosen) : [];
    for (const name of untold) tally.failed(`never told, so nothing is proved: ${name}`, replayLine(name));
    if (only === undefined) tally.note('lies told', `${chosen.length - lies.untold(chosen).length}`);
    tally.note('attacks known', `${all.length}`);
    tally.note('memory at most', `${progress.most} MB`);
  },
};

async function attackAll(
  batches: Generator<readonly Assault[]>,
  {until, say, tally}: PartJob,
  progress: Progress,
): Promise<void> {
  // A machine that is busy is not silent for long enough to be taken for a server that is.
  const room = new AttackRoom({...limits, inactivityMs: 2000});
  try {
    await inTurn(batches, 1, async batch => {
      if (Date.now() >= until) return;
      for (const {end} of batch) tally.tried(`attack at the ${end}`);
      const outcome = await room.attack(batch);
      progress.most = Math.max(progress.most, outcome.rss);
      tally.compared(outcome.compared);
      const names = batch.map(nameOf).join('; ');
      if (outcome.lost > 0) tally.lost(outcome.lost, outcome.at.join('; '));
      if (outcome.doubled > 0) tally.doubled(outcome.doubled, outcome.at.join('; '));
      for (const broken of outcome.broken) tally.failed(`${broken} (${names})`, replayOf(batch));
      progress.done += batch.length;
      say(`${progress.done} of ${progress.of}: ${names}`);
    });
  } finally {
    room.close();
  }
}

const replayLine = (name: string) => `npm run torture -- --only hostile --case ${JSON.stringify(name)}`;
const replayOf = (batch: readonly Assault[]) => batch.map(each => replayLine(nameOf(each))).join('\n');

/** The check as lines and as a screen; each batch in its turn as JSON lines or as text. */
async function faceAll(
  batches: readonly (readonly Assault[])[],
  job: PartJob,
  progress: Progress,
): Promise<void> {
  for (const [index, batch] of batches.entries()) {
    if (Date.now() >= job.until) return;
    const output = index % 4 === 3 ? 'plain' : 'jsonl';
    tell('check', batch, await checkAttacked(batch, output, limits), job, progress);
    if (Date.now() >= job.until) return;
    tell('screen', batch, await screenAttacked(batch, limits), job, progress);
  }
}

/** Who waits is stopped with Ctrl+C, leaves with Esc, and is told why in the end. */
async function outwaitAll(
  batches: readonly (readonly Assault[])[],
  job: PartJob,
  progress: Progress,
): Promise<void> {
  for (const batch of batches) {
    if (Date.now() >= job.until) return;
    tell('check', batch, await checkAttacked(batch, 'jsonl', limits, true), job, progress);
    tell('screen', batch, await screenAttacked(batch, limits), job, progress);
  }
  const whole = batches.flat();
  if (whole.length === 0 || Date.now() >= job.until) return;
  tell('check sat out', whole, await checkAttacked(whole, 'jsonl', limits), job, {...progress});
}

/** The questions for a single mailbox: a few in one program, which costs more to start than to ask; two such at a time. */
async function questionAll(assaults: readonly Assault[], job: PartJob, progress: Progress): Promise<void> {
  const sides = Map.groupBy(assaults, ({end}) => end);
  const batches = [...sides.values()].flatMap(side => [...batchesOf(side, together.questions)]);
  await inTurn(batches.values(), 2, async batch => {
    // One that ended its program leaves the others to the next.
    for (let left = batch; left.length > 0 && Date.now() < job.until; ) {
      const {tried, ...outcome} = await wizardAttacked(left, limits);
      tell('questions', left.slice(0, tried), outcome, job, progress);
      left = left.slice(tried);
    }
  });
}

function tell(
  kind: string,
  batch: readonly Assault[],
  {broken, rss}: FaceOutcome,
  {say, tally}: PartJob,
  progress: Progress,
): void {
  for (const {end} of batch) tally.tried(`${kind}, attack at the ${end}`);
  for (const each of broken) tally.failed(each, replayOf(batch));
  progress.most = Math.max(progress.most, rss);
  progress.done += batch.length;
  say(`${progress.done} of ${progress.of}: ${kind}, ${batch.map(nameOf).join('; ')}`);
}
