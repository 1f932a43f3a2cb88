// Opens the program in a terminal as a person does, and says how a terminal is left as it was found.
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect} from 'vitest';
import {program} from '../helpers/program.ts';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';

export type Screens = {
  readonly directory: string;
  readonly state: string;
  readonly reports: string;
};

/** For what takes as long as a run. */
export const patience = {timeoutMs: 90_000};

export type Size = {readonly columns: number; readonly rows: number};

const pidFile = 'mailferry.pid';
const usual: Size = {columns: 100, rows: 30};

/** Through a shell that tells afterwards how the terminal is set: what a person's own shell would find. */
export function openMailferry(
  args: readonly string[],
  place: Screens,
  size: Size = usual,
  {
    entry = program,
    env = {},
  }: {readonly entry?: string; readonly env?: Readonly<Record<string, string>>} = {},
): Terminal {
  const inner = `sh -c 'echo $$ > ${pidFile}; exec "$0" "$@"' "$0" "$@"`;
  const command = [inner, 'code=$?', 'echo "[ended $code]"', 'stty -a', 'exit $code'].join('; ');
  return openTerminal({
    command: '/bin/sh',
    args: [
      ...['-c', command, process.execPath, entry, ...args],
      ...['--state', place.state, '--reports', place.reports],
    ],
    cwd: place.directory,
    env,
    ...size,
  });
}

/** Sends the program itself a signal, not the shell it runs in. */
export function signal(place: Screens, name: NodeJS.Signals): void {
  process.kill(Number(readFileSync(join(place.directory, pidFile), 'utf8')), name);
}

/** Settles with the exit code when the program has ended; fails unless it does and the terminal is as it was. */
export async function leftClean(terminal: Terminal): Promise<number> {
  await terminal.waitFor(/^\[ended /m, patience);
  const {code} = await terminal.exit;
  const {raw} = terminal;
  const mode = (on: string, off: string) => ({on: raw.lastIndexOf(on), off: raw.lastIndexOf(off)});
  const alternate = mode('\u001b[?1049h', '\u001b[?1049l');
  expect(alternate.on).toBeGreaterThan(-1);
  expect(alternate.off).toBeGreaterThan(alternate.on);
  const cursor = mode('\u001b[?25l', '\u001b[?25h');
  expect(cursor.off).toBeGreaterThan(cursor.on);
  for (const private_ of ['?2004', '?1000', '?1002', '?1003', '?1004', '?1006', '?2026']) {
    const {on, off} = mode(`\u001b[${private_}h`, `\u001b[${private_}l`);
    expect([private_, off >= on]).toEqual([private_, true]);
  }
  expect(terminal.isAlternate()).toBe(false);
  expect(terminal.cursorVisible()).toBe(true);
  // Cooked again: what is typed is shown, a line at a time, and Ctrl+C is a signal.
  const settings = raw.slice(raw.lastIndexOf('[ended '));
  for (const flag of ['icanon', 'echo', 'isig', 'icrnl', 'opost'])
    expect(settings).toMatch(new RegExp(`[ \\n]${flag}[ ;\\r\\n]`));
  // No colour, no attribute left behind.
  expect(raw.slice(alternate.off).replaceAll(/\u001b\[\?[\d;]+[hl]/g, '')).not.toContain('\u001b');
  return code;
}

/**
 * Waits for a screen that fits the terminal: as tall as it, or one row less, the first and the last line where they
 * belong, no line wrapped. Looked at whole at each change, since a redraw may follow at any moment.
 */
export async function waitForFit(terminal: Terminal, {columns, rows}: Size, holding: string): Promise<void> {
  await terminal.waitFor(screen => {
    const lines = screen.split('\n');
    const tall = lines.length <= rows && lines.length >= rows - 1;
    if (!tall || !/^ ?mailferry/.test(screen) || !screen.endsWith('? help') || !screen.includes(holding))
      return false;
    const buffer = terminal.emulator.buffer.active;
    return Array.from({length: rows}, (_, row) => buffer.getLine(buffer.baseY + row)).every(
      line => line?.isWrapped === false && line.translateToString(true).length <= columns,
    );
  });
}

export type AtEnd = (work: () => void) => void;

export function newScreens(atEnd: AtEnd): Screens {
  const directory = mkdtempSync(join(tmpdir(), 'mf-journey-'));
  atEnd(() => rmSync(directory, {recursive: true, force: true, maxRetries: 5}));
  return {directory, state: join(directory, 'state'), reports: join(directory, 'reports')};
}

/** Closed with the test whatever happens. */
export function openHere(atEnd: AtEnd, ...args: Parameters<typeof openMailferry>): Terminal {
  const terminal = openMailferry(...args);
  atEnd(() => terminal.kill());
  return terminal;
}
