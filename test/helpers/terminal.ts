// A robot at a real terminal: the program runs in a pseudo-terminal, a terminal emulator draws what it prints,
// and the test reads the screen as a person would.
import {spawn} from '@lydell/node-pty';
import xterm from '@xterm/headless';
import {cleanEnvironment} from './program.ts';

export type TerminalOptions = {
  readonly command: string;
  readonly args?: readonly string[];
  /** 80 by 24 where not given. */
  readonly columns?: number;
  readonly rows?: number;
  /** On top of the clean environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
};

/** What each key sends, xterm's way. */
const keys = {
  enter: '\r',
  escape: '\u001b',
  tab: '\t',
  'shift+tab': '\u001b[Z',
  backspace: '\u007f',
  delete: '\u001b[3~',
  space: ' ',
  up: '\u001b[A',
  down: '\u001b[B',
  right: '\u001b[C',
  left: '\u001b[D',
  home: '\u001b[H',
  end: '\u001b[F',
  'page-up': '\u001b[5~',
  'page-down': '\u001b[6~',
} as const;

/** A named key, `ctrl+` and a letter, or a single character. */
export type Key = keyof typeof keys | `ctrl+${string}` | string;

export type Terminal = {
  readonly pid: number;
  /** For colours and attributes of single cells. */
  readonly emulator: xterm.Terminal;
  /** Settles when the program has ended and all it printed is drawn. */
  readonly exit: Promise<{readonly code: number; readonly signal: number}>;
  /** Everything the program has printed, escape sequences and all. */
  readonly raw: string;
  /** What is on the screen now, without trailing blanks. */
  screen(): string;
  /** What has scrolled off and what is on the screen. */
  everything(): string;
  /** Whether the full-screen (alternate) buffer is shown. */
  isAlternate(): boolean;
  cursorVisible(): boolean;
  /** Where the text first is on the screen, from 0. */
  find(text: string): {readonly row: number; readonly column: number} | undefined;
  /** Waits until the screen shows it; throws with the screen where it does not in time (30 s where not given). */
  waitFor(wanted: string | RegExp | ((screen: string) => boolean), options?: WaitOptions): Promise<string>;
  /** Waits until the screen does not show it any more. */
  waitForNo(unwanted: string | RegExp, options?: WaitOptions): Promise<string>;
  press(...pressed: Key[]): Promise<void>;
  type(text: string): Promise<void>;
  /** Bracketed paste. */
  paste(text: string): Promise<void>;
  resize(columns: number, rows: number): void;
  kill(signal?: NodeJS.Signals): void;
};

export type WaitOptions = {readonly timeoutMs?: number};

function bytesOf(key: Key): string {
  if (Object.hasOwn(keys, key)) return keys[key as keyof typeof keys];
  const control = /^ctrl\+([a-z])$/.exec(key);
  if (control) return String.fromCharCode((control[1] ?? 'a').charCodeAt(0) - 96);
  if ([...key].length === 1) return key;
  throw new Error(`No such key: ${key}`);
}

/** Starts the program in a pseudo-terminal. */
export function openTerminal(options: TerminalOptions): Terminal {
  const {columns = 80, rows = 24} = options;
  const emulator = new xterm.Terminal({cols: columns, rows, allowProposedApi: true, scrollback: 5_000});
  const process = spawn(options.command, [...(options.args ?? [])], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    ...(options.cwd === undefined ? {} : {cwd: options.cwd}),
    env: cleanEnvironment({TERM: 'xterm-256color', COLORTERM: 'truecolor', ...options.env}),
  });

  let raw = '';
  let ended: {code: number; signal: number} | undefined;
  const watchers = new Set<() => void>();
  const changed = () => {
    for (const watcher of [...watchers]) watcher();
  };
  process.onData(text => {
    raw += text;
    emulator.write(text, changed);
  });
  // Answers to the program's questions about the terminal (cursor place, device attributes).
  emulator.onData(answer => {
    if (!ended) process.write(answer);
  });
  const exit = new Promise<{code: number; signal: number}>(resolve => {
    process.onExit(({exitCode, signal}) => {
      emulator.write('', () => {
        ended = {code: exitCode, signal: signal ?? 0};
        changed();
        resolve(ended);
      });
    });
  });

  const lines = (from: number, to: number) => {
    const buffer = emulator.buffer.active;
    const found: string[] = [];
    for (let row = from; row < to; row += 1) found.push(buffer.getLine(row)?.translateToString(true) ?? '');
    return found.join('\n').trimEnd();
  };
  const screen = () => {
    const {baseY} = emulator.buffer.active;
    return lines(baseY, baseY + emulator.rows);
  };

  const waitUntil = (holds: () => boolean, what: string, {timeoutMs = 30_000}: WaitOptions = {}) => {
    const {promise, resolve, reject} = Promise.withResolvers<string>();
    const fail = (why: string) =>
      reject(
        new Error(`${why} ${what}\n--- the screen (${emulator.cols}x${emulator.rows}) ---\n${screen()}\n---`),
      );
    const look = () => {
      if (holds()) resolve(screen());
      else if (ended) fail(`The program ended (code ${ended.code}, signal ${ended.signal}) before`);
    };
    const timer = setTimeout(() => fail(`Waited ${timeoutMs} ms, in vain, until`), timeoutMs);
    watchers.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      watchers.delete(look);
    });
  };
  const shows = (text: string | RegExp) =>
    typeof text === 'string' ? screen().includes(text) : text.test(screen());

  /** Lets the program read what was sent before more comes, so that keys do not run together in one read. */
  const send = async (text: string) => {
    if (ended) return;
    process.write(text);
    await new Promise(done => setTimeout(done, text === keys.escape ? 60 : 15));
  };

  return {
    pid: process.pid,
    emulator,
    exit,
    get raw() {
      return raw;
    },
    screen,
    everything: () => lines(0, emulator.buffer.active.length),
    isAlternate: () => emulator.buffer.active.type === 'alternate',
    cursorVisible: () => raw.lastIndexOf('\u001b[?25h') >= raw.lastIndexOf('\u001b[?25l'),
    find(text) {
      for (const [row, line] of screen().split('\n').entries()) {
        const column = line.indexOf(text);
        if (column !== -1) return {row, column};
      }
      return undefined;
    },
    waitFor: (wanted, wait) =>
      waitUntil(
        typeof wanted === 'function' ? () => wanted(screen()) : () => shows(wanted),
        typeof wanted === 'function' ? 'the screen is as wanted' : `the screen shows ${wanted}`,
        wait,
      ),
    waitForNo: (unwanted, wait) => waitUntil(() => !shows(unwanted), `${unwanted} has left the screen`, wait),
    async press(...pressed) {
      for (const key of pressed) await send(bytesOf(key));
    },
    async type(text) {
      for (const character of text) await send(character);
    },
    paste: text => send(`\u001b[200~${text}\u001b[201~`),
    resize(newColumns, newRows) {
      process.resize(newColumns, newRows);
      emulator.resize(newColumns, newRows);
    },
    kill(signal = 'SIGKILL') {
      if (!ended) process.kill(signal);
    },
  };
}
