// Watches and steers a run of another process as if it were one's own.
import {connect, type Socket} from 'node:net';
import {type TypedCommand, typedCommand} from '../command-line/typed-command.ts';
import type {RunEvent} from '../engine/events.ts';
import {emptySnapshot} from '../progress/reduce.ts';
import {isSnapshot} from '../progress/shape.ts';
import type {Snapshot} from '../progress/snapshot.ts';
import type {RunHandle, RunOutcome} from '../services.ts';
import type {Live} from './folder.ts';
import {onLines, sendLine} from './lines.ts';
import {applyPatch, type Patch} from './patch.ts';
import {type Command, type FromRun, type Hello, protocolVersion, readFromRun} from './protocol.ts';
import {RunGone, RunLost} from './run-errors.ts';

/** A snapshot of a thousand mailboxes with all their folders is some megabytes. */
const longestLine = 512 * 1024 * 1024;

/** Is told the run as it stands, then each event; the run again in place of events that it was too slow for. */
export type Follower = {
  stands(snapshot: Snapshot): void;
  take(event: RunEvent): void;
};

export type WatchOptions = {
  /**
   * How the run of that name ended, undefined where it has not. Asked where the connection tells no end: a short run may
   * be over before anybody has reached it.
   */
  readonly endOf?: (run: string) => RunOutcome | undefined;
  /** How a command is typed that finds the run. */
  readonly command?: TypedCommand;
  readonly follower?: Follower | undefined;
  /** It is let in however many watch, and sees nothing before the end. */
  readonly ordersOnly?: boolean;
  /** So long its first word is waited for: the system takes connections for a process that is suspended. */
  readonly patience?: Patience;
};

export type Patience = {
  readonly ms: number;
  /** As System has it. */
  readonly schedule: (callback: () => void, ms: number) => () => void;
};

/**
 * With a follower the store holds how the run stood when it was told so last, and at the end.
 * @param live a promise where the run is still being started
 * @returns at once; `done` rejects with RunGone where nobody listens there, RunLost where it breaks off
 */
export function watchRun(
  live: Live | Promise<Live>,
  {
    endOf = () => undefined,
    command = typedCommand(),
    follower,
    ordersOnly = false,
    patience,
  }: WatchOptions = {},
): RunHandle {
  const listeners = new Set<() => void>();
  const early: Command[] = [];
  let snapshot: Snapshot = emptySnapshot;
  let socket: Socket | undefined;
  let left = false;
  const {promise: done, resolve, reject} = Promise.withResolvers<RunOutcome>();
  done.catch(() => undefined);
  const show = (next: Snapshot) => {
    snapshot = next;
    for (const listener of [...listeners]) listener();
  };
  const take = (message: FromRun) => {
    if ('snapshot' in message) {
      show(message.snapshot);
      follower?.stands(message.snapshot);
    } else if ('event' in message) follower?.take(message.event);
    else if ('patch' in message) show(patched(snapshot, message.patch));
    else if ('ended' in message) resolve({...message.ended, snapshot});
    else if ('refused' in message) reject(new RunLost(message.refused, 'refused'));
    else reject(new RunLost(message.broke, 'broke'));
  };
  const attach = (found: Live) => {
    if (left) return;
    const opened = connect(found.address);
    let connected = false;
    const heard = patience?.schedule(() => {
      reject(new RunLost(silentWords(found), 'silent'));
      opened.destroy();
    }, patience.ms);
    opened.on('connect', () => {
      connected = true;
      socket = opened;
      const wants = {
        ...(follower === undefined ? {} : {events: true}),
        ...(ordersOnly ? {orders: true} : {}),
      };
      sendLine(opened, {version: protocolVersion, token: found.token, ...wants} satisfies Hello);
      for (const command of early.splice(0)) sendLine(opened, command);
      // Left before the line stood, it would be held open to the run's end.
      if (left) opened.unref().end();
    });
    opened.on('error', () => undefined);
    onLines(opened, longestLine, value => {
      heard?.();
      try {
        take(readFromRun(value));
      } catch {
        reject(
          new RunLost(`The run ${found.run} says what cannot be understood. Attach to it again.`, 'broke'),
        );
        opened.destroy();
      }
    });
    opened.on('close', () => {
      heard?.();
      // Who has left does not wait for the end any more.
      if (left) return;
      const outcome = endOf(found.run);
      if (outcome !== undefined) {
        show(outcome.snapshot);
        follower?.stands(outcome.snapshot);
        resolve(outcome);
        return;
      }
      reject(
        connected
          ? new RunLost(
              `The run ${found.run} broke off: its process (${found.pid}) is gone. "${command(`resume ${found.run}`)}" goes on; nothing is copied twice.`,
              'killed',
            )
          : new RunGone(`Nobody answers for the run ${found.run}; its process (${found.pid}) is gone.`),
      );
    });
  };
  if (live instanceof Promise) live.then(attach, reject);
  else attach(live);
  const send = (command: Command) => {
    if (socket === undefined) early.push(command);
    else sendLine(socket, command);
  };
  const about = (request: number | undefined) => (request === undefined ? {} : {about: request});
  return {
    store: {
      getSnapshot: () => snapshot,
      subscribe: listener => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    done,
    stop: request => send({do: 'stop', ...about(request)}),
    pause: request => send({do: 'pause', ...about(request)}),
    resume: request => send({do: 'resume', ...about(request)}),
    retryFailed: request => send({do: 'retryFailed', ...about(request)}),
    first: request => send({do: 'first', about: request}),
    changeMailboxes: by => send({do: 'changeMailboxes', about: by}),
    detach: () => {
      left = true;
      socket?.end();
      socket?.unref();
    },
  };
}

function silentWords({run, pid}: Live): string {
  return `The run ${run} does not answer: its process (${pid}) may be suspended, or its terminal held (Ctrl+S). Ctrl+Q or "fg" in that terminal lets it go on.`;
}

/** True where a run listens there, also one that is suspended; a process that was killed does not. */
export function isAlive(live: Live): Promise<boolean> {
  const {promise, resolve} = Promise.withResolvers<boolean>();
  const socket = connect(live.address, () => resolve(true));
  socket.on('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
}

/** @throws TypeError, RangeError where it comes to no snapshot */
function patched(before: Snapshot, patch: Patch): Snapshot {
  const after = applyPatch(before, patch);
  if (!isSnapshot(after)) throw new TypeError('The patch makes no snapshot');
  return after;
}
