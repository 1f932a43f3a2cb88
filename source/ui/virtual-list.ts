// Moving through a list of which only a window is on screen (progress/select.ts says which).

export type Move = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last';

/** The row a move leads to; stays inside the list. */
export function movedIndex(move: Move, index: number, height: number, total: number): number {
  const page = Math.max(1, height - 1);
  const steps: Readonly<Record<Move, number>> = {
    up: index - 1,
    down: index + 1,
    'page-up': index - page,
    'page-down': index + page,
    first: 0,
    last: total - 1,
  };
  return Math.max(0, Math.min(total - 1, steps[move]));
}
