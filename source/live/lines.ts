// JSON values over a stream, one a line; both sides of a run's socket speak so.
import type {Socket} from 'node:net';

/** Hands over each line's value; `take` throws nothing. A line that is too long or no JSON ends the connection. */
export function onLines(socket: Socket, most: number, take: (value: unknown) => void): void {
  const parts: string[] = [];
  let length = 0;
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    let rest = text;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      parts.push(rest.slice(0, end));
      rest = rest.slice(end + 1);
      const line = parts.splice(0).join('');
      length = 0;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        socket.destroy();
        return;
      }
      take(value);
      if (socket.destroyed) return;
    }
    parts.push(rest);
    length += rest.length;
    if (length > most) socket.destroy();
  });
}

export function sendLine(socket: Socket, value: unknown): void {
  if (socket.writable) socket.write(`${JSON.stringify(value)}\n`);
}
