// A rate over the last seconds, drawn in one row.
import {symbols} from './theme.ts';

/** The newest `width` values, oldest first, scaled to the largest of them. Before the first one nothing
 * happened, which is drawn as 0. */
export function sparkline(values: readonly number[], width: number): string {
  const cells = Math.max(0, Math.floor(width));
  const shown = cells === 0 ? [] : values.slice(-cells);
  const top = Math.max(0, ...shown);
  const levels = symbols.sparks.length;
  const drawn = shown.map(value => {
    if (!(value > 0) || top === 0) return symbols.sparks[0] ?? '_';
    return symbols.sparks[Math.min(levels - 1, Math.floor((value / top) * (levels - 1) + 0.5))] ?? '_';
  });
  return (symbols.sparks[0] ?? '_').repeat(cells - drawn.length) + drawn.join('');
}
