// A proxy that meddles: between mailferry and a real server it changes, swallows or answers single lines, or cuts the
// line. Loopback only.
import {connect, createServer, type Socket} from 'node:net';

export type Meddling = {
  /** A line or part of a literal the client sends; true: it does not go on to the server. */
  readonly line?: (line: string, wire: MeddledWire) => boolean | undefined;
  /** Bytes the server sends; true: they do not go on to the client. */
  readonly down?: (chunk: Buffer, wire: MeddledWire) => boolean | undefined;
};

export type MeddledWire = {
  /** Answers in the server's name. */
  answer(text: string): void;
  /** Says something to the server in the client's name. */
  say(text: string): void;
  cut(): void;
};

export type Meddler = {
  readonly host: '127.0.0.1';
  readonly imapPort: number;
  cutAll(): void;
  close(): void;
};

/** @param port of the real server on loopback */
export async function startMeddler(port: number, {line, down}: Meddling): Promise<Meddler> {
  const sockets = new Set<Socket>();
  const server = createServer(client => {
    const upstream = connect({host: '127.0.0.1', port});
    const both = [client, upstream] as const;
    const wire: MeddledWire = {
      answer: text => client.write(text),
      say: text => upstream.write(text, 'latin1'),
      cut: () => {
        for (const socket of both) socket.destroy();
      },
    };
    client.on('data', (chunk: Buffer) => {
      for (const part of chunk.toString('latin1').split(/(?<=\r\n)/))
        if (line?.(part, wire) !== true && !upstream.destroyed) upstream.write(part, 'latin1');
    });
    upstream.on('data', (chunk: Buffer) => {
      if (down?.(chunk, wire) !== true && !client.destroyed) client.write(chunk);
    });
    for (const socket of both) {
      sockets.add(socket);
      socket.on('error', wire.cut);
      socket.on('close', () => {
        sockets.delete(socket);
        wire.cut();
      });
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: '127.0.0.1',
    imapPort: typeof address === 'object' && address !== null ? address.port : 0,
    cutAll,
    close: () => {
      cutAll();
      server.close();
    },
  };
}
