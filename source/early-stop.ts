// A signal that comes when nobody listens for it yet, or any more: nothing is under way that would have to be finished,
// so the program ends at once, with the exit code of a stop or of the work that is done.
const stopSignals = ['SIGINT', 'SIGTERM'] as const;

/** The exit code where the user has stopped it. */
export const stoppedCode = 130;

function leave(): void {
  process.exit(process.exitCode ?? stoppedCode);
}

/** Heard from here on, until somebody listens who knows what to finish first. */
export function stopAtOnce(): void {
  for (const name of stopSignals) if (!process.listeners(name).includes(leave)) process.on(name, leave);
}
