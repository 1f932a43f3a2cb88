// MSAL's way to the network: HTTPS with the certificates of this program, bounded, and stopped when nobody waits. It
// reads the answers on their way, since MSAL loses what they say: of a device code's polls only the OAuth error is
// left, and "slow down" ends the wait (msal-node 7.2).
import type {IncomingHttpHeaders} from 'node:http';
import {Agent, request} from 'node:https';
import type {INetworkModule, NetworkRequestOptions, NetworkResponse} from '@azure/msal-node';
import {type Hide, hiding} from './hide.ts';
import {type AnswerBody, codeSeconds, pollSeconds, readAnswer} from './identity-answer.ts';
import {type Refusal, SignInUnreachable} from './sign-in-refused.ts';
import {trusting} from './trust.ts';

export type NetworkPorts = {
  /** PEM, besides the system's. */
  readonly ca: readonly string[];
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Within which an answer has come, whole; half a minute where not given. */
  readonly answerMs?: number;
};

/** For a whole answer: one that comes byte by byte is none. */
const longestMs = 30_000;
const longestAnswer = 1024 * 1024;
/** RFC 8628 section 3.5. */
const slowDownMs = 5000;

export class IdentityNetwork implements INetworkModule {
  readonly #ports: NetworkPorts;
  #signal: AbortSignal = new AbortController().signal;
  /** ms between two polls of a device code. */
  #pollMs = 0;
  /** What the provider has refused since `begin`, and why it could not be reached. */
  refusal: Refusal | undefined;
  unreachable: SignInUnreachable | undefined;
  /** Takes what was last sent, and is secret, out of what is said of it. */
  hide: Hide = text => text;
  /** s that the last access token lives. */
  lifeSeconds: number | undefined;

  constructor(ports: NetworkPorts) {
    this.#ports = ports;
  }

  /** Before each piece of work; its requests end when the signal aborts. */
  begin(signal: AbortSignal): void {
    this.#signal = signal;
    this.refusal = undefined;
    this.unreachable = undefined;
    this.lifeSeconds = undefined;
  }

  sendGetRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    return this.#send<T>('GET', url, options);
  }

  async sendPostRequestAsync<T>(url: string, options?: NetworkRequestOptions): Promise<NetworkResponse<T>> {
    const isPoll = /(^|&)grant_type=(urn(%3A|:)ietf(%3A|:).*device_code|device_code)(&|$)/i.test(
      options?.body ?? '',
    );
    if (isPoll) await this.#ports.sleep(this.#pollMs, this.#signal);
    const response = await this.#send<T>('POST', url, options);
    const body = response.body as AnswerBody;
    if (typeof body['expires_in'] === 'number' && typeof body['access_token'] === 'string')
      this.lifeSeconds = body['expires_in'];
    if (typeof body['device_code'] === 'string') {
      // The waiting is done here, so that it can be called off; MSAL is told not to wait.
      this.#pollMs = pollSeconds(body) * 1000;
      body['interval'] = 0;
      body['expires_in'] = codeSeconds(body);
    }
    if (body['error'] === 'slow_down') {
      this.#pollMs += slowDownMs;
      body['error'] = 'authorization_pending';
      this.refusal = undefined;
    }
    // MSAL takes a refusal of the device code's own endpoint for a code.
    if (/\/devicecode\b/.test(url) && this.refusal !== undefined) throw new Error('No device code was given');
    return response;
  }

  async #send<T>(
    method: 'GET' | 'POST',
    url: string,
    options?: NetworkRequestOptions,
  ): Promise<NetworkResponse<T>> {
    const address = new URL(url);
    this.hide = hiding(secretsIn(options?.body));
    let answer: {status: number; headers: IncomingHttpHeaders; text: string};
    try {
      answer = await this.#exchange(method, address, options);
    } catch (error) {
      this.#signal.throwIfAborted();
      const {code, message} = error as NodeJS.ErrnoException;
      this.unreachable = new SignInUnreachable(address.host, code ?? 'NoAnswer', message, error);
      throw this.unreachable;
    }
    const read = readAnswer(answer.text, this.hide);
    if (read === undefined) {
      this.unreachable = new SignInUnreachable(
        address.host,
        'NotJson',
        `What answers at ${address.host} is no identity provider (HTTP status ${answer.status})`,
      );
      throw this.unreachable;
    }
    if (read.refusal !== undefined) this.refusal = read.refusal;
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
    );
    return {status: answer.status, headers, body: read.body as T};
  }

  #exchange(method: string, address: URL, options: NetworkRequestOptions | undefined) {
    const {ca, answerMs = longestMs} = this.#ports;
    return new Promise<{status: number; headers: IncomingHttpHeaders; text: string}>((resolve, reject) => {
      const sent = request(
        address,
        {
          method,
          headers: {...options?.headers, accept: 'application/json'},
          // No connection is kept: a run asks once an hour.
          agent: new Agent({keepAlive: false, rejectUnauthorized: true, secureContext: trusting(ca)}),
          signal: this.#signal,
        },
        response => {
          const chunks: Buffer[] = [];
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            chunks.push(chunk);
            if (bytes > longestAnswer) response.destroy(new Error('The answer is too long'));
          });
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            }),
          );
        },
      );
      const timer = setTimeout(() => {
        reject(Object.assign(new Error('It does not answer'), {code: 'ETIMEDOUT'}));
        sent.destroy();
      }, answerMs);
      sent.on('close', () => clearTimeout(timer));
      sent.on('error', reject);
      sent.end(options?.body);
    });
  }
}

/** The fields of a request (RFC 6749, 7523, 7636, 8628) that a provider may say back, and nobody else is to know. */
const secretFields = [
  'client_secret',
  'client_assertion',
  'refresh_token',
  'device_code',
  'code',
  'code_verifier',
];

function secretsIn(body = ''): string[] {
  const sent = new URLSearchParams(body);
  return secretFields.flatMap(name => sent.getAll(name));
}
