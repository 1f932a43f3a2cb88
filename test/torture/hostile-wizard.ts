// The questions for a single mailbox, answered as a person would, with a server at one end that means harm: the check
// tells what it found or why there is nothing, nothing acts on the terminal, and the way back is open.
import {Mailbox} from '../../source/demo/server/store.ts';
import {mark} from '../cli/marked-secrets.ts';
import {newPlace} from '../cli/place.ts';
import {program} from '../helpers/program.ts';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';
import {type HostileServer, type Hostility, startHostile} from '../servers/hostile.ts';
import {
  type FaceLimits,
  type FaceOutcome,
  harmOf,
  honest,
  leaksOf,
  mail,
  options,
  watchMemory,
} from './hostile-faces.ts';
import {type Assault, nameOf} from './hostile-judge.ts';

const sourceUser = {id: 'ann', domain: 'baya.com'};
const targetUser = {id: 'ann', domain: 'vault.example'};

export type Answered = FaceOutcome & {
  /** How many of them were tried: the others need a program of their own. */
  readonly tried: number;
};

/** One after the other in one program, all at the same end: whoever answered once changes only the server there. */
export async function wizardAttacked(assaults: readonly Assault[], limits: FaceLimits): Promise<Answered> {
  const [first] = assaults;
  if (first === undefined) return {broken: [], rss: 0, tried: 0};
  const ends: (() => void)[] = [];
  // Until the program has ended: what it left open at one of them would keep it from that.
  const servers: HostileServer[] = [];
  /** By commands, whether or not they are answered with a lie: these servers were looked at anew. */
  const asked = new Set<Assault['attack']>();
  const serve = async (end: Assault['end'], {attack}: Assault) => {
    const {id, domain} = end === 'source' ? sourceUser : targetUser;
    const lies: Hostility = exchanged => {
      asked.add(attack);
      return attack.lies(exchanged);
    };
    const says = end === first.end ? lies : honest;
    const folders = end === 'source' ? mail : {};
    const server = await startHostile(`${id}@${domain}`, folders, says, new Mailbox(mark));
    servers.push(server);
    return server;
  };
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
  let tried = 0;
  let name = nameOf(first);
  const tell = (what: string) => broken.push(`wizard, ${name}: ${what}`);
  try {
    for (const assault of assaults) {
      name = nameOf(assault);
      if (tried++ === 0) {
        const [source, target] = [await serve('source', assault), await serve('destination', assault)];
        await answerAll(terminal, source, target, limits.hangMs);
      } else await changeServer(terminal, first.end, await serve(first.end, assault), limits.hangMs);
      for (const each of await judgeCheck(terminal, assault, limits.hangMs)) tell(each);
      // One that keeps waiting may be called off before it is asked.
      if (!asked.has(assault.attack) && assault.attack.waits !== true)
        tell('the check shows what it found earlier');
    }
    await terminal.press('ctrl+c');
    const {code, signal} = await terminal.exit;
    if (signal !== 0 || ![0, 130].includes(code)) tell(`Ctrl+C ends it with ${code}, ${signal}`);
    if (terminal.isAlternate() || !terminal.cursorVisible()) tell('the terminal is not left as it was');
    for (const harm of harmOf(terminal, true)) tell(harm);
    broken.push(...leaksOf('wizard', place, {terminal: terminal.raw}));
  } catch (error) {
    tell(String(error).slice(0, 3000));
  } finally {
    terminal.kill('SIGKILL');
    await Promise.all(servers.map(server => server.stop()));
    for (const end of ends) end();
  }
  const rss = memory();
  if (rss > limits.rss) tell(`memory of ${rss} MB`);
  return {broken, rss, tried};
}

const headings = {
  source: 'Source: the mailbox to copy from',
  destination: 'Destination: the mailbox to copy to',
  filters: 'Filters: which mail?',
};

/** From the filters to the port of an end and back: with another answer the check looks anew. */
async function changeServer(
  terminal: Terminal,
  end: Assault['end'],
  server: HostileServer,
  timeoutMs: number,
): Promise<void> {
  const patience = {timeoutMs};
  const back = end === 'source' ? (['destination', 'source'] as const) : (['destination'] as const);
  for (const step of back) {
    await terminal.press('escape');
    await terminal.waitFor(headings[step], patience);
  }
  const before = end === 'source' ? ['Domain', 'Sign in', 'Password'] : ['Domain', 'Password'];
  for (const _ of [...before, 'Server', 'Port']) await terminal.press('tab');
  await terminal.waitFor(/▸ Port( |$)/m, patience);
  await terminal.press('ctrl+u');
  await terminal.paste(String(server.imapPort));
  await terminal.waitFor(new RegExp(`▸ Port +${server.imapPort}\\b`), patience);
  for (const step of [...back.slice(1).map(() => 'destination' as const), 'filters' as const]) {
    await terminal.press('enter');
    await terminal.waitFor(headings[step], patience);
  }
  await terminal.press('enter');
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
    await terminal.press('tab');
    // One frame shows both, the text and where the Tab has led.
    if (isShown) await terminal.waitFor(text, patience);
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
    await field('Password', mark, false);
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
  await terminal.waitFor(headings.source, patience);
  await end(sourceUser, source, true);
  await terminal.waitFor(headings.destination, patience);
  await end(targetUser, target, false);
  await terminal.waitFor(headings.filters, patience);
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
  await terminal.waitFor(headings.filters, patience);
  return broken;
}
