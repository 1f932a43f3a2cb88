// Text in terminal cells. A column that is one cell off shears the whole screen, so what comes out of `fit` has
// exactly the width that was asked for, whatever script the folder name is in.
import stringWidth from 'string-width';

const segmenter = new Intl.Segmenter();
const printableAscii = /^[\x20-\x7e]*$/;
const controls = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/g;

export type Ellipsis = 'end' | 'middle';
export type FitOptions = {
  readonly align?: 'left' | 'right' | 'center';
  /** Where text is left out when it is too long. Default end. */
  readonly ellipsis?: Ellipsis;
  /** The sign for left-out text, one cell. Default '…'. */
  readonly mark?: string;
};

/** Terminal cells that a text takes. */
export function cellWidth(text: string): number {
  return printableAscii.test(text) ? text.length : stringWidth(text);
}

/**
 * The text, cut to at most `width` cells with `mark` where something was left out. Never splits a grapheme, so the
 * result may be a cell narrower than `width`. Control characters, which would move the cursor, become spaces.
 */
export function truncate(
  text: string,
  width: number,
  options: Pick<FitOptions, 'ellipsis' | 'mark'> = {},
): string {
  const room = Math.max(0, Math.floor(width));
  const clean = printableAscii.test(text) ? text : text.replace(controls, ' ');
  if (cellWidth(clean) <= room) return clean;
  const mark = options.mark ?? '…';
  const left = room - cellWidth(mark);
  if (left < 0) return '';
  const graphemes = split(clean);
  if (options.ellipsis !== 'middle') return start(graphemes, left) + mark;
  const head = start(graphemes, Math.ceil(left / 2));
  return head + mark + end(graphemes, left - cellWidth(head));
}

/** The text in exactly `width` cells: cut where it is too long, padded with spaces where it is too short. */
export function fit(text: string, width: number, options: FitOptions = {}): string {
  const room = Math.max(0, Math.floor(width));
  const cut = truncate(text, room, options);
  const space = Math.max(0, room - cellWidth(cut));
  if (options.align === 'right') return ' '.repeat(space) + cut;
  if (options.align !== 'center') return cut + ' '.repeat(space);
  const before = Math.floor(space / 2);
  return ' '.repeat(before) + cut + ' '.repeat(space - before);
}

type Grapheme = {readonly text: string; readonly width: number};

function split(text: string): Grapheme[] {
  return Array.from(segmenter.segment(text), ({segment}) => ({text: segment, width: cellWidth(segment)}));
}

function start(graphemes: readonly Grapheme[], width: number): string {
  let used = 0;
  let text = '';
  for (const grapheme of graphemes) {
    if (used + grapheme.width > width) break;
    used += grapheme.width;
    text += grapheme.text;
  }
  return text;
}

function end(graphemes: readonly Grapheme[], width: number): string {
  let used = 0;
  let from = graphemes.length;
  for (; from > 0; from -= 1) {
    const grapheme = graphemes[from - 1];
    if (grapheme === undefined || used + grapheme.width > width) break;
    used += grapheme.width;
  }
  return graphemes
    .slice(from)
    .map(grapheme => grapheme.text)
    .join('');
}
