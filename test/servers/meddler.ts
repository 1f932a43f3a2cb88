// A proxy that meddles: between mailferry and a real server it changes, swallows or answers single lines, or cuts the
// line. Loopback only.
import {startRelay} from './relay.ts';

export type Meddling = {
  /** A line or part of a literal the client sends; true: it does not go on to the server. */
  readonly line?: (line: string, wire: MeddledWire) => boolean | undefined;
  /** Bytes the server sends; true: they do not go on to the client. */
  readonly down?: (chunk: Buffer, wire: MeddledWire) => boolean | undefined;
};

export type MeddledWire = {
  /** Answers in the server's name. */
  answer(text: string | Uint8Array): void;
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
export function startMeddler(port: number, {line, down}: Meddling): Promise<Meddler> {
  return startRelay(port, ({client, server, cut}) => {
    const wire: MeddledWire = {
      answer: text => client.write(text),
      say: text => server.write(text, 'latin1'),
      cut,
    };
    client.on('data', (chunk: Buffer) => {
      // Together what came together: mail in base64 is a line for every 76 of its bytes.
      server.cork();
      for (const part of chunk.toString('latin1').split(/(?<=\r\n)/))
        if (line?.(part, wire) !== true && !server.destroyed) server.write(part, 'latin1');
      server.uncork();
    });
    server.on('data', (chunk: Buffer) => {
      if (down?.(chunk, wire) !== true && !client.destroyed) client.write(chunk);
    });
    return undefined;
  });
}
