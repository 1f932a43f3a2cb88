// Who has brought a message: the run, and which of its requests where several share the ledger. What one of them has
// brought is there already for the others.

/** @param run has no '#' in its name */
export function tagOf(run: string, request: number): string {
  return `${run}#${request}`;
}

/** The run that a row is tagged with. */
export function runOf(tag: string): string {
  return tag.split('#')[0] ?? '';
}
