// Tries inputs in a thread of its own, with little memory: one that hangs or fills it is ended from outside.
import {parentPort} from 'node:worker_threads';
import {growthOnce} from './cost.ts';
import {tryOnce} from './room.ts';
import {targets} from './targets.ts';

/** One try, or all of these in turn. */
export type Work = {
  readonly target: string;
  readonly kind: 'input' | 'length';
  readonly seeds: readonly number[];
};
/** `begins`: the try that is under way, should nothing more come. */
export type Told =
  | {readonly begins: number}
  | {readonly seed: number; readonly broken: string}
  | {readonly done: true};

const port = parentPort;
const tell = (told: Told) => port?.postMessage(told);

port?.on('message', async ({target: name, kind, seeds}: Work) => {
  const target = targets.find(each => each.name === name);
  for (const seed of seeds) {
    if (target === undefined) break;
    tell({begins: seed});
    const broken = await (kind === 'input' ? tryOnce : growthOnce)(target, seed);
    if (broken !== undefined) tell({seed, broken});
  }
  tell({done: true});
});
