// Text cut to terminal cells. String.length counts neither wide letters nor combining marks rightly.
import stringWidth from 'string-width';
import {symbols} from './theme.ts';

const graphemes = new Intl.Segmenter(undefined, {granularity: 'grapheme'});

/** The first part of the text that takes at most `cells` cells. */
export function take(text: string, cells: number): string {
  let used = 0;
  let taken = '';
  for (const {segment} of graphemes.segment(text)) {
    used += stringWidth(segment);
    if (used > cells) break;
    taken += segment;
  }
  return taken;
}

/** The last part of the text that takes at most `cells` cells. */
export function takeEnd(text: string, cells: number): string {
  let used = 0;
  let taken = '';
  for (const {segment} of [...graphemes.segment(text)].reverse()) {
    used += stringWidth(segment);
    if (used > cells) break;
    taken = segment + taken;
  }
  return taken;
}

/**
 * The text in at most `cells` cells; what is cut is marked. `middle` keeps both ends, for paths and addresses;
 * `start` keeps the end.
 */
export function cut(text: string, cells: number, where: 'start' | 'middle' | 'end' = 'end'): string {
  if (cells <= 0) return '';
  if (stringWidth(text) <= cells) return text;
  const mark = symbols.ellipsis;
  const left = cells - stringWidth(mark);
  if (left <= 0) return take(mark, cells);
  if (where === 'end') return take(text, left) + mark;
  if (where === 'start') return mark + takeEnd(text, left);
  const head = take(text, Math.ceil(left / 2));
  return head + mark + takeEnd(text, left - stringWidth(head));
}

/** The text in exactly `cells` cells: cut, or filled with spaces on the other side of `align`. */
export function fit(
  text: string,
  cells: number,
  align: 'left' | 'right' = 'left',
  where: 'start' | 'middle' | 'end' = 'end',
): string {
  const short = cut(text, cells, where);
  const space = ' '.repeat(Math.max(0, cells - stringWidth(short)));
  return align === 'left' ? short + space : space + short;
}
