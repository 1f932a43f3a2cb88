// Text cut to terminal cells with the ellipsis this terminal can draw.
import {type Ellipsis, fit as fitWith, truncate} from '../format/fit.ts';
import {symbols} from './theme.ts';

/** The text in at most `cells` cells; what is left out is marked. `middle` keeps both ends, for paths and addresses. */
export function cut(text: string, cells: number, where: Ellipsis = 'end'): string {
  return truncate(text, cells, {ellipsis: where, mark: symbols.ellipsis});
}

/** The text in exactly `cells` cells: cut, or filled with spaces on the other side of `align`. */
export function fit(
  text: string,
  cells: number,
  align: 'left' | 'right' = 'left',
  where: Ellipsis = 'end',
): string {
  return fitWith(text, cells, {align, ellipsis: where, mark: symbols.ellipsis});
}
