// Inputs for a parser: real ones with damage, its own words in disorder, and noise. All follows from a seed.
import {type Random, seeded} from '../../helpers/mail-random.ts';
import {changedJson} from './mutate-json.ts';
import type {Target} from './target.ts';

/** What has broken parsers of every kind. */
const dreaded: readonly (string | Buffer)[] = [
  '\0',
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  '"',
  '\\',
  "'",
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '<',
  '>',
  ':',
  ';',
  ',',
  '=',
  '--',
  '%',
  '&',
  '*',
  '@',
  '../',
  '-1',
  '0',
  '4294967296',
  '9007199254740993',
  '99999999999999999999999999',
  '1e308',
  'NaN',
  'null',
  '__proto__',
  'constructor',
  'toString',
  '\x1b]0;x\x07',
  '\x1b[2J',
  Buffer.from([0xff]),
  Buffer.from([0xc3, 0x28]),
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xef, 0xbb, 0xbf]),
  Buffer.from([0xff, 0xfe]),
  '\u202e',
  '\u2028',
  '\u200b',
  '\u009b2J',
  '\u{e0041}',
  'İ',
  'ﬀ',
  'é\u0301',
];

const asBytes = (text: string | Buffer): Buffer => (typeof text === 'string' ? Buffer.from(text) : text);

/** Bytes that an input has at most. */
const longest = 64 * 1024;

/** What the try of this seed gives the target. */
export function mutation(target: Pick<Target, 'samples' | 'words' | 'json'>, seed: number): Buffer {
  const random = seeded(seed);
  const words = [...(target.words ?? []), ...dreaded].map(asBytes);
  const sample = () => asBytes(random.pick(target.samples));
  if (target.json === true && random.below(4) > 0)
    return Buffer.from(changedJson(sample().toString(), random)).subarray(0, longest);
  switch (random.below(8)) {
    case 0:
      return random.bytes(4 + random.below(300)).subarray(random.below(5));
    case 1:
      return Buffer.concat(Array.from({length: random.below(60)}, () => random.pick(words)));
    case 2:
      return repeated(random, sample, words);
    default:
      return damaged(sample(), random, sample, words).subarray(0, longest);
  }
}

/** One thing over and over, between what is sound. */
function repeated(random: Random, sample: () => Buffer, words: readonly Buffer[]): Buffer {
  const whole = sample();
  const at = random.below(whole.length + 1);
  const unit = Buffer.concat(Array.from({length: 1 + random.below(3)}, () => random.pick(words)));
  const times = Math.floor(random.pick([10, 300, 5000]) / Math.max(1, unit.length)) + 2;
  return Buffer.concat([
    whole.subarray(0, at),
    ...Array.from({length: times}, () => unit),
    whole.subarray(at),
  ]);
}

function damaged(whole: Buffer, random: Random, sample: () => Buffer, words: readonly Buffer[]): Buffer {
  let bytes = whole;
  for (let change = 1 + random.below(6); change > 0; change--) {
    const at = random.below(bytes.length + 1);
    const to = Math.min(bytes.length, at + 1 + random.below(random.pick([2, 8, 64, 1024])));
    const [before, inside, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
    switch (random.below(8)) {
      case 0:
        bytes = Buffer.concat([before, after]);
        break;
      case 1:
        bytes = Buffer.concat([before, inside, inside, after]);
        break;
      case 2: {
        const other = sample();
        bytes = Buffer.concat([before, other.subarray(random.below(other.length + 1))]);
        break;
      }
      case 3:
        bytes = Buffer.concat([
          before,
          Buffer.from([random.below(256)]),
          bytes.subarray(Math.min(bytes.length, at + 1)),
        ]);
        break;
      case 4:
        bytes = before;
        break;
      default:
        bytes = Buffer.concat([
          before,
          random.pick(words),
          random.below(2) === 0 ? inside : Buffer.alloc(0),
          after,
        ]);
    }
  }
  return bytes;
}
