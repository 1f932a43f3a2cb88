// Works through many things, a few at a time.

/** Settles when all are through; the first error ends it, once what is under way has ended. */
export async function inParallel<Item>(
  lanes: number,
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items[Symbol.iterator]();
  let failed = false;
  const lane = async () => {
    for (let next = left.next(); !failed && next.done !== true; next = left.next())
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
  };
  const all = await Promise.allSettled(Array.from({length: lanes}, lane));
  for (const each of all) if (each.status === 'rejected') throw each.reason;
}
