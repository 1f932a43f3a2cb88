// A long line: a TCP proxy that hands on every byte half a round trip after it came, however many come. A process of
// its own, so that it takes no time from the programs measured. Arguments: port of the server, round trip in ms.
// Prints its own port. Ends with its standard input.
import {createServer, connect as openSocket, type Socket} from 'node:net';

/** What may be under way in one direction; at 60 ms still 500 MB/s. */
const mostBytes = 16 * 1024 * 1024;

const [port = 0, roundTrip = 0] = process.argv.slice(2).map(Number);
const oneWay = roundTrip / 2;

function handOn(from: Socket, to: Socket): void {
  const underWay: {readonly due: number; readonly chunk: Buffer | undefined}[] = [];
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let blocked = false;

  const pass = () => {
    timer = undefined;
    const now = performance.now();
    for (let next = underWay[0]; next !== undefined && !blocked; next = underWay[0]) {
      // Timers are no finer than a millisecond: what is due within half of one goes now.
      if (next.due - now > 0.5) {
        timer = setTimeout(pass, next.due - now);
        return;
      }
      underWay.shift();
      if (next.chunk === undefined) {
        to.end();
        return;
      }
      bytes -= next.chunk.length;
      if (bytes <= mostBytes && from.isPaused()) from.resume();
      if (!to.write(next.chunk)) blocked = true;
    }
  };
  const put = (chunk: Buffer | undefined) => {
    underWay.push({due: performance.now() + oneWay, chunk});
    if (timer === undefined && !blocked) timer = setTimeout(pass, oneWay);
  };

  from.on('data', chunk => {
    bytes += chunk.length;
    if (bytes > mostBytes) from.pause();
    put(chunk);
  });
  from.on('end', () => put(undefined));
  to.on('drain', () => {
    blocked = false;
    if (timer === undefined) pass();
  });
}

const server = createServer({allowHalfOpen: true}, client => {
  client.setNoDelay(true);
  // A real server hears of the connection after three halves of a round trip: SYN, SYN-ACK, ACK.
  setTimeout(() => {
    const upstream = openSocket({port, host: '127.0.0.1', allowHalfOpen: true});
    upstream.setNoDelay(true);
    handOn(client, upstream);
    handOn(upstream, client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      one.on('error', () => other.destroy());
  }, oneWay * 3);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') process.stdout.write(`${address.port}\n`);
});
process.stdin.on('end', () => process.exit(0));
process.stdin.resume();
