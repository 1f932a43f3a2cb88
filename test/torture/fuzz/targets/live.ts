// What a run and those who watch it say to each other, and what a token says of itself.
import type {Socket} from 'node:net';
import {readTokenClaims} from '../../../../source/engine/auth/token-claims.ts';
import {onLines} from '../../../../source/live/lines.ts';
import {applyPatch, type Patch, patchOf} from '../../../../source/live/patch.ts';
import {obey, readCommand, readFromRun, readHello} from '../../../../source/live/protocol.ts';
import {emptySnapshot, reduce} from '../../../../source/progress/reduce.ts';
import {isSnapshot} from '../../../../source/progress/shape.ts';
import {at, folder, runStarted} from '../../../progress/events.ts';
import {type Input, must, pieces, same, type Target} from '../target.ts';

const before = reduce(emptySnapshot, runStarted(2));
const after = reduce(before, at({type: 'folders-planned', request: 0, folders: [folder(0), folder(1)]}, 1));
const patch = patchOf(before, after);

const said = [
  {snapshot: after},
  {patch},
  {event: at({type: 'paused'}, 1)},
  {ended: {exitCode: 0, reports: '/x'}},
  {refused: 'The run is of another version.'},
  {broke: 'It broke.'},
  {version: 1, token: 'abc', events: true},
  {do: 'stop', about: 1},
  {do: 'changeMailboxes', about: -3},
].map(value => JSON.stringify(value));

/** What comes of the bytes, in these pieces; whether the connection was ended. */
function heard(
  bytes: readonly Buffer[],
  most: number,
): {readonly values: unknown[]; readonly ended: boolean} {
  const values: unknown[] = [];
  // As much of a socket as lines need; what is written to it is read at once.
  const listeners: ((text: string) => void)[] = [];
  let ended = false;
  const decoder = new TextDecoder();
  const socket = {
    setEncoding: () => undefined,
    on: (_event: string, listener: (text: string) => void) => listeners.push(listener),
    destroy: () => {
      ended = true;
    },
    get destroyed() {
      return ended;
    },
  };
  onLines(socket as unknown as Socket, most, value => values.push(value));
  for (const piece of bytes) {
    if (ended) break;
    for (const listener of listeners) listener(decoder.decode(piece, {stream: true}));
  }
  return {values, ended};
}

function lines({bytes, random}: Input): void {
  const most = 1_000_000;
  const whole = heard([bytes], most);
  must(same(heard(pieces(bytes, random), most), whole), 'cut elsewhere, it says something else');
  for (const value of whole.values) {
    const hello = readHello(value);
    must(hello === undefined || typeof hello.token === 'string', 'a greeting without token');
    const command = readCommand(value);
    if (command === undefined) continue;
    const check = (about?: number) => must(about === undefined || Number.isInteger(about), `about ${about}`);
    const first = (about: number) => check(about);
    obey(command, {
      stop: check,
      pause: check,
      resume: check,
      retryFailed: check,
      first,
      changeMailboxes: first,
    });
  }
}

function fromRun({text}: Input): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return;
  }
  try {
    const message = readFromRun(value);
    if ('snapshot' in message) must(isSnapshot(message.snapshot), 'a snapshot that is none');
    if ('patch' in message) applyPatch(before, message.patch as Patch);
  } catch (error) {
    must(error instanceof TypeError || error instanceof RangeError, `it fails with ${String(error)}`);
  }
  must(
    isSnapshot(before) && Object.getPrototypeOf(before.requests) === Array.prototype,
    'the one before is changed',
  );
  must(!('x' in {}), 'every object is changed');
}

const jwt = (claims: unknown) => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;

export const liveTargets: readonly Target[] = [
  {
    name: 'live.lines',
    samples: [said.map(line => `${line}\n`).join(''), ...said.map(line => `${line}\n`)],
    json: true,
    words: ['\n', '{', '}', '"'],
    hurts: [['"', 'x', '"\n']],
    check: lines,
  },
  {name: 'live.run', samples: said, json: true, check: fromRun},
  {
    name: 'live.token',
    samples: [
      jwt({
        aud: 'https://outlook.office365.com',
        roles: ['IMAP.AccessAsApp'],
        scp: 'a b',
        exp: 1,
        appid: 'x',
        upn: 'j@b',
      }),
      'opaque',
    ],
    words: ['.', 'e30', '-', '_'],
    check({text}) {
      const claims = readTokenClaims(text);
      must(
        claims === undefined || claims.roles.every(role => typeof role === 'string'),
        'a role that is no text',
      );
    },
  },
];
