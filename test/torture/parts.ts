// Every part of the torture rig, in the order of the table. Each is loaded only where it runs.
import type {Part} from './part.ts';

export type PartEntry = {
  readonly name: string;
  /**
   * Minutes in which it has tried everything that it knows once, on two cores. `network` knows too many places for that: in
   * its minutes it tries an even sample of them, another with each seed.
   */
  readonly minutes: number;
  /**
   * What is counted of it in the line below the table: what it notes by this name, else its tries. Parts without a word of
   * their own are not in the line.
   */
  readonly counts?: string;
  /** Its servers are ours: it needs no Dovecot. */
  readonly alone?: true;
  load(): Promise<Part>;
};

export const parts: readonly PartEntry[] = [
  // First, since what the others leave behind in this process would count as its own.
  {name: 'soak', minutes: 33, load: async () => (await import('./soak.ts')).soak},
  {name: 'long', minutes: 5, load: async () => (await import('./long.ts')).long},
  {
    name: 'kill',
    minutes: 18,
    counts: 'points killed at',
    load: async () => (await import('./kill.ts')).kill,
  },
  {
    name: 'network',
    minutes: 8,
    counts: 'faults of the line',
    load: async () => (await import('./network.ts')).network,
  },
  {name: 'identity', minutes: 2, load: async () => (await import('./identity.ts')).identity},
  {
    name: 'model',
    minutes: 3,
    counts: 'scenarios',
    load: async () => (await import('./model.ts')).model,
  },
  {
    name: 'quirks',
    minutes: 88,
    counts: 'defences taken out',
    load: async () => (await import('./quirks.ts')).quirks,
  },
  {name: 'crafted', minutes: 2, load: async () => (await import('./crafted.ts')).crafted},
  {
    name: 'fuzz',
    minutes: 3,
    counts: 'inputs to parsers',
    alone: true,
    load: async () => (await import('./fuzz.ts')).fuzz,
  },
  {
    name: 'hostile',
    minutes: 20,
    counts: 'attacks by servers',
    alone: true,
    load: async () => (await import('./hostile.ts')).hostile,
  },
];
