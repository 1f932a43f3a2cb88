// The beat of a face that tells the totals now and then.
import type {System} from './system.ts';

/** Ticks each second until the answer is called; keeps no program from ending. */
export function ticking(
  system: Pick<System, 'now' | 'schedule'>,
  listener: {tick(now: number): void} | undefined,
): () => void {
  if (listener === undefined) return () => undefined;
  let cancel: () => void = () => undefined;
  const beat = () => {
    listener.tick(system.now());
    cancel = system.schedule(beat, 1000);
  };
  cancel = system.schedule(beat, 1000);
  return () => cancel();
}
