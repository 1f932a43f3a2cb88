// How a parser's work grows with its input: whoever can send it a line must not make it work for the square of that.
import {seeded} from '../../helpers/mail-random.ts';
import {inputOf, type Target} from './target.ts';

/** Bytes of the smaller input; the larger one has eight times as many. */
const small = 32 * 1024;
const factor = 8;
/** Eight times the input may take this many times the work: caches and collections cost something, squares take 64. */
const mostGrowth = 40;
/** µs of the processor below which nothing is measured, and those of the smaller input at the least: clocks are coarse. */
const least = 80_000;
const leastSmall = 3000;
/** Of how many measurements the smallest counts. */
const measurements = 3;

/**
 * A shape of input: one thing over and over, between a beginning and an end.
 * @param seed of a known one its place in `hurts`
 */
export function lengthy(target: Target, seed: number): (bytes: number) => Buffer {
  const {weight = 1} = target;
  const known = target.hurts?.[seed];
  if (known !== undefined) {
    const [begin, unit, end] = known;
    return bytes => Buffer.from(begin + unit.repeat(Math.ceil(bytes / weight / unit.length)) + end);
  }
  const random = seeded(seed);
  const words = [
    '"',
    '\\',
    '(',
    '[',
    '<',
    ' ',
    '\t',
    '\r',
    '\n',
    '=',
    'a',
    ';',
    ':',
    ',',
    '{',
    '&',
    '\0',
    ...(target.words ?? []),
  ];
  const whole = Buffer.from(random.pick(target.samples));
  const begin = whole.subarray(0, random.below(whole.length + 1));
  const end = random.below(3) === 0 ? whole : Buffer.alloc(0);
  const unit = Buffer.concat(
    Array.from({length: 1 + random.below(3)}, () => Buffer.from(random.pick(words))),
  );
  return bytes =>
    Buffer.concat([begin, Buffer.alloc(Math.ceil(bytes / weight), unit.length === 0 ? ' ' : unit), end]);
}

/** µs of this thread's processor time. */
async function costOf(target: Target, bytes: Buffer, seed: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < measurements; turn++) {
    const before = process.threadCpuUsage();
    await target.check(inputOf(bytes, seed));
    const {user, system} = process.threadCpuUsage(before);
    best = Math.min(best, user + system);
    if (best < least) break;
  }
  return best;
}

/** What grows too fast, or what breaks; undefined where the work follows the input. */
export async function growthOnce(target: Target, seed: number): Promise<string | undefined> {
  const make = lengthy(target, seed);
  const large = make(small * factor);
  const shown = JSON.stringify(large.toString('latin1').slice(0, 120));
  try {
    let much = 0;
    let little = 0;
    // A machine that does something else shows it once, a square each time.
    for (let turn = 0; turn < 3; turn++) {
      much = await costOf(target, large, seed);
      if (much < least) return undefined;
      little = Math.max(leastSmall, await costOf(target, make(small), seed));
      if (much <= little * mostGrowth) return undefined;
    }
    return `${factor} times the input takes ${Math.round(much / little)} times the work (${Math.round(much / 1000)} ms): ${shown}`;
  } catch (error) {
    return `${error instanceof Error ? `${error.name}: ${error.message.slice(0, 300)}` : String(error)}, given ${large.length} bytes: ${shown}`;
  }
}
