// Servers that mean harm, and the engine in a process of its own: what it must not do under attack, whatever is said to it.
import {type ChildProcess, spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {Mailbox} from '../../source/demo/server/store.ts';
import {mark} from '../cli/marked-secrets.ts';
import {type HostileServer, type Hostility, smallMail, startHostile} from '../servers/hostile.ts';
import type {ChildOrder, ChildReport} from './hostile-child.ts';
import {type Assault, judgeRequest, nameOf} from './hostile-judge.ts';

export type Outcome = {
  /** Promises that were broken, in words. */
  readonly broken: readonly string[];
  readonly lost: number;
  readonly doubled: number;
  /** Whose mail was lost or doubled. */
  readonly at: readonly string[];
  readonly compared: number;
  /** MB at most. */
  readonly rss: number;
  /** How each assault ended, for people. */
  readonly ended: readonly string[];
};

const user = 'ann@baya.com';
const mail = {
  INBOX: [1, 2, 3].map(number => smallMail(number)),
  Notes2: [4, 5].map(number => smallMail(number)),
};
/** Where the copies go (`job` of the engine's tests): half of them are there, and no ledger knows of it. */
const half = {
  'Data17012018/INBOX': mail.INBOX.slice(0, 2),
  'Data17012018/Notes2': mail.Notes2.slice(0, 1),
};
const messages = 5;
/** Characters of what a process said before it died. */
const lastWords = 2000;
const honest: Hostility = () => undefined;
/** The password is one that a search cannot miss. */
const serve = (folders: Parameters<typeof startHostile>[1], lies: Hostility) =>
  startHostile(user, folders, lies, new Mailbox(mark));
const childFile = fileURLToPath(new URL('./hostile-child.ts', import.meta.url));

export class AttackRoom {
  readonly #limits: {
    readonly heap: number;
    readonly rss: number;
    readonly hangMs: number;
    readonly inactivityMs: number;
    readonly mailboxes: number;
  };
  #child: {process: ChildProcess; lines: AsyncIterator<string>; ended: Promise<string>} | undefined;

  /**
   * MB of heap that the process gets and of memory that it may have; ms after which it counts as hanging; how many
   * mailboxes are at work at once, all of them where not given.
   */
  constructor(limits: {heap: number; rss: number; hangMs: number; inactivityMs: number; mailboxes?: number}) {
    this.#limits = {mailboxes: 100, ...limits};
  }

  /** All of them in one batch, with a request between honest servers among them. */
  async attack(assaults: readonly Assault[]): Promise<Outcome> {
    const pairs: (readonly [HostileServer, HostileServer])[] = [];
    try {
      for (const {attack, end} of assaults)
        pairs.push([
          await serve(mail, end === 'source' ? attack.lies : honest),
          await serve(attack.held === true ? half : {}, end === 'destination' ? attack.lies : honest),
        ]);
      pairs.push([await serve(mail, honest), await serve({}, honest)]);
      const report = await this.#order({
        inactivityMs: this.#limits.inactivityMs,
        mailboxes: Math.min(this.#limits.mailboxes, pairs.length),
        pairs: pairs.map(([source, destination], index) => ({
          source: source.imapPort,
          destination: destination.imapPort,
          // All of its mail is younger; a source is asked to search for nothing but dates.
          ...(assaults[index]?.attack.held === true ? {since: '1990-01-01'} : {}),
        })),
      });
      if (typeof report === 'string')
        return {broken: [report], lost: 0, doubled: 0, at: [], compared: 0, rss: 0, ended: []};
      return this.#judge(assaults, pairs, report);
    } finally {
      await Promise.all(pairs.flat().map(server => server.stop()));
    }
  }

  #judge(
    assaults: readonly Assault[],
    pairs: readonly (readonly [HostileServer, HostileServer])[],
    report: ChildReport,
  ): Outcome {
    const broken = report.unhandled.map(reason => `a promise that nobody awaits: ${reason}`);
    if (report.thrown !== undefined) broken.push(`the run threw: ${report.thrown}`);
    if (report.rss > this.#limits.rss) broken.push(`memory of ${report.rss} MB`);
    if (report.sockets > 0) broken.push(`${report.sockets} sockets are left`);
    else if (report.descriptors > 0) broken.push(`${report.descriptors} file descriptors are left`);
    broken.push(...report.leaks.map(where => `a password is in ${where}`));
    let [lost, doubled, compared] = [0, 0, 0];
    const ended: string[] = [];
    const at: string[] = [];
    for (const [index, [, destination]] of pairs.entries()) {
      const request = report.requests[index];
      const assault = assaults[index];
      const name = assault === undefined ? 'the honest one' : nameOf(assault);
      if (request === undefined) continue;
      ended.push(`${name}: ${request.state} ${request.copied}/${request.selected} ${request.code}`);
      const texts = destination.mailbox.folders.flatMap(folder =>
        folder.messages.map(({bytes}) => bytes.toString('latin1')),
      );
      const stored = texts.flatMap(text => /Subject: (m \d+)\r/.exec(text)?.[1] ?? []);
      compared += stored.length;
      const found = {truth: messages, stored, messages: texts.length};
      const judgement = judgeRequest(assault, request, found);
      broken.push(...judgement.broken);
      lost += judgement.lost;
      doubled += judgement.doubled;
      if (judgement.lost + judgement.doubled > 0) at.push(name);
    }
    return {broken, lost, doubled, at, compared, rss: report.rss, ended};
  }

  async #order(order: ChildOrder): Promise<ChildReport | string> {
    this.#child ??= this.#start();
    const {process: child, lines, ended} = this.#child;
    child.stdin?.write(`${JSON.stringify(order)}\n`);
    let hung = false;
    const timer = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL');
    }, this.#limits.hangMs);
    const {value, done} = await lines.next();
    clearTimeout(timer);
    if (done !== true) return JSON.parse(value) as ChildReport;
    this.#child = undefined;
    return hung ? `it was not done after ${this.#limits.hangMs / 1000} s` : await ended;
  }

  #start() {
    const child = spawn(
      process.execPath,
      [
        `--max-old-space-size=${this.#limits.heap}`,
        '--expose-gc',
        '--disable-warning=ExperimentalWarning',
        childFile,
      ],
      {stdio: 'pipe'},
    );
    child.stdin.on('error', () => undefined);
    let last = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      last = (last + text).slice(-lastWords);
    });
    const ended = new Promise<string>(tell => {
      child.once('close', (code, signal) =>
        tell(`the process died (${signal ?? `exit code ${code}`}): ${last}`),
      );
    });
    return {process: child, lines: createInterface({input: child.stdout})[Symbol.asyncIterator](), ended};
  }

  close(): void {
    this.#child?.process.kill();
  }
}
