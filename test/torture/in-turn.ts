/** Works through all of them, several at once; rejects as soon as one does. */
export async function inTurn<Each>(
  each: Iterator<Each>,
  most: number,
  work: (one: Each) => Promise<void>,
): Promise<void> {
  const worker = async () => {
    for (let next = each.next(); next.done !== true; next = each.next()) await work(next.value);
  };
  await Promise.all(Array.from({length: most}, worker));
}
