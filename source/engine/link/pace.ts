// When a server may be asked again: the back-off it wants, lost connections and how many are too many, pauses that differ
// by chance so that many do not come back at once. One for each mailbox and end, in touch with those of the same server.
// The only place that decides it.

import type {Emit, End} from '../events.ts';
import {ConnectionLost, ServerRefused} from '../imap/errors.ts';
import type {EngineLimits, EnginePorts, StopSignals} from '../ports.ts';
import {type Problem, problem} from '../problems/problems.ts';
import {Crowd, NoRoom} from './crowd.ts';
import {
  absenceOf,
  backOff,
  type Circumstances,
  isCap,
  isRefusedAnew,
  isUnstored,
  lastWord,
  throttleReset,
  usedUp,
} from './outage.ts';
import type {Presence} from './presence.ts';
import type {ServerMemory, TenantMemory} from './servers.ts';

/** A problem that ends the mailbox's work. */
export class MailboxStopped extends Error {
  readonly problem: Problem;
  /** What the other end has to say at the same time. */
  readonly also: readonly Problem[];

  constructor(problem: Problem, cause?: unknown, also: readonly Problem[] = []) {
    super(problem.sentence, {cause});
    this.name = 'MailboxStopped';
    this.problem = problem;
    this.also = also;
  }
}

const longestPause = 30_000;
/** The same while nobody gets in: they come back one by one, and a night's outage is not asked about every half minute. */
const longestAway = 5 * 60_000;
/**
 * ms of pauses in which a server is waited for that lets nobody in any more: a night. Who comes in the morning finds the
 * run waiting or gone on, not each mailbox of the list failed. One that is gone for good holds it no longer.
 */
const longestOutage = 12 * 3_600_000;
/** Losses in a row before a mailbox that was never let in is given up, where that is not the server's doing. */
const mostKept = 2;
/** Tokens that may end in a row, or sessions that refusals have used up, without anything having got through. */
const mostReplaced = 4;
/** The same where each token's time was over: what takes longer than all of them gets through with none. */
const mostEnded = 8;
/** ms before a mailbox that Exchange does not open is asked for again: soon after other connections it does not. */
const openingPauses: readonly number[] = [2000, 6000];
/** And once more, when sessions that somebody left behind have ended: they count for a minute or so. */
const leftBehindPause = 80_000;
/** Mailboxes of a tenant that have waited for that in vain: from here on a missing right is more likely. */
const enoughInVain = 2;
/** The same for one that it did open: its sessions are used up, by closed ones too, which count for a minute or more. */
const capPauses: readonly number[] = [20_000, 45_000, 70_000, 70_000, 70_000];
/** Messages that Exchange may refuse in a row for nothing that shows: so it refuses all of them where a mailbox is full. */
const mostUnexplained = 50;
/** ms before a password is presented again that the server took before: servers lock out who goes on. */
const passwordPauses: readonly number[] = [20_000, 60_000];
/** ms before mail is sent again that Exchange does not store, while it answers other commands. */
const storePauses: readonly number[] = [5000, 20_000];

export type PaceContext = {
  readonly request: number;
  readonly end: End;
  readonly login: string;
  readonly limits: EngineLimits;
  readonly ports: Pick<EnginePorts, 'now' | 'random' | 'sleep'>;
  readonly stop: StopSignals;
  readonly emit: Emit;
  /** What all mailboxes of the server share, and those of the tenant there. */
  readonly server: ServerMemory;
  readonly tenant: TenantMemory;
  /** host:port, for people. */
  readonly address: string;
  /** Of the one who gives tokens for it; absent for a password. */
  readonly tokens?: Presence;
};

type Wait = {readonly ms: number; readonly why: Problem};

export class Pace {
  readonly #context: PaceContext;
  readonly #crowd: Crowd;
  /** ms since 1970 until which the server wants this mailbox to leave it alone. */
  #heldUntil = 0;
  #why: Problem | undefined;
  /** Up to when a wait is shown; undefined where none is. */
  #shown: number | undefined;
  /** In a row; and those that are no outage of its server. */
  #losses = 0;
  #own = 0;
  /** What was missed last, its signs of life by then, and since when (ms since 1970). */
  #missing: {readonly where: Presence; readonly signs: number; readonly since: number} | undefined;
  /** ms of pauses for it. */
  #waited = 0;
  /** Losses of a mailbox that was never let in, while the server let others in. */
  #kept = 0;
  /** The server's entries at the last loss. */
  #entries: number | undefined;
  #outages = 0;
  #worked = false;
  /** The server has opened the mailbox, in this run or an earlier one. */
  #opened = false;
  /** Times in which the server let us in and did not open the mailbox. */
  #unopened = 0;
  /** Since something got through: sessions that were refused as too many, and mail that was not stored. */
  #capped = 0;
  #unstored = 0;
  #unexplained = 0;
  #replaced = 0;
  /** Since the last sign-in: refusals of a password that was right. */
  #refused = 0;
  /** ms in which the server was left alone because it asked for it. */
  #leftAlone = 0;

  constructor(context: PaceContext) {
    this.#context = context;
    this.#crowd = new Crowd(context);
  }

  /** Outages so far: connections opened before the last one fell to the same. */
  get outages(): number {
    return this.#outages;
  }

  /** BADs that a session may have. */
  get mostRefusals(): number {
    return this.#context.server.mostRefusals;
  }

  /** The server has let this mailbox in in this run. */
  get worked(): boolean {
    return this.#worked;
  }

  /** The server has let some mailbox in in this run: where it is away now, it comes back. */
  get serverWorked(): boolean {
    return this.#context.server.entries > 0;
  }

  /** The server has opened the mailbox, in this run or an earlier one. */
  get opened(): boolean {
    return this.#opened;
  }

  /** The mailbox was asked for again after pauses, to no avail. */
  get staysUnopened(): boolean {
    return !this.#opened && this.#unopened >= this.#openingPauses.length;
  }

  /** An earlier run was let in: where the mailbox does not open now, no right is missing. */
  openedBefore(): void {
    this.#opened = true;
  }

  /** A sign-in has succeeded. */
  entered(): void {
    this.#worked = true;
    this.#opened = true;
    this.#capped = 0;
    this.#refused = 0;
    this.#crowd.passed();
    this.#context.server.presence.entered();
    this.#context.tokens?.entered();
  }

  /** Work gets through: the next loss counts as the first. */
  progress(): void {
    this.#context.server.presence.there();
    this.advanced();
  }

  /** Work has got through, before what is wrong now. */
  advanced(): void {
    this.#losses = 0;
    this.#own = 0;
    this.#unstored = 0;
    this.#unexplained = 0;
    this.#replaced = 0;
    this.#leftAlone = 0;
  }

  /**
   * Messages were refused for their own fault, and are named: the work gets less.
   * @param unexplained why, of those that nothing stands out in and that no earlier run was refused
   * @throws MailboxStopped where there were so many in a row that it is most likely no message's fault
   */
  named(unexplained: readonly Problem[]): void {
    this.#replaced = 0;
    this.#unexplained += unexplained.length;
    const detail = unexplained[0]?.detail;
    if (unexplained.length > 0 && this.#unexplained >= mostUnexplained)
      throw new MailboxStopped(
        problem(
          'over-quota-likely',
          {refused: this.#unexplained},
          {...(detail === undefined ? {} : {detail})},
        ),
      );
  }

  /** What was to blame for the last losses is known, and is left alone from now on. */
  excused(): void {
    this.#losses = 0;
    this.#own = 0;
  }

  /** Who only takes a look, and tries nothing again, does not wait for minutes. */
  get #openingPauses(): readonly number[] {
    const {limits, tenant} = this.#context;
    const short = limits.reconnects === 0 || tenant.waitedInVain >= enoughInVain;
    return short ? openingPauses : [...openingPauses, leftBehindPause];
  }

  get #until(): number {
    return Math.max(this.#heldUntil, this.#context.tenant.heldUntil);
  }

  /** The server wants to be left alone for now. */
  get held(): boolean {
    return this.#until > this.#context.ports.now();
  }

  /** Resolves when the server may be asked again; the wait is shown. @throws the stop signal's reason */
  async ready(): Promise<void> {
    const {request, end, ports, stop, emit, tenant} = this.#context;
    stop.finish.throwIfAborted();
    // What is waited for may be put off meanwhile.
    for (let waited = 0; this.#until > waited; ) {
      const until = this.#until;
      waited = until;
      const left = until - ports.now();
      if (left <= 0) break;
      const why = until === this.#heldUntil ? this.#why : tenant.heldFor;
      if (why !== undefined && (this.#shown ?? 0) < until) {
        this.#shown = until;
        emit({type: 'waiting', request, end, until, problem: why});
      }
      await ports.sleep(left, stop.finish);
    }
    if (this.#shown === undefined) return;
    this.#shown = undefined;
    emit({type: 'wait-ended', request, end});
  }

  /** Leaves the server alone for `ms`, all connections of this mailbox and end, and says so. */
  async hold(ms: number, why: Problem): Promise<void> {
    const until = this.#context.ports.now() + ms;
    if (until > this.#heldUntil) {
      this.#heldUntil = until;
      this.#why = why;
    }
    await this.ready();
  }

  /**
   * After a lost connection, a throttled command or the like: waits as long as it takes to try again.
   * @param why what the error is, said where it happened
   * @throws MailboxStopped where trying again is no use; NoRoom where room is to be waited for by one who holds something
   */
  async recover(error: unknown, why: Problem, how: Circumstances = {}): Promise<void> {
    const {session, outages = session?.outage} = how;
    this.#seen(error, why);
    // It answers, and is asked in the way it wants from now on: no loss, and nothing to wait for.
    if (error instanceof ConnectionLost && error.crowded) return this.ready();
    if (why.verdict !== 'again' && why.verdict !== 'slower') {
      if (this.staysUnopened && this.#unopened > openingPauses.length) this.#context.tenant.waitedInVain++;
      throw new MailboxStopped(why, error);
    }
    if (this.#crowd.isMet(error, why, how)) {
      if (how.holding === true) throw new NoRoom(() => this.#crowd.wait(why));
      return this.#crowd.wait(why);
    }
    this.#crowd.over();
    const asked = throttleReset(error);
    if (asked !== undefined) {
      const {tenant, login, ports, limits} = this.#context;
      const now = ports.now();
      // Nobody waits for a look; and one that asks for it again and again, and lets nothing through, does so for good.
      const inVain = this.#leftAlone >= backOff.most && now >= this.#heldUntil;
      if (limits.reconnects === 0 || inVain) throw new MailboxStopped(lastWord(why, this.#context), error);
      // Lanes that are told the same wait together.
      this.#leftAlone += Math.max(0, now + asked - Math.max(now, this.#heldUntil));
      tenant.throttled(login, now + asked, why);
      await this.hold(asked, why);
      return;
    }
    if (outages !== undefined && outages < this.#outages) await this.ready();
    else {
      this.#outages++;
      const pause = this.#pause(error, why, how);
      if (pause.ms === 0) await this.ready();
      else await this.hold(Math.round(pause.ms * (0.75 + this.#context.ports.random() / 2)), pause.why);
    }
    // It stands: what is refused over it after the wait is another outage.
    if (session !== undefined && error instanceof ServerRefused) session.outage = this.#outages;
  }

  /** Who waits for something else, a pause that the server asks for say, keeps nobody from beginning there. */
  #seen(error: unknown, why: Problem): void {
    const {request, server, tokens} = this.#context;
    const absence = absenceOf(error, why);
    if (absence?.tokens !== true) tokens?.reached(request);
    if (absence === undefined || absence.reached || absence.tokens) server.presence.reached(request);
  }

  /** Before chance. @throws MailboxStopped */
  #pause(error: unknown, why: Problem, how: Circumstances): Wait {
    const {ports, server} = this.#context;
    const after = (ms: number | undefined): Wait => {
      if (ms === undefined) throw new MailboxStopped(lastWord(why, this.#context), error);
      return {ms, why};
    };
    if (isCap(error, why, how, this.#opened)) {
      const pause = this.#opened ? capPauses[this.#capped++] : this.#openingPauses[this.#unopened++];
      // One that still hangs up has no session too many: it may do so to everybody.
      if (pause !== undefined || why.code !== 'connection-lost') return after(pause);
    }
    if (isUnstored(error, why)) return after(storePauses[this.#unstored++]);
    if (why.code === 'password-refused-anew') return after(passwordPauses[this.#refused++]);
    // Tokens end, and Exchange closes sessions in which it refused much; that is no fault of the line, unless one after
    // the other goes before anything got through. Each end and lane may lose one to the same moment.
    const ended = why.code === 'token-expired' && how.renewable === true;
    const used = usedUp(error, how.session);
    if (used && how.session !== undefined) server.hungUpAfter(how.session.wire.refusals);
    if (ended || used) {
      const inTime = ended && how.session?.life.isDue(ports.now()) === true;
      if (this.#replaced < (inTime ? mostEnded : mostReplaced)) {
        this.#replaced++;
        return after(0);
      }
    }
    return this.#lose(error, why);
  }

  /** One more loss in a row. @throws MailboxStopped */
  #lose(error: unknown, why: Problem): Wait {
    const {end, request, limits, emit, server} = this.#context;
    this.#losses++;
    const away = this.#miss(error, why);
    if (away === undefined) this.#own++;
    // A server that lets nobody in any more is away for now, for the mailboxes too whose turn comes meanwhile.
    const others = !this.serverWorked || server.entries !== this.#entries || server.presence.givenUp;
    this.#entries = server.entries;
    if (!this.#worked && others) this.#kept++;
    if (this.#own > limits.reconnects || this.#kept > mostKept)
      throw new MailboxStopped(lastWord(why, this.#context), error);
    // What is refused over a connection that stands is told by the wait alone, as is an outage that goes on and on.
    if (!(error instanceof ServerRefused) && !isRefusedAnew(why) && this.#losses <= limits.reconnects)
      emit({type: 'connection-lost', request, end, attempt: this.#losses, problem: why});
    const ms = Math.min(away === undefined ? longestPause : longestAway, 500 * 2 ** this.#losses);
    if (away === undefined) return {ms, why};
    this.#waited += ms;
    return {ms, why: away};
  }

  /**
   * Where a server that has let mailboxes in has shown itself to nobody since this one missed it last, the outage is not the
   * mailbox's: what it is, for people. One that is reached and hangs up may do so to this mailbox alone, unless it has let
   * it in before, or does so to others. @throws MailboxStopped where it was waited for long enough
   */
  #miss(error: unknown, why: Problem): Problem | undefined {
    const {end, request, ports, server, tokens, address} = this.#context;
    const absence = absenceOf(error, why);
    if (absence === undefined) return undefined;
    const where = (absence.tokens ? tokens : undefined) ?? server.presence;
    where.missed(request, absence.reached);
    const before = this.#missing;
    if (before?.where !== where || before.signs !== where.signs) {
      this.#missing = {where, signs: where.signs, since: ports.now()};
      this.#waited = 0;
      return undefined;
    }
    const itself = !absence.reached || this.#worked || where.missedBySeveral;
    if (where.entries === 0 || !itself) return undefined;
    const givenUp = this.#waited >= longestOutage;
    const away = problem(
      'server-away',
      {end, server: absence.host ?? address, milliseconds: ports.now() - before.since, givenUp},
      {detail: why.sentence, ...(givenUp ? {verdict: 'stop'} : {})},
    );
    if (!givenUp) return away;
    where.givenUp = true;
    throw new MailboxStopped(away, error);
  }
}
