// A mailbox that is turned away by a server because of the run's own connections there: it takes only so many from one
// computer. That is no trouble of the mailbox's, and passes once one of the others leaves.

import {type Problem, problem} from '../problems/problems.ts';
import {type Circumstances, isTurnedAway} from './outage.ts';
import type {PaceContext} from './pace.ts';

/** ms before it is asked again, at most: no longer than a place is not lent for (batch.ts). */
const longestPause = 25_000;
const momentMs = 50;
/** ms without a sign that those who are in get on: they may wait for each other. */
const longestUnmoved = 6 * 60_000;
/** Times in a row that it is asked again while none of the others is in. */
const mostBeforeAny = 3;

export class Crowd {
  readonly #context: PaceContext;
  /** Turned away in a row. */
  #times = 0;
  /** The changes in the room when it was last turned away, and ms waited since they were other. */
  #room = {changes: 0, unmoved: 0};
  /** ms since 1970 until which a wait is shown. */
  #shown: number | undefined;

  constructor(context: PaceContext) {
    this.#context = context;
  }

  /** Others of the run are in there, and get on: there is room once they leave. Or they were or will be, a moment away. */
  isMet(error: unknown, why: Problem, {entering}: Circumstances): boolean {
    const {request, server} = this.#context;
    const {room} = server;
    if (entering !== true || !isTurnedAway(error, why)) return false;
    const changes = room.changesBeside(request);
    const moved = changes !== this.#room.changes;
    if (moved) this.#room = {changes, unmoved: 0};
    if (room.inBeside(request) > 0) return this.#room.unmoved < longestUnmoved;
    // The server may count one yet that has left.
    return (moved || room.comingBeside(request) > 0) && this.#times < mostBeforeAny;
  }

  /** Until one has left, or it is time to ask again. @throws the stop signal's reason */
  async wait(why: Problem): Promise<void> {
    const {request, end, ports, stop, emit, server, address} = this.#context;
    const open = server.room.inBeside(request);
    const ms = Math.min(longestPause, 1000 * 2 ** this.#times);
    this.#room.unmoved += ms;
    // Nothing to tell of where it is over at once; and one wait, however often it is asked for meanwhile.
    if (this.#times++ > 0 && open > 0 && (this.#shown ?? 0) < ports.now() + ms) {
      this.#shown = ports.now() + longestPause;
      const full = problem('no-room', {end, server: address, open}, {detail: why.sentence});
      emit({type: 'waiting', request, end, until: this.#shown, problem: full});
    }
    const freed = await server.room.freed(gone =>
      ports.sleep(Math.round(ms * (0.75 + ports.random() / 2)), AbortSignal.any([stop.finish, gone])),
    );
    // The server counts one that has gone a moment longer.
    if (freed) await ports.sleep(momentMs, stop.finish);
  }

  /** It is in. */
  passed(): void {
    this.#times = 0;
    this.over();
  }

  /** What keeps it out now is something else. */
  over(): void {
    if (this.#shown === undefined) return;
    this.#shown = undefined;
    this.#context.emit({type: 'wait-ended', request: this.#context.request, end: this.#context.end});
  }
}
