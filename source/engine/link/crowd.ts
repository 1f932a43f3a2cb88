// A mailbox that is turned away by a server because of the run's own connections there: it takes only so many from one
// computer. That is no trouble of the mailbox's, and passes once one of the others leaves.

import {type Problem, problem} from '../problems/problems.ts';
import {type Circumstances, isTurnedAway} from './outage.ts';
import type {PaceContext} from './pace.ts';

/** ms before it is asked again, at most: no longer than a place is not lent for (batch.ts). */
const longestPause = 25_000;
/** ms that a server counts one that has gone. */
const momentMs = 50;
/** Times in a row that it is asked again where none of the others is in: they have just left, or are on their way. */
const mostWhileNobodyIsIn = 3;

/** There is no room: to be waited for by one who holds nothing that others may wait for. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
  /** Until it is time to ask again. @throws the stop signal's reason */
  readonly wait: () => Promise<void>;

  constructor(wait: () => Promise<void>) {
    super('The server takes no more connections for now');
    this.wait = wait;
  }
}

export class Crowd {
  readonly #context: PaceContext;
  /** Turned away in a row; and while none of the others was in, since one has come. */
  #times = 0;
  #timesNobodyIn = 0;
  /** Of others, by the last time. */
  #entries = 0;
  /** ms since 1970 until which a wait is shown. */
  #shown: number | undefined;

  constructor(context: PaceContext) {
    this.#context = context;
  }

  /** Others of the run are in there: there is room once they leave. Or they were or will be, a moment away. */
  isMet(error: unknown, why: Problem, {entering}: Circumstances): boolean {
    const {request, server} = this.#context;
    const {room} = server;
    if (entering !== true || !isTurnedAway(error, why)) return false;
    const entries = room.enteredBeside(request);
    if (entries !== this.#entries) this.#timesNobodyIn = 0;
    this.#entries = entries;
    if (room.inBeside(request) > 0) return true;
    // What does not answer is away: only where others were in is it more likely that they have just left.
    const silent = why.code === 'connect-timed-out' || why.code === 'connection-refused';
    const others = entries + (silent ? 0 : room.comingBeside(request));
    return others > 0 && this.#timesNobodyIn++ < mostWhileNobodyIsIn;
  }

  /** Until one has left, or it is time to ask again. @throws the stop signal's reason */
  async wait(why: Problem): Promise<void> {
    const {request, end, ports, stop, emit, server, address} = this.#context;
    const open = server.room.inBeside(request);
    const ms = open === 0 ? 250 * 2 ** this.#timesNobodyIn : Math.min(longestPause, 1000 * 2 ** this.#times);
    // Nothing to tell of where it is over at once; and one wait, however often it is asked for meanwhile.
    if (this.#times++ > 0 && open > 0 && (this.#shown ?? 0) < ports.now() + ms) {
      this.#shown = ports.now() + longestPause;
      const detail = why.code === 'too-many-connections' ? why.detail : why.sentence;
      const full = problem('no-room', {end, server: address, open}, detail === undefined ? {} : {detail});
      emit({type: 'waiting', request, end, until: this.#shown, problem: full});
    }
    const freed = await server.room.freed(gone =>
      ports.sleep(Math.round(ms * (0.75 + ports.random() / 2)), AbortSignal.any([stop.finish, gone])),
    );
    if (freed) await ports.sleep(momentMs, stop.finish);
  }

  /** It is in. */
  passed(): void {
    this.#times = 0;
    this.#timesNobodyIn = 0;
    this.over();
  }

  /** What keeps it out now is something else. */
  over(): void {
    if (this.#shown === undefined) return;
    this.#shown = undefined;
    this.#context.emit({type: 'wait-ended', request: this.#context.request, end: this.#context.end});
  }
}
