// Where inputs are tried: a thread with bounded memory, begun anew when one of them was too much for it.
import {Worker} from 'node:worker_threads';
import type {Told, Work} from './worker.ts';

/** MB of heap. */
const mostHeap = 512;
/** ms that one input may take before it is taken for endless; a busy machine takes a thousandth of it. */
const patience = 90_000;

export type Broken = {readonly seed: number; readonly what: string};

export class Bench {
  #worker: Worker | undefined;

  /** What broke in these tries; after one that hangs or fills the memory the others are left out. */
  async work(work: Work): Promise<Broken[]> {
    this.#worker ??= new Worker(new URL('./worker.ts', import.meta.url), {
      resourceLimits: {maxOldGenerationSizeMb: mostHeap},
    });
    const worker = this.#worker;
    const broken: Broken[] = [];
    const {promise, resolve} = Promise.withResolvers<string | undefined>();
    let under = work.seeds[0] ?? 0;
    let timer = setTimeout(resolve, patience, 'it does not end');
    const told = (said: Told) => {
      clearTimeout(timer);
      if ('done' in said) return resolve(undefined);
      timer = setTimeout(resolve, patience, 'it does not end');
      if ('begins' in said) under = said.begins;
      else broken.push({seed: said.seed, what: said.broken});
    };
    const failed = (error: Error) => resolve(`it ends the thread: ${error.message}`);
    worker.on('message', told).on('error', failed);
    worker.postMessage(work);
    const ended = await promise;
    clearTimeout(timer);
    worker.off('message', told).off('error', failed);
    if (ended !== undefined) {
      broken.push({seed: under, what: ended});
      await this.close();
    }
    return broken;
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}
