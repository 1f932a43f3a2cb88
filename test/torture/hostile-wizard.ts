// The questions for a single mailbox, answered as a person would, with a server at one end that means harm: the check
// tells what it found or why there is nothing, nothing acts on the terminal, and the way back is open.
import {newPlace} from '../cli/place.ts';
import {program} from '../helpers/program.ts';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';
import {type HostileServer, startHostile} from '../servers/hostile.ts';
import {
  type FaceLimits,
  type FaceOutcome,
  harmOf,
  honest,
  mail,
  options,
  watchMemory,
} from './hostile-faces.ts';
import {type Assault, nameOf} from './hostile-room.ts';

const sourceUser = {id: 'ann', domain: 'baya.com'};
const targetUser = {id: 'ann', domain: 'vault.example'};

/** One assault, in a program of its own. */
export async function wizardAttacked(assault: Assault, limits: FaceLimits): Promise<FaceOutcome> {
  const ends: (() => void)[] = [];
  const liesAt = (end: Assault['end']) => (assault.end === end ? assault.attack.lies : honest);
  const source = await startHostile(`${sourceUser.id}@${sourceUser.domain}`, mail, liesAt('source'));
  const target = await startHostile(`${targetUser.id}@${targetUser.domain}`, {}, liesAt('destination'));
  const place = newPlace(end => ends.push(end));
  const terminal = openTerminal({
    command: process.execPath,
    args: [program, '--state', place.state, '--reports', place.reports],
    columns: 100,
    rows: 30,
    cwd: place.directory,
    ...options(limits.heap),
  });
  const memory = watchMemory(terminal.pid);
  const broken: string[] = [];
  try {
    await answerAll(terminal, source, target, limits.hangMs);
    broken.push(...(await judgeCheck(terminal, assault, limits.hangMs)));
    await terminal.press('ctrl+c');
    const {code, signal} = await terminal.exit;
    if (signal !== 0 || ![0, 130].includes(code)) broken.push(`Ctrl+C ends it with ${code}, ${signal}`);
    if (terminal.isAlternate() || !terminal.cursorVisible())
      broken.push('the terminal is not left as it was');
    broken.push(...harmOf(terminal));
  } catch (error) {
    broken.push(String(error).slice(0, 3000));
  } finally {
    terminal.kill('SIGKILL');
    await Promise.all([source.stop(), target.stop()]);
    for (const end of ends) end();
  }
  const rss = memory();
  if (rss > limits.rss) broken.push(`memory of ${rss} MB`);
  return {broken: broken.map(each => `wizard, ${nameOf(assault)}: ${each}`), rss};
}

async function answerAll(
  terminal: Terminal,
  source: HostileServer,
  target: HostileServer,
  timeoutMs: number,
): Promise<void> {
  const patience = {timeoutMs};
  const at = (label: string) => terminal.waitFor(new RegExp(`▸ ${label}( |$)`, 'm'), patience);
  const field = async (label: string, text: string, isShown = true) => {
    await at(label);
    await terminal.paste(text);
    if (isShown) await terminal.waitFor(text, patience);
    await terminal.press('tab');
  };
  const end = async (user: typeof sourceUser, server: HostileServer, chooseSignIn: boolean) => {
    await field('User id', user.id);
    await field('Domain', user.domain);
    if (chooseSignIn) {
      await at('Sign in');
      // A screen may be seen while it is being drawn: the choice itself tells that it has changed.
      const choice = (screen: string) => /Sign in +< (.+?) >/.exec(screen)?.[1];
      for (let now = choice(terminal.screen()); now !== 'password'; now = choice(terminal.screen())) {
        await terminal.press('right');
        await terminal.waitFor(screen => ![undefined, now].includes(choice(screen)), patience);
      }
      await terminal.press('tab');
    }
    await field('Password', 'pass', false);
    await field('Server', '127.0.0.1');
    await field('Port', String(server.imapPort));
    await at('Security');
    await terminal.press('right', 'right');
    await terminal.waitFor('< none >', patience);
    await terminal.press('enter');
  };
  await terminal.waitFor('New request', patience);
  await terminal.press('enter');
  await terminal.waitFor('▸ ● Office 365 to IMAP server', patience);
  await terminal.press('enter');
  await terminal.waitFor('Source: the mailbox to copy from', patience);
  await end(sourceUser, source, true);
  await terminal.waitFor('Destination: the mailbox to copy to', patience);
  await end(targetUser, target, false);
  await terminal.waitFor('Filters: which mail?', patience);
  await terminal.press('enter');
}

const called = 'Esc calls it off.';
const found = /To copy +\d/;
/** Neither end, or one of them, is known: what is wrong stands below, in words, or after the name of a server. */
const told = /[✗⚠] [A-Z\d]\S* \S+/u;

/** On the check: what it says, the folders once through, and back to the filters. */
async function judgeCheck(terminal: Terminal, {attack}: Assault, timeoutMs: number): Promise<string[]> {
  const broken: string[] = [];
  const patience = {timeoutMs};
  // The keys stand in the last line: what is above it has been drawn.
  const hasAnswered = (screen: string) =>
    screen.includes('look again') && (found.test(screen) || told.test(screen));
  // Some that wait let us wait only a moment.
  const screen = await terminal.waitFor(
    each => hasAnswered(each) || (attack.waits === true && each.includes(called)),
    patience,
  );
  if (hasAnswered(screen)) {
    broken.push(...harmOf(terminal));
    for (let step = 0; step < 5; step++) await terminal.press('down');
    broken.push(...harmOf(terminal));
  }
  await terminal.press('escape');
  await terminal.waitFor('Filters: which mail?', patience);
  return broken;
}
