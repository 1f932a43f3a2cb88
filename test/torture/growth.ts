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
