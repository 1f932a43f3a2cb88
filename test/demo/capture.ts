// Watches a terminal and keeps what a person would see, when.
import type {IBufferCell} from '@xterm/headless';
import type {Terminal} from '../helpers/terminal.ts';
import {background, foreground, indexed} from './colours.ts';

/** One place on the screen as it is drawn; the key is equal for cells that look the same. */
export type Cell = {
  readonly key: string;
  readonly text: string;
  /** 2 for a wide character; the place behind it has width 0. */
  readonly width: number;
  /** `#rrggbb`. */
  readonly ink: string;
  readonly paper: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underlined: boolean;
};

export type Frame = {
  /** Rows of cells. */
  readonly rows: readonly (readonly Cell[])[];
  /** How long it is shown, in ms. */
  readonly duration: number;
};

const hex = (rgb: number) => `#${rgb.toString(16).padStart(6, '0')}`;

function mix(colour: string, other: string): string {
  const one = Number.parseInt(colour.slice(1), 16);
  const two = Number.parseInt(other.slice(1), 16);
  const channel = (shift: number) => (((one >> shift) & 255) * 11 + ((two >> shift) & 255) * 9) / 20;
  return hex((Math.round(channel(16)) << 16) | (Math.round(channel(8)) << 8) | Math.round(channel(0)));
}

function cellOf(cell: IBufferCell): Cell {
  const front = cell.isFgDefault()
    ? foreground
    : cell.isFgRGB()
      ? hex(cell.getFgColor())
      : indexed(cell.getFgColor());
  const back = cell.isBgDefault()
    ? background
    : cell.isBgRGB()
      ? hex(cell.getBgColor())
      : indexed(cell.getBgColor());
  const [plain, paper] = cell.isInverse() ? [back, front] : [front, back];
  const ink = cell.isDim() ? mix(plain, paper) : plain;
  const text = cell.isInvisible() ? '' : cell.getChars().trim();
  const [bold, italic, underlined] = [cell.isBold() !== 0, cell.isItalic() !== 0, cell.isUnderline() !== 0];
  const width = cell.getWidth();
  const key =
    text === '' && !underlined
      ? `${paper} ${width}`
      : [text, width, ink, paper, bold, italic, underlined].join(' ');
  return {key, text, width, ink, paper, bold, italic, underlined};
}

/** What the screen shows now. */
export function shot(terminal: Terminal): Cell[][] {
  const {emulator} = terminal;
  const buffer = emulator.buffer.active;
  return Array.from({length: emulator.rows}, (_, row) => {
    const line = buffer.getLine(buffer.baseY + row);
    return Array.from({length: emulator.cols}, (_, column) =>
      cellOf(line?.getCell(column) ?? buffer.getNullCell()),
    );
  });
}

const same = (one: readonly (readonly Cell[])[], other: readonly (readonly Cell[])[]) =>
  one.every((row, y) => row.every((cell, x) => cell.key === other[y]?.[x]?.key));

const blank = (rows: readonly (readonly Cell[])[]) => rows.every(row => row.every(cell => cell.text === ''));

export type CaptureOptions = {
  /** How often the screen is looked at. */
  readonly everyMs: number;
  /** What stands still for longer is cut to this. */
  readonly longestMs: number;
  /** How long the last frame stays. */
  readonly lastMs: number;
  /** In ms. */
  readonly now: () => number;
};

/** Captures the terminal until `performance` settles. Blank screens are left out. */
export async function capture(
  terminal: Terminal,
  performance: Promise<void>,
  options: CaptureOptions,
): Promise<Frame[]> {
  const seen: {rows: Cell[][]; at: number}[] = [];
  const look = () => {
    const rows = shot(terminal);
    const last = seen.at(-1);
    if (!blank(rows) && (last === undefined || !same(last.rows, rows))) seen.push({rows, at: options.now()});
  };
  const timer = setInterval(look, options.everyMs);
  await performance.finally(() => clearInterval(timer));
  look();
  return seen.map(({rows, at}, index) => {
    const next = seen[index + 1];
    return {rows, duration: next === undefined ? options.lastMs : Math.min(options.longestMs, next.at - at)};
  });
}
