// Every part of the torture rig, in the order of the table. Each is loaded only where it runs.
import type {Part} from './part.ts';

export type PartEntry = {readonly name: string; load(): Promise<Part>};

export const parts: readonly PartEntry[] = [
  {name: 'kill', load: async () => (await import('./kill.ts')).kill},
  {name: 'network', load: async () => (await import('./network.ts')).network},
  {name: 'identity', load: async () => (await import('./identity.ts')).identity},
  {name: 'model', load: async () => (await import('./model.ts')).model},
  {name: 'soak', load: async () => (await import('./soak.ts')).soak},
  {name: 'quirks', load: async () => (await import('./quirks.ts')).quirks},
  {name: 'crafted', load: async () => (await import('./crafted.ts')).crafted},
  {name: 'fuzz', load: async () => (await import('./fuzz.ts')).fuzz},
  {name: 'hostile', load: async () => (await import('./hostile.ts')).hostile},
];
