// Bars as text. Never full before the work is, never empty once something is done.
import {symbols} from './theme.ts';

/** A share of a whole, bounded to 0..1; 0 where the whole is unknown. */
export function share(done: number, total: number): number {
  if (!(total > 0) || !(done > 0)) return 0;
  return Math.min(1, done / total);
}

/** The bar of the totals: `width` cells, filled and unfilled part told apart without colour. */
export function barParts(fraction: number, width: number): {readonly filled: string; readonly empty: string} {
  const cells = Math.max(0, Math.floor(width));
  const full = filledSteps(fraction, cells);
  return {filled: symbols.barFull.repeat(full), empty: symbols.barEmpty.repeat(cells - full)};
}

/** A small bar in eighths of a cell, exactly `width` cells. */
export function eighths(fraction: number, width: number): string {
  const cells = Math.max(0, Math.floor(width));
  const steps = filledSteps(fraction, cells * 8);
  const full = Math.floor(steps / 8);
  const rest = steps % 8;
  const part = rest === 0 ? '' : (symbols.blocks[rest] ?? '');
  const solid = (symbols.blocks[8] ?? '#').repeat(full) + part;
  return solid + ' '.repeat(cells - full - (part === '' ? 0 : 1));
}

function filledSteps(fraction: number, steps: number): number {
  if (steps === 0 || !(fraction > 0)) return 0;
  if (fraction >= 1) return steps;
  return Math.min(steps - 1, Math.max(1, Math.floor(fraction * steps))) || 0;
}
