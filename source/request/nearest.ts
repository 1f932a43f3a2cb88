// The known name a mistyped one most likely stands for.

/** Damerau-Levenshtein distance, adjacent swaps counted as one. */
export function editsBetween(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({length: right.length + 1}, (_, index) => index);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]) {
        best = Math.min(best, (beforeLast[column - 2] ?? Number.POSITIVE_INFINITY) + 1);
      }
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}

/** The nearest of the known names, if it is near enough to be what was meant: a third of its length may differ. */
export function nearest(text: string, known: readonly string[]): string | undefined {
  let found: string | undefined;
  let best = Number.POSITIVE_INFINITY;
  // A hostile header cell may be megabytes long; no name is.
  const bounded = text.slice(0, 64);
  for (const name of known) {
    const most = Math.max(1, Math.floor(name.length / 3));
    // Each letter more or less is an edit.
    if (Math.abs(bounded.length - name.length) > most) continue;
    const away = editsBetween(bounded, name);
    if (away < best && away <= most) {
      best = away;
      found = name;
    }
  }
  return found;
}
