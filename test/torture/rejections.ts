// What a process must never have while it is tortured: rejections that nobody handles, and the warnings Node gives of
// forgotten listeners.

/**
 * @param told each of them in words
 * @returns ends it
 */
export function watchRejections(told: (what: string) => void): () => void {
  const rejected = (reason: unknown) =>
    told(`an unhandled rejection: ${reason instanceof Error ? reason.stack : String(reason)}`);
  const warned = (warning: Error) => {
    if (warning.name === 'MaxListenersExceededWarning') told(`forgotten listeners: ${warning.message}`);
  };
  process.on('unhandledRejection', rejected);
  process.on('warning', warned);
  return () => {
    process.off('unhandledRejection', rejected);
    process.off('warning', warned);
  };
}
