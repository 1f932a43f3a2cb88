/** ms. What the network's time corrects all the while is waited out; more is somebody's hand. */
const corrected = 1_000;

/**
 * The clock of one run. It goes forward with the machine's (a lid that was closed for a night is a night), and on where
 * that one is set back: a run does not end before it began, and an hour is not waited for twice.
 * @param read ms since 1970
 * @returns ms since 1970, never less than the time before
 */
export function steadyClock(read: () => number): () => number {
  let last = Number.NEGATIVE_INFINITY;
  let ahead = 0;
  return () => {
    const time = read() + ahead;
    if (time >= last) {
      last = time;
    } else if (last - time > corrected) {
      ahead += last - time;
    }
    return last;
  };
}
