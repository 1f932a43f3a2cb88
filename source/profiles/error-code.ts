// What the system says went wrong, as its code: 'EACCES'. Its message may hold what nobody is to see.
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
