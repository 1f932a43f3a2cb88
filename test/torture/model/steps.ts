// What happens in one scenario of the model, as data drawn from a seed: the same seed draws the same.
import type {Point} from '../../../source/engine/points.ts';
import {type Random, seeded} from '../../helpers/mail-random.ts';

/** Servers that store in other ways, by what the destination can (test/torture/model/world.ts has one of each). */
export const destinations = [
  'multiappend',
  'pipelined',
  'overlapped',
  'without UIDPLUS',
  'dots',
  'quota',
] as const;
export type Destination = (typeof destinations)[number];

/** Which folder is meant: the how-manieth of those that are there when the step's turn comes. */
export type Which = number;

/** What another client does to a mailbox. `seed` chooses the messages. */
export type Change =
  | {readonly kind: 'append'; readonly folder: Which; readonly count: number; readonly seed: number}
  /** Messages that the source has or had, byte for byte, once more. */
  | {readonly kind: 'repeat'; readonly folder: Which; readonly count: number; readonly seed: number}
  /** Other flags and keywords, on the same messages. */
  | {readonly kind: 'flag'; readonly folder: Which; readonly count: number; readonly seed: number}
  | {readonly kind: 'expunge'; readonly folder: Which; readonly count: number; readonly seed: number}
  | {
      readonly kind: 'move';
      readonly folder: Which;
      readonly to: Which;
      readonly count: number;
      readonly seed: number;
    }
  /** There and back again: other UIDs, the same messages. */
  | {
      readonly kind: 'move away and back';
      readonly folder: Which;
      readonly count: number;
      readonly seed: number;
    }
  | {readonly kind: 'create' | 'rename'; readonly folder: Which; readonly name: readonly string[]}
  | {readonly kind: 'delete'; readonly folder: Which}
  /** Until no message of ordinary size fits, where the mailbox has a quota; and away with it again. */
  | {readonly kind: 'fill up'}
  | {readonly kind: 'make room'}
  /** Deleted and restored from a backup: another UIDVALIDITY, other UIDs, another order. */
  | {readonly kind: 'restore'; readonly folder: Which; readonly seed: number};

export type At = 'source' | 'destination';

export type Fault = {
  readonly at: At;
  /** Counted in pieces that pass the line, both ways, in this run. */
  readonly piece: number;
  /** The piece arrives, half of it does, or nothing of it; then the connection is cut. */
  readonly how: 'after' | 'half' | 'before';
};

/** `late`: what has left arrives at the servers, and no answer comes back. */
export type KillPoint = {readonly point: Point; readonly nth: number; readonly late: boolean};

/** A change to one mailbox of the batch. */
export type Where = {readonly mailbox: number; readonly at: At; readonly change: Change};

export type RunStep = {
  readonly kind: 'run';
  readonly faults: readonly Fault[];
  /** Cut off with all its connections and its memory at this many pieces, or at this passing of a point. */
  readonly kill?: number | KillPoint;
  /** Each when so many pieces have passed. */
  readonly meanwhile: readonly (Where & {readonly piece: number})[];
  readonly connections: number;
  readonly newestFirst: boolean;
};

export type Step =
  | RunStep
  | ({readonly kind: 'change'} & Where)
  | {readonly kind: 'forget'; readonly how: Forgetting};

/** What becomes of the ledger between two runs. */
const forgettings = ['deleted', 'a page overwritten', 'cut off', 'a text file'] as const;
export type Forgetting = (typeof forgettings)[number];

export type FolderOfMail = {
  readonly name: readonly string[];
  readonly count: number;
  readonly seed: number;
};

export type Scenario = {
  readonly seed: number;
  readonly destination: Destination;
  /** What the source mailboxes of the batch hold at first. */
  readonly mailboxes: readonly (readonly FolderOfMail[])[];
  readonly filter: {readonly since?: string; readonly before?: string};
  readonly steps: readonly Step[];
};

const levels: readonly string[] = [
  'Work',
  'a.b',
  'a_b',
  'Q&A',
  '&Jjo-',
  'say "hi"',
  '100%*',
  'back\\slash',
  '😀 fun',
  'Café',
  'Cafe\u0301',
  'UPPER',
  'upper',
  '=SUM(A1)',
  '東京',
  'x'.repeat(120),
  '.. dots',
];

function folderName(random: Random): readonly string[] {
  const depth = 1 + random.below(2);
  return Array.from({length: depth}, () => random.pick(levels));
}

const dice = (random: Random, sides: number) => random.below(sides) === 0;

/** Points that mail of ordinary size passes at an ordinary server; what may be stored without an answer more often. */
const killPoints: readonly Point[] = [
  ...(['ledger-made', 'ledger-opened', 'folders-named', 'folders-created', 'folder-opened'] as const),
  ...(['settle-looked', 'settle-done', 'uids-taken-over', 'reconciled', 'intent-written'] as const),
  ...(['bytes-sent', 'bytes-sent', 'answer-received', 'answer-received'] as const),
  ...(['confirmation-written', 'confirmation-written', 'message-sent', 'message-answered'] as const),
  ...(['confirmed-by-looking', 'watermark-moved', 'ledger-closed'] as const),
];

function change(random: Random, at: At, destination: Destination): Change {
  const folder = random.below(20);
  const count = 1 + random.below(6);
  const seed = random.below(1e9);
  const kinds: readonly Change['kind'][] = [
    'append',
    'append',
    'repeat',
    'flag',
    'flag',
    'expunge',
    'expunge',
    'move',
    'move away and back',
    'restore',
    'rename',
    'delete',
    ...(at === 'source' ? (['create', 'append'] as const) : []),
    ...(at === 'destination' && destination === 'quota'
      ? (['fill up', 'fill up', 'fill up', 'make room'] as const)
      : []),
  ];
  const kind = random.pick(kinds);
  switch (kind) {
    case 'append':
    case 'repeat':
    case 'flag':
    case 'expunge':
    case 'move away and back':
      return {kind, folder, count, seed};
    case 'move':
      return {kind, folder, to: random.below(20), count, seed};
    case 'create':
    case 'rename':
      return {kind, folder, name: folderName(random)};
    case 'delete':
      return {kind, folder};
    case 'fill up':
    case 'make room':
      return {kind};
    case 'restore':
      return {kind, folder, seed};
  }
}

const end = (random: Random): At => (dice(random, 2) ? 'source' : 'destination');

/** Pieces that a small run passes; what is to happen later does not happen. */
const pieces = 90;

type Setting = Pick<Scenario, 'destination' | 'mailboxes'>;

function where(random: Random, {destination, mailboxes}: Setting): Where {
  const at = end(random);
  return {mailbox: random.below(mailboxes.length), at, change: change(random, at, destination)};
}

function kill(random: Random): number | KillPoint {
  if (dice(random, 2)) return 1 + random.below(pieces);
  return {point: random.pick(killPoints), nth: 1 + random.below(2), late: dice(random, 2)};
}

function run(random: Random, setting: Setting): RunStep {
  const faults = dice(random, 2)
    ? Array.from({length: 1 + random.below(2)}, () => ({
        at: end(random),
        piece: 1 + random.below(pieces),
        how: random.pick(['after', 'half', 'before'] as const),
      }))
    : [];
  const meanwhile = dice(random, 3)
    ? Array.from({length: 1 + random.below(3)}, () => ({
        piece: 10 + random.below(pieces),
        ...where(random, setting),
      }))
    : [];
  return {
    kind: 'run',
    faults,
    meanwhile,
    ...(dice(random, 2) ? {kill: kill(random)} : {}),
    connections: 1 + random.below(3),
    newestFirst: dice(random, 4),
  };
}

const folders = (random: Random): readonly FolderOfMail[] =>
  Array.from({length: 1 + random.below(4)}, (_, index) => ({
    name: index === 0 ? ['INBOX'] : folderName(random),
    count: random.below(25),
    seed: random.below(1e9),
  }));

/** @param most steps, the last quiet run not counted */
export function drawScenario(seed: number, most = 8): Scenario {
  const random = seeded(seed);
  const destination = random.pick(destinations);
  const mailboxes = Array.from({length: dice(random, 3) ? 2 : 1}, () => folders(random));
  const setting = {destination, mailboxes};
  const filter = dice(random, 6) ? {since: `20${10 + random.below(10)}-06-15`} : {};
  const steps: Step[] = [];
  const length = 2 + random.below(most - 1);
  for (let index = 0; index < length; index += 1) {
    const throwOf = random.below(10);
    if (index === 0 || throwOf < 4) steps.push(run(random, setting));
    else if (throwOf < 9) steps.push({kind: 'change', ...where(random, setting)});
    else steps.push({kind: 'forget', how: random.pick(forgettings)});
  }
  return {seed, ...setting, filter, steps};
}
