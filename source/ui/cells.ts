// A line of the screen as data: pieces of text, each with a role. Lines are cut and padded here by terminal cells,
// so that what is drawn is exactly as wide as the layout says and can be tested without drawing.
import {cleanText} from '../format/clean.ts';
import {cellWidth, type FitOptions, fit, truncate} from '../format/fit.ts';
import {type Role, symbols} from './theme.ts';

export type Span = {readonly text: string; readonly role?: Role; readonly bold?: boolean};
export type Line = readonly Span[];

/** Text that came from a server or a file: control, escape and bidi characters are taken out first. */
export function foreign(text: string): string {
  return cleanText(text, 500);
}

export function span(text: string, role?: Role): Span {
  return role === undefined ? {text} : {text, role};
}

/** A piece of exactly `width` cells: a column. */
export function column(text: string, width: number, role?: Role, options: FitOptions = {}): Span {
  return span(exact(text, width, options), role);
}

/** The text in exactly `width` cells: cut, or filled with blanks. */
export function exact(text: string, width: number, options: FitOptions = {}): string {
  return fit(text, width, {mark: symbols.ellipsis, ...options});
}

/** The text in at most `width` cells; what is left out is marked. `middle` keeps both ends, for paths and addresses. */
export function short(text: string, width: number, ellipsis: 'end' | 'middle' = 'end'): string {
  return truncate(text, width, {mark: symbols.ellipsis, ellipsis});
}

export function blank(width: number): Span {
  return {text: ' '.repeat(Math.max(0, width))};
}

/** Width in terminal cells. */
export function lineWidth(line: Line): number {
  let width = 0;
  for (const piece of line) width += cellWidth(piece.text);
  return width;
}

/** The line as plain text. */
export function lineText(line: Line): string {
  return line.map(piece => piece.text).join('');
}

/**
 * The same line in as few pieces as possible: blanks look the same in every colour, so they join their neighbour, and
 * those at the end go. Each piece costs its escape sequences, in every frame.
 */
export function joinPieces(line: Line): Line {
  const joined: Span[] = [];
  for (const piece of line) {
    const last = joined.at(-1);
    const alike =
      last !== undefined &&
      (piece.text.trim() === '' || (last.role === piece.role && last.bold === piece.bold));
    if (last !== undefined && alike) joined[joined.length - 1] = {...last, text: last.text + piece.text};
    else joined.push(piece);
  }
  const end = joined.at(-1);
  if (end !== undefined) joined[joined.length - 1] = {...end, text: end.text.trimEnd()};
  return joined;
}

/** Cuts the line where it is wider than `width` cells; a shorter one stays short. */
export function clipLine(line: Line, width: number): Line {
  const clipped: Span[] = [];
  let left = Math.max(0, width);
  for (const piece of line) {
    const wide = cellWidth(piece.text);
    if (wide <= left) {
      clipped.push(piece);
      left -= wide;
      continue;
    }
    if (left > 0) clipped.push({...piece, text: short(piece.text, left)});
    break;
  }
  return clipped;
}

/** `left` at the left edge, `right` at the right one; where both do not fit, `right` gives way. */
export function spread(left: Line, right: Line, width: number): Line {
  const start = clipLine(left, width);
  const gap = width - lineWidth(start) - lineWidth(right);
  return gap < 1 ? start : [...start, blank(gap), ...right];
}

/**
 * The segments that fit into `width`, `gap` spaces apart, in their order. Where not all fit, the ones with the
 * highest `rank` are left out first.
 */
export function joinRanked(
  segments: readonly {readonly line: Line; readonly rank: number}[],
  width: number,
  gap: number,
): Line {
  const kept = new Set(segments.filter(segment => segment.line.length > 0));
  const total = () => {
    let sum = -gap;
    for (const segment of kept) sum += lineWidth(segment.line) + gap;
    return sum;
  };
  while (kept.size > 1 && total() > width) {
    kept.delete([...kept].reduce((worst, segment) => (segment.rank > worst.rank ? segment : worst)));
  }
  const joined: Span[] = [];
  for (const segment of kept) {
    if (joined.length > 0) joined.push(blank(gap));
    joined.push(...segment.line);
  }
  return clipLine(joined, width);
}

/** Breaks a sentence into at most `most` lines of at most `width` cells; the last one is cut where it must be. */
export function wrapText(text: string, width: number, most: number): string[] {
  const lines: string[] = [];
  let line = '';
  const words = text.split(/\s+/u).filter(word => word !== '');
  for (const [index, word] of words.entries()) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (cellWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (lines.length + 1 >= most) {
      lines.push(short([line, ...words.slice(index)].filter(part => part !== '').join(' '), width));
      return lines.slice(0, most);
    }
    if (line !== '') lines.push(line);
    line = short(word, width, 'middle');
  }
  if (line !== '') lines.push(line);
  return lines.slice(0, most);
}

/**
 * A line for the terminal itself: one that fits stays as it is; what is broken, between words, goes on further in. No word
 * is cut, so that a path or an address can be copied.
 */
export function breakLine(line: string, width: number): string[] {
  if (cellWidth(line) <= width) return [line];
  const indent = /^ */.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = '';
  for (const word of line.trim().split(/\s+/u)) {
    const lead = current === '' ? `${indent}${lines.length === 0 ? '' : '  '}` : `${current} `;
    if (current !== '' && cellWidth(lead + word) > width) {
      lines.push(current);
      current = `${indent}  ${word}`;
    } else current = lead + word;
  }
  return [...lines, current];
}

/** An address on as many lines as it needs, cut anywhere: it must be whole to be of use. Printable ASCII only. */
export function wrapLink(link: string, width: number): string[] {
  const step = Math.max(1, width);
  return Array.from({length: Math.ceil(link.length / step)}, (_, index) =>
    link.slice(index * step, (index + 1) * step),
  );
}
