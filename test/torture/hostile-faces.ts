// The real program's faces before servers that mean harm: `mailferry check` as lines, and the check's screen in a
// terminal. Nothing acts on the terminal, memory stays bounded, each answer is a sentence, the others go on.
import {readFileSync} from 'node:fs';
import {Mailbox} from '../../source/demo/server/store.ts';
import {checkLineSchema} from '../../source/lines/check-schema.ts';
import {leaks, mark} from '../cli/marked-secrets.ts';
import {newPlace, type Place, requestRow} from '../cli/place.ts';
import {program} from '../helpers/program.ts';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';
import {type HostileServer, type Hostility, smallMail, startHostile} from '../servers/hostile.ts';
import {type Assault, nameOf} from './hostile-judge.ts';
import {isSentence} from './sentence.ts';

export type FaceOutcome = {
  /** Promises that were broken, in words. */
  readonly broken: readonly string[];
  /** MB at most; 0 where the system does not tell. */
  readonly rss: number;
};

export type FaceLimits = {
  /** MB of heap that the program gets, and of memory that it may have. */
  readonly heap: number;
  readonly rss: number;
  /** After so long it hangs. */
  readonly hangMs: number;
};

export const honest: Hostility = () => undefined;
export const mail = {
  INBOX: [1, 2, 3].map(number => smallMail(number)),
  Notes2: [4, 5].map(number => smallMail(number)),
};

/** What draws nothing, or acts: C0 but line ends, DEL, C1, bidi, zero width, tags, lone surrogates. */
export const forbidden =
  /[^\P{Cc}\r\n\t]|[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\u{e0000}-\u{e007f}]|\p{Cs}/u;

/** The honest pair first, then one pair an assault, each with its row in a CSV. */
async function besieged<Result>(
  assaults: readonly Assault[],
  work: (place: Place, file: string) => Promise<Result>,
): Promise<Result> {
  const servers: HostileServer[] = [];
  const ends: (() => void)[] = [];
  const serve = async (user: string, folders: typeof mail | Record<string, never>, lies: Hostility) => {
    const server = await startHostile(user, folders, lies, new Mailbox(mark));
    servers.push(server);
    return server;
  };
  try {
    const rows = [];
    for (const [index, each] of [undefined, ...assaults].entries()) {
      const user = `u${index}`;
      const at = (end: string) => (each?.end === end ? each.attack.lies : honest);
      const source = await serve(`${user}@baya.com`, mail, at('source'));
      const destination = await serve(`${user}@vault.example`, {}, at('destination'));
      const passwords = {'Source user password': mark, 'Destination user password': mark};
      rows.push(requestRow(source, destination, user, passwords));
    }
    const place = newPlace(end => ends.push(end));
    return await work(place, place.csv(rows));
  } finally {
    await Promise.all(servers.map(server => server.stop()));
    for (const end of ends) end();
  }
}

/** What a face has printed, or left in a file, with a password in it: `mark` is everybody's. */
export const leaksOf = (face: string, place: Place, printed: Record<string, string>, except: string[] = []) =>
  leaks(place, printed, except).map(where => `${face}: a password is in ${where}`);

/** MB that a process has had at most; 0 where the system does not tell. */
function mostMemory(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/** Looks at a process's memory until told to end. @returns ends it, and says MB at most */
export function watchMemory(pid: number | undefined): () => number {
  let most = 0;
  const look = () => {
    most = Math.max(most, mostMemory(pid));
  };
  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    return Math.round(most);
  };
}

export const options = (heap: number) => ({env: {NODE_OPTIONS: `--max-old-space-size=${heap}`}});

/**
 * `mailferry check` on all of them at once.
 * @param interrupt ends it with SIGINT once the honest mailbox is told, whatever the others are at
 */
export function checkAttacked(
  assaults: readonly Assault[],
  output: 'plain' | 'jsonl',
  limits: FaceLimits,
  interrupt = false,
): Promise<FaceOutcome> {
  return besieged(assaults, async (place, file) => {
    const many = ['--mailboxes', String(Math.min(100, assaults.length + 1))];
    const running = place.start(['check', file, '--no-input', '--output', output, ...many], {
      ...options(limits.heap),
      timeoutMs: limits.hangMs,
    });
    const memory = watchMemory(running.child.pid);
    if (interrupt) {
      await running.waitForOutput(/"request":0,.*"state":"ready"/).catch(() => undefined);
      running.child.kill('SIGINT');
    }
    try {
      const {code, signal, stdout, stderr} = await running.done;
      const rss = memory();
      const broken: string[] = [];
      if (rss > limits.rss) broken.push(`check: memory of ${rss} MB`);
      const harm = forbidden.exec(stdout + stderr)?.[0];
      broken.push(...leaksOf('check', place, {stdout, stderr}, [file]));
      if (harm !== undefined)
        broken.push(`check: it prints U+${harm.codePointAt(0)?.toString(16).padStart(4, '0')}`);
      if (interrupt) {
        if (code !== 130)
          broken.push(`check: stopped, it ends with ${code ?? signal}: ${stderr.slice(0, 300)}`);
        return {broken, rss};
      }
      if (code !== 0 && code !== 3)
        broken.push(`check: it ends with ${code ?? signal}: ${stderr.slice(0, 300)}`);
      if (output === 'jsonl') broken.push(...judgeLines(assaults, stdout));
      else if (!/u0@baya\.com +2 of 2 +5 /.test(stdout)) broken.push('check: the honest mailbox is not told');
      return {broken, rss};
    } catch (error) {
      return {broken: [`check: ${String(error).slice(0, 500)}`], rss: memory()};
    }
  });
}

function judgeLines(assaults: readonly Assault[], stdout: string): string[] {
  const broken: string[] = [];
  const told = new Set<number>();
  for (const text of stdout.trimEnd().split('\n')) {
    const line = checkLineSchema.parse(JSON.parse(text));
    if (line.type !== 'checked') continue;
    told.add(line.request);
    const assault = assaults[line.request - 1];
    const name = assault === undefined ? 'the honest one' : nameOf(assault);
    if (line.request === 0 && (line.state !== 'ready' || line.messages !== 5))
      broken.push(`check, ${name}: ${line.state}, ${line.messages} messages`);
    for (const {code, sentence, detail} of line.problems)
      if (code === 'internal-error' || !isSentence(sentence) || forbidden.test(detail ?? ''))
        broken.push(`check, ${name}: ${sentence} ${detail ?? ''}`);
    if (line.state !== 'ready' && line.problems.length === 0)
      broken.push(`check, ${name}: ${line.state} without a reason`);
  }
  if (told.size !== assaults.length + 1)
    broken.push(`check: ${told.size} mailboxes told of ${assaults.length + 1}`);
  return broken;
}

export type Seen = {
  readonly screen: string;
  /** All that was printed, escape sequences and all. */
  readonly raw: string;
  readonly blinks: boolean;
  /** Whether the alternate screen is shown. */
  readonly alternate: boolean;
};

/**
 * What the program has made the terminal do that it must not. Pure.
 * @param isOver the program has ended, and has left the alternate screen
 */
export function harmIn({screen, raw, blinks, alternate}: Seen, isOver: boolean): string[] {
  const harm: string[] = [];
  const drawn = forbidden.exec(screen)?.[0];
  if (drawn !== undefined) harm.push(`the screen holds U+${drawn.codePointAt(0)?.toString(16)}`);
  // What is drawn over again at once shows only here: OSC, RIS, DCS, C1, and CSI that mailferry has no use for.
  if (
    /\u001b\][0-9]*;?[^\u0007\u001b]*PWNED|\u001bc|\u001bP|\u001b#8|\u009b|\u009d|\u001b\[(?:1;1HPWNED|31;5m|5n)/.test(
      raw,
    )
  )
    harm.push('a server acts on the terminal');
  if (blinks) harm.push('something blinks');
  if (screen.startsWith('PWNED')) harm.push('the screen was cleared');
  if (!isOver && !alternate) harm.push('the screen is left before the end');
  return harm;
}

function blinks({emulator}: Terminal): boolean {
  const {active} = emulator.buffer;
  for (let row = active.baseY; row < active.baseY + emulator.rows; row++)
    for (let column = 0; column < emulator.cols; column++)
      if (active.getLine(row)?.getCell(column)?.isBlink()) return true;
  return false;
}

/** What is wrong with the terminal now, as `harmIn`. */
export function harmOf(terminal: Terminal, isOver = false): string[] {
  const {raw} = terminal;
  const seen = {screen: terminal.screen(), raw, blinks: blinks(terminal), alternate: terminal.isAlternate()};
  return harmIn(seen, isOver);
}

/**
 * The check's screen of a CSV: looks at each mailbox but those whose server keeps it waiting, leaves with Esc while they
 * wait, ends with Ctrl+C.
 */
export function screenAttacked(assaults: readonly Assault[], limits: FaceLimits): Promise<FaceOutcome> {
  return besieged(assaults, async (place, file) => {
    const patience = {timeoutMs: limits.hangMs};
    const terminal = openTerminal({
      command: process.execPath,
      args: [program, 'run', file, '--state', place.state, '--reports', place.reports],
      columns: 100,
      rows: 30,
      cwd: place.directory,
      ...options(limits.heap),
    });
    const memory = watchMemory(terminal.pid);
    const broken: string[] = [];
    const told = assaults.filter(({attack}) => attack.waits !== true);
    try {
      await terminal.waitFor('✓ no errors', patience);
      await terminal.press('enter');
      await terminal.waitFor('Enter starts copying.', patience);
      await terminal.press('c');
      await terminal.waitFor(/5 messages in 2 folders/, patience);
      await terminal.waitFor(
        screen => Number(/(\d+) of \d+ requests checked/.exec(screen)?.[1]) > told.length,
        patience,
      );
      for (const [index, assault] of assaults.entries()) {
        await terminal.press('down');
        const screen = await terminal.waitFor(new RegExp(`▸ .* u${index + 1}@baya`), patience);
        const line = screen.split('\n').find(each => each.includes('▸')) ?? '';
        if (told.includes(assault) && !/▸ [✓✗!⚠] +\S+ +\S/.test(line))
          broken.push(`screen, ${nameOf(assault)}: ${line.trim()}`);
        broken.push(...harmOf(terminal).map(harm => `screen, ${nameOf(assault)}: ${harm}`));
      }
      await terminal.press('escape');
      await terminal.waitFor('Enter starts copying.', patience);
      await terminal.press('ctrl+c');
      const {code, signal} = await terminal.exit;
      if (signal !== 0 || code !== 130) broken.push(`screen: Ctrl+C ends it with ${code}, ${signal}`);
      if (terminal.isAlternate() || !terminal.cursorVisible())
        broken.push('screen: the terminal is not left as it was');
      broken.push(...harmOf(terminal, true).map(harm => `screen: ${harm}`));
      broken.push(...leaksOf('screen', place, {terminal: terminal.raw}, [file]));
    } catch (error) {
      broken.push(`screen: ${String(error).slice(0, 3000)}`);
    } finally {
      terminal.kill('SIGKILL');
    }
    const rss = memory();
    if (rss > limits.rss) broken.push(`screen: memory of ${rss} MB`);
    return {broken, rss};
  });
}
