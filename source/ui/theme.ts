// Roles, not colours: a component says what a text means, this file says how that looks. Colour only supports;
// every state also has a glyph and a word.

export type Role = 'ok' | 'warn' | 'fail' | 'dim' | 'accent' | 'selected' | 'plain';

/** Props for Ink's <Text>. Only the 16 ANSI colours, so that every terminal theme stays readable. */
export const roleProps: Readonly<Record<Role, {color?: string; dimColor?: boolean; bold?: boolean}>> = {
  ok: {color: 'green'},
  warn: {color: 'yellow'},
  fail: {color: 'red'},
  dim: {dimColor: true},
  accent: {color: 'cyan'},
  selected: {bold: true},
  plain: {},
};

type Symbols = {
  readonly tick: string;
  readonly cross: string;
  readonly warning: string;
  readonly pointer: string;
  readonly bullet: string;
  readonly circle: string;
  readonly dot: string;
  readonly dash: string;
  readonly arrow: string;
  readonly up: string;
  readonly down: string;
  readonly ellipsis: string;
  readonly middle: string;
  /** Empty to full: the cell of a bar that is only partly filled. */
  readonly blocks: readonly string[];
  readonly barFull: string;
  readonly barEmpty: string;
  readonly sparks: readonly string[];
  readonly spinner: readonly string[];
  /** What ink-table's borders become; those that are not named stay. */
  readonly borders: Readonly<Record<string, string>>;
};

const unicode: Symbols = {
  tick: '✓',
  cross: '✗',
  warning: '!',
  pointer: '▸',
  bullet: '●',
  circle: '○',
  dot: '·',
  dash: '—',
  arrow: '→',
  up: '↑',
  down: '↓',
  ellipsis: '…',
  middle: '•',
  blocks: [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
  barFull: '▓',
  barEmpty: '░',
  sparks: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  spinner: ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'],
  borders: {},
};

const ascii: Symbols = {
  tick: 'v',
  cross: 'x',
  warning: '!',
  pointer: '>',
  bullet: '*',
  circle: 'o',
  dot: '.',
  dash: '-',
  arrow: '->',
  up: '^',
  down: 'v',
  ellipsis: '~',
  middle: '*',
  blocks: [' ', '.', '.', ':', ':', '-', '=', '+', '#'],
  barFull: '#',
  barEmpty: '.',
  sparks: ['_', '.', '-', ':', '=', '+', '*', '#'],
  spinner: ['|', '/', '-', '\\'],
  borders: {
    ...{'─': '-', '│': '|', '┌': '+', '┬': '+', '┐': '+', '├': '+'},
    ...{'┼': '+', '┤': '+', '└': '+', '┴': '+', '┘': '+'},
  },
};

/** The symbols of this process. Set once by carry-out.ts, before anything is drawn. */
export let symbols: Symbols = unicode;

/** Terminals without Unicode get the ASCII twins. */
export function useAsciiSymbols(on: boolean): void {
  symbols = on ? ascii : unicode;
}
