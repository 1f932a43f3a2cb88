// Where the browser brings the answer of a sign-in: one page on this machine alone, for one answer, then closed
// (RFC 8252 section 7.3).
import {timingSafeEqual} from 'node:crypto';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';

export type Answer = {readonly code: string} | {readonly error: string; readonly description: string};

export type Loopback = {
  /** 'http://localhost:PORT': Microsoft takes any port there. */
  readonly redirectUri: string;
  /** A short address that leads the browser of this machine to the long one. */
  readonly startUri: string;
  /** Where it leads. */
  start(address: string): void;
  /** The first answer with the right state. */
  readonly answer: Promise<Answer>;
  close(): void;
};

const longestForm = 64 * 1024;
const startPath = '/sign-in';

const page = (title: string, text: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>mailferry</title>
<style>body{font:1.1rem system-ui,sans-serif;max-width:34rem;margin:18vh auto;padding:0 1.5rem}</style></head>
<body><h1>${title}</h1><p>${text}</p></body></html>
`;

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  connection: 'close',
};

/**
 * Listens on 127.0.0.1, on a free port.
 * @param state what the answer has to bring along; without it an answer is not taken, and another is waited for
 */
export async function listenForAnswer(state: string): Promise<Loopback> {
  const {promise, resolve} = Promise.withResolvers<Answer>();
  let start = '';
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === startPath && start !== '') {
      response.writeHead(302, {...headers, location: start});
      response.end();
      return;
    }
    void fieldsOf(request).then(
      fields => {
        const answer = fields && answerOf(fields, state);
        if (answer === undefined) {
          reply(
            response,
            400,
            page('Not this page', 'This is no answer to a sign-in that mailferry waits for.'),
          );
          return;
        }
        const good = 'code' in answer;
        reply(
          response,
          200,
          good
            ? page('You are signed in', 'You can close this page and go back to the terminal.')
            : page('Not signed in', 'The terminal says why. You can close this page.'),
        );
        // The page is on its way before the door is closed.
        response.once('close', () => resolve(answer));
      },
      () => request.destroy(),
    );
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', done);
  });
  const {port} = server.address() as AddressInfo;
  return {
    redirectUri: `http://localhost:${port}`,
    startUri: `http://localhost:${port}${startPath}`,
    start: address => {
      start = address;
    },
    answer: promise,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function reply(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, headers);
  response.end(text);
}

/** Of a posted form, or of the address; undefined for anything else. */
async function fieldsOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  if (url.pathname !== '/') return undefined;
  if (request.method === 'GET') return url.searchParams;
  if (request.method !== 'POST') return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestForm) throw new Error('The form is too long');
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function answerOf(fields: URLSearchParams, state: string): Answer | undefined {
  const given = Buffer.from(fields.get('state') ?? '');
  const expected = Buffer.from(state);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const error = fields.get('error');
  if (error !== null) return {error, description: fields.get('error_description') ?? ''};
  const code = fields.get('code');
  return code === null || code === '' ? undefined : {code};
}
