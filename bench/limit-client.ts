// What two servers can do at all: reads every message of one and throws it away, and meanwhile stores as many of the same
// sizes at the other, with the least that a client can do. No parser, no ledger, no confirmation of single messages.
// Reads its task as JSON from its first argument; prints the seconds from the first connection to the last answer.
import {connect, type Socket} from 'node:net';
import type {LimitTask} from './limit.ts';

/** Connections to each end: more gain nothing on two cores (measured). */
const readers = 2;
const writers = 4;
const batch = {messages: 100, bytes: 4 * 1024 * 1024};
const last = 'zz9';

const task = JSON.parse(process.argv[2] ?? '{}') as LimitTask;

/** Signs in, lets `work` write, and resolves with the answer to a last NOOP. */
async function converse(
  port: number,
  user: string,
  work: (write: (piece: string | Buffer) => Promise<void>) => Promise<void>,
): Promise<void> {
  const socket = connect({port, host: '127.0.0.1'});
  socket.setNoDelay(true);
  const {promise: answered, resolve, reject} = Promise.withResolvers<void>();
  answered.catch(() => undefined);
  let tail = '';
  let refused = '';
  socket
    .on('error', reject)
    .on('close', () => reject(new Error(`The connection closed: ${refused || tail}`)));
  socket.on('data', (chunk: Buffer) => {
    // An answer to the last command is the last thing that comes: only ends are looked at.
    tail = (tail + chunk.toString('latin1', Math.max(0, chunk.length - 200))).slice(-200);
    if (chunk.length < 4096) refused ||= /^c\d+ (?:NO|BAD)[^\r]*/m.exec(chunk.toString('latin1'))?.[0] ?? '';
    if (tail.includes(`\r\n${last} OK`) || tail.startsWith(`${last} OK`)) resolve();
  });
  const write = (piece: string | Buffer) => passed(socket, piece);
  await write(`c0 LOGIN "${user}" "pass"\r\n`);
  await work(write);
  await write(`${last} NOOP\r\n`);
  await answered;
  socket.destroy();
  if (refused !== '') throw new Error(refused);
}

function passed(socket: Socket, piece: string | Buffer): Promise<void> {
  return socket.write(piece) ? Promise.resolve() : new Promise(done => socket.once('drain', done));
}

/** The folders, dealt out. */
function share(of: number, count: number): LimitTask['folders'] {
  return task.folders.filter((_, index) => index % count === of);
}

async function read(own: number): Promise<void> {
  const {port, user} = task.source;
  await converse(port, user, async write => {
    for (const {name} of share(own, readers))
      await write(`c1 EXAMINE "${name}"\r\nc2 UID FETCH 1:* (UID FLAGS INTERNALDATE BODY.PEEK[])\r\n`);
  });
}

const line = `${'x'.repeat(74)}\r\n`;
const head = 'Subject: x\r\n\r\n';
const text = Buffer.from(
  head + line.repeat(Math.ceil(Math.max(...task.folders.flatMap(each => each.sizes)) / 76)),
);

async function store(own: number): Promise<void> {
  const {port, user} = task.destination;
  await converse(port, user, async write => {
    for (const {name, sizes} of share(own, writers)) {
      if (name !== 'INBOX') await write(`c3 CREATE "${name}"\r\n`);
      for (let at = 0; at < sizes.length; ) {
        await write(`c4 APPEND "${name}"`);
        let bytes = 0;
        for (
          let count = 0;
          at < sizes.length && count < batch.messages && bytes < batch.bytes;
          count++, at++
        ) {
          const size = sizes[at] ?? 0;
          bytes += size;
          await write(` (\\Seen) "17-Jul-1996 02:44:25 -0700" {${size}+}\r\n`);
          await write(text.subarray(0, size));
        }
        await write('\r\n');
      }
    }
  });
}

const start = performance.now();
await Promise.all([
  ...Array.from({length: readers}, (_, own) => read(own)),
  ...Array.from({length: writers}, (_, own) => store(own)),
]);
process.stdout.write(`${(performance.now() - start) / 1000}\n`);
