// A connection whose server is played by hand, line by line.
import {PassThrough} from 'node:stream';
import {Session} from '../../source/engine/imap/session.ts';
import {Wire} from '../../source/engine/imap/wire.ts';

export function connection({
  inactivityMs = 60_000,
  capabilities = ['LITERAL+', 'MULTIAPPEND'] as readonly string[],
  greeting = '',
} = {}) {
  const fromServer = new PassThrough();
  const toServer = new PassThrough();
  const wire = new Wire(
    'source',
    {readSocket: fromServer, writeSocket: toServer, socket: toServer},
    inactivityMs,
  );
  const session = new Session({
    wire,
    capabilities: new Set(capabilities),
    namespaces: {prefix: '', delimiter: '/', foreign: []},
    greeting,
    distance: () => Promise.resolve(0),
  });
  let sent = '';
  const watchers: (() => void)[] = [];
  toServer.on('data', (chunk: Buffer) => {
    sent += chunk.toString('latin1');
    for (const watcher of watchers.splice(0)) watcher();
  });
  return {
    wire,
    session,
    socket: toServer,
    say: (text: string) => fromServer.write(text),
    hangUp: () => fromServer.end(),
    everything: () => sent,
    /** What the client has sent, once it holds `part`. */
    async heard(part: string): Promise<string> {
      while (!sent.includes(part)) await new Promise<void>(resolve => watchers.push(resolve));
      return sent;
    },
  };
}

/** The answer to a FETCH of a whole message. */
export const fetched = (uid: number, body: string) =>
  `* ${uid} FETCH (UID ${uid} FLAGS () INTERNALDATE "17-Jul-1996 02:44:25 -0700" BODY[] {${body.length}}\r\n${body})\r\n`;
