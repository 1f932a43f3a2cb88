// The curve of a run, however long: when the stretches run out, neighbours are put together and each is twice as long.
import type {Timeline} from './snapshot.ts';

/** An even number, so that stretches pair up. */
const mostStretches = 240;
const shortest = 1000;

export function emptyTimeline(from: number): Timeline {
  return {from, every: shortest, messages: []};
}

/** The timeline with messages added at `at`, ms since 1970. */
export function addToTimeline(timeline: Timeline, at: number, messages: number): Timeline {
  const after = Math.max(0, at - timeline.from);
  let {every} = timeline;
  let stretches = [...timeline.messages];
  while (after / every >= mostStretches) {
    every *= 2;
    stretches = pairs(stretches);
  }
  const index = Math.floor(after / every);
  while (stretches.length <= index) stretches.push(0);
  stretches[index] = (stretches[index] ?? 0) + messages;
  return {from: timeline.from, every, messages: stretches};
}

function pairs(values: readonly number[]): number[] {
  const result: number[] = [];
  for (let index = 0; index < values.length; index += 2) {
    result.push((values[index] ?? 0) + (values[index + 1] ?? 0));
  }
  return result;
}
