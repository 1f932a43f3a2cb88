// COMPRESS=DEFLATE (RFC 4978) on a signed-in connection: what follows the server's OK is deflated, both ways. Streams all
// the way: what a few bytes become when they are inflated is taken up no faster, and bounded as if it had come so
// (framing.ts), so that a server gains nothing by sending a bomb.
import {type Duplex, Writable} from 'node:stream';
import {constants, createDeflateRaw, createInflateRaw} from 'node:zlib';
import type {End} from '../events.ts';
import {ConnectionLost} from './errors.ts';
import type {Sockets} from './wire.ts';

/** As RFC 4978 calls it among a server's capabilities. */
export const compressCapability = 'COMPRESS=DEFLATE';

const tag = 'C1';
/** Bytes before the answer; nothing but it is due. */
const longestAnswer = 64 * 1024;
/** Mail is mostly text and base64: more effort takes twice the time for a few per cent (measured). */
const level = 3;
/** Bytes that come out at once. */
const chunkSize = 64 * 1024;

/**
 * Asks for compression; nothing may be under way. A server that refuses is served as it is.
 * @param ms until the answer must be there
 * @throws ConnectionLost
 */
export async function compress(end: End, socket: Duplex, ms: number, signal: AbortSignal): Promise<Sockets> {
  const {status, rest} = await ask(end, socket, ms, signal);
  // Behind the answer the server may have said more already.
  if (rest.length > 0) socket.unshift(rest);
  if (status !== 'OK') return {socket, readSocket: socket, writeSocket: socket};
  // A connection that just ends is no broken archive.
  const inflated = createInflateRaw({chunkSize, finishFlush: constants.Z_SYNC_FLUSH});
  socket.pipe(inflated);
  return {socket, readSocket: inflated, writeSocket: deflating(socket)};
}

async function ask(
  end: End,
  socket: Duplex,
  ms: number,
  signal: AbortSignal,
): Promise<{status: string; rest: Buffer}> {
  const {promise, resolve, reject} = Promise.withResolvers<{status: string; rest: Buffer}>();
  let had = Buffer.alloc(0);
  const lost = (code: string, message: string) => reject(new ConnectionLost(end, code, message));
  const data = (chunk: Buffer) => {
    had = Buffer.concat([had, chunk]);
    const found = new RegExp(`(?:^|\\n)${tag} (OK|NO|BAD)[^\\n]*\\n`, 'i').exec(had.toString('latin1'));
    if (found?.[1] !== undefined)
      resolve({status: found[1].toUpperCase(), rest: had.subarray(found.index + found[0].length)});
    else if (had.length > longestAnswer) lost('LineTooLarge', 'The server does not answer COMPRESS');
  };
  const broken = (error: NodeJS.ErrnoException) => lost(error.code ?? 'NoConnection', error.message);
  const gone = () => lost('NoConnection', 'The server closed the connection');
  const abort = () => reject(signal.reason);
  const timer = setTimeout(() => lost('ETIMEOUT', 'No answer to COMPRESS'), ms);
  socket.on('data', data).on('error', broken).on('end', gone).on('close', gone);
  signal.addEventListener('abort', abort, {once: true});
  socket.resume();
  socket.write(`${tag} COMPRESS DEFLATE\r\n`);
  try {
    return await promise;
  } catch (error) {
    socket.on('error', () => undefined).destroy();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
    socket.pause();
    socket.off('data', data).off('error', broken).off('end', gone).off('close', gone);
  }
}

/**
 * Deflates what is written to it. Each write, and what was corked together, is flushed: the server waits for it. `drain`
 * comes when the socket has room again, so that it is the socket that holds a writer back.
 */
function deflating(socket: Duplex): Writable {
  const deflate = createDeflateRaw({level, chunkSize});
  deflate.pipe(socket);
  const flush = (done: () => void) => deflate.flush(constants.Z_SYNC_FLUSH, () => done());
  const writable = new Writable({
    highWaterMark: chunkSize,
    write(chunk: Buffer, _encoding, done) {
      deflate.write(chunk);
      flush(done);
    },
    writev(chunks, done) {
      for (const {chunk} of chunks) deflate.write(chunk);
      flush(done);
    },
    final(done) {
      deflate.end(done);
    },
    destroy(error, done) {
      deflate.destroy();
      done(error);
    },
  });
  deflate.on('error', error => writable.destroy(error));
  return writable;
}
