// Renders into a fake terminal of a given size. ink-testing-library is fixed at 100 columns and knows no rows.
import {PassThrough, Writable} from 'node:stream';
import {render} from 'ink';
import type {ReactNode} from 'react';
import stringWidth from 'string-width';

const keyBytes: Readonly<Record<string, string>> = {
  enter: '\r',
  // The unambiguous form of Esc: a bare one waits for the rest of a sequence.
  esc: '\u001B[27u',
  tab: '\t',
  'shift+tab': '\u001B[Z',
  up: '\u001B[A',
  down: '\u001B[B',
  right: '\u001B[C',
  left: '\u001B[D',
  home: '\u001B[H',
  end: '\u001B[F',
  pgup: '\u001B[5~',
  pgdn: '\u001B[6~',
  delete: '\u001B[3~',
  backspace: '\u007F',
  space: ' ',
};

function bytesOf(key: string): string {
  const control = /^ctrl\+([a-z])$/.exec(key)?.[1];
  if (control !== undefined) return String.fromCharCode(control.charCodeAt(0) - 96);
  return keyBytes[key] ?? key;
}

export type Screen = {
  /** What is on the screen now, without trailing blanks. */
  frame(): string;
  /** Every frame since the start. */
  readonly frames: readonly string[];
  /** Presses keys by name ('enter', 'ctrl+s', 'x'), one after the other, and waits until each is drawn. */
  press(...keys: string[]): Promise<void>;
  /** Types a text, letter by letter. */
  type(text: string): Promise<void>;
  /** Presses the key in the very turn in which the text is drawn. */
  pressWhenSeen(text: string, key: string): Promise<void>;
  /** Sends the bytes in one chunk, as they are. */
  send(bytes: string): Promise<void>;
  /** A bracketed paste. */
  paste(text: string): Promise<void>;
  /** Waits until the frame holds the text or passes the test; fails with the last frame. */
  waitFor(wanted: string | RegExp | ((frame: string) => boolean)): Promise<string>;
  resize(columns: number, rows: number): Promise<void>;
  rerender(node: ReactNode): Promise<void>;
  /** What the app gave to Ink's exit(). */
  readonly exited: Promise<unknown>;
  unmount(): void;
};

class Terminal extends Writable {
  isTTY = true;
  columns: number;
  rows: number;
  readonly frames: string[] = [];
  readonly watchers = new Set<() => void>();

  constructor(columns: number, rows: number) {
    super({decodeStrings: false});
    this.columns = columns;
    this.rows = rows;
  }

  override _write(chunk: unknown, _encoding: string, done: () => void): void {
    const text = String(chunk);
    // Mode switches (bracketed paste, cursor) are no frame.
    if (!/^(?:\u001B\[\?\d+[hl])*$/.test(text) && text !== '\n') {
      this.frames.push(text);
      for (const watch of [...this.watchers]) watch();
    }
    done();
  }
}

class Keyboard extends PassThrough {
  isTTY = true;
  setRawMode(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}

const turn = () => new Promise<void>(resolve => setImmediate(resolve));

const trimmed = (frame: string) =>
  frame
    .split('\n')
    .map(line => line.trimEnd())
    .join('\n');

const open = new Set<Screen>();

/** Unmounts what tests left open: call it in afterEach. */
export function cleanup(): void {
  for (const screen of open) screen.unmount();
  open.clear();
}

/** Renders the node into a terminal of `columns` x `rows` cells. */
export function renderScreen(node: ReactNode, {columns = 80, rows = 24} = {}): Screen {
  const stdout = new Terminal(columns, rows);
  const stdin = new Keyboard();
  const instance = render(node, {
    stdout,
    stdin,
    stderr: new PassThrough(),
    debug: true,
    interactive: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  const frame = () => trimmed(stdout.frames.at(-1) ?? '');
  const settle = async () => {
    // Input is read on the next turn, effects run on the one after.
    await turn();
    await turn();
    await turn();
  };
  const send = async (bytes: string) => {
    stdin.write(bytes);
    await settle();
  };
  const screen: Screen = {
    frame,
    frames: stdout.frames,
    send,
    async press(...keys) {
      for (const key of keys) await send(bytesOf(key));
    },
    async type(text) {
      for (const letter of text) await send(letter);
    },
    pressWhenSeen(text, key) {
      const {promise, resolve} = Promise.withResolvers<void>();
      const look = () => {
        if (!frame().includes(text)) return;
        stdout.watchers.delete(look);
        stdin.write(bytesOf(key));
        resolve();
      };
      stdout.watchers.add(look);
      return promise;
    },
    paste: text => send(`\u001B[200~${text}\u001B[201~`),
    waitFor: async wanted => {
      await new Promise<void>((resolve, reject) => {
        const holds = () => {
          const now = frame();
          if (typeof wanted === 'function') return wanted(now);
          return typeof wanted === 'string' ? now.includes(wanted) : wanted.test(now);
        };
        const finish = () => {
          clearTimeout(limit);
          stdout.watchers.delete(look);
        };
        const look = () => {
          if (!holds()) return;
          finish();
          resolve();
        };
        const limit = setTimeout(() => {
          finish();
          reject(new Error(`never shown: ${String(wanted)}\n${frame()}`));
        }, 10_000);
        stdout.watchers.add(look);
        look();
      });
      // A frame is written before its components listen to keys.
      await settle();
      return frame();
    },
    async resize(nextColumns, nextRows) {
      stdout.columns = nextColumns;
      stdout.rows = nextRows;
      stdout.emit('resize');
      await settle();
    },
    async rerender(next) {
      instance.rerender(next);
      await settle();
    },
    exited: instance.waitUntilExit(),
    unmount() {
      instance.unmount();
      open.delete(screen);
    },
  };
  open.add(screen);
  return screen;
}

/** The sentences that say how the frame does not fit; empty where it does. */
export function misfits(frame: string, columns: number, rows: number): string[] {
  const lines = frame.split('\n');
  return [
    ...(lines.length > rows ? [`${lines.length} lines in ${rows} rows`] : []),
    ...lines
      .filter(line => stringWidth(line) > columns)
      .map(line => `${stringWidth(line)} cells in ${columns} columns: ${line}`),
  ];
}
