// Whether a row of samples grows. Pure.

/** By how much a straight line through the samples (least squares) rises from the first to the last. */
export function growthOf(samples: readonly number[]): number {
  const count = samples.length;
  if (count < 2) return 0;
  const middle = (count - 1) / 2;
  const mean = samples.reduce((sum, each) => sum + each, 0) / count;
  let along = 0;
  let squares = 0;
  for (const [index, each] of samples.entries()) {
    along += (index - middle) * (each - mean);
    squares += (index - middle) ** 2;
  }
  return (along / squares) * (count - 1);
}

/** The samples after the first third, in which everything that is made once has been made. */
export function afterWarmUp<Sample>(samples: readonly Sample[]): readonly Sample[] {
  return samples.slice(Math.ceil(samples.length / 3));
}

/** Fewer samples after the warm-up say nothing of growth. */
export const fewest = 12;

/** Why there is no verdict on growth, where there is none. @param samples all, with those of the warm-up */
export function notJudged(samples: readonly unknown[]): string | undefined {
  const {length} = afterWarmUp(samples);
  return length >= fewest
    ? undefined
    : `growth is not judged: ${length} samples after the warm-up, ${fewest} are needed; it takes more --minutes`;
}
