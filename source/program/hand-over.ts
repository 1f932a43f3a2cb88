// Requests from one process to its own child, through a pipe: the only place where a secret is written as text, and
// it stays in the memory of the two.
import type {Request} from '../request/schema.ts';
import {Secret, type SecretReference} from '../request/secret.ts';

type Written = {readonly kind: 'value'; readonly text: string} | Exclude<SecretReference, {kind: 'value'}>;
type WrittenRequest = Omit<Request, 'source' | 'destination'> & {
  readonly [End in 'source' | 'destination']: Omit<Request[End], 'secret'> & {readonly secret: Written};
};

const writeSecret = (reference: SecretReference): Written =>
  reference.kind === 'value' ? {kind: 'value', text: reference.secret.reveal()} : reference;

const readSecret = (written: Written): SecretReference =>
  written.kind === 'value' ? {kind: 'value', secret: new Secret(written.text)} : written;

export function writeRequests(requests: readonly Request[]): unknown {
  return requests.map(
    (request): WrittenRequest => ({
      ...request,
      source: {...request.source, secret: writeSecret(request.source.secret)},
      destination: {...request.destination, secret: writeSecret(request.destination.secret)},
    }),
  );
}

/** @param written what `writeRequests` gave, after JSON */
export function readRequests(written: unknown): Request[] {
  return (written as readonly WrittenRequest[]).map(request => ({
    ...request,
    source: {...request.source, secret: readSecret(request.source.secret)},
    destination: {...request.destination, secret: readSecret(request.destination.secret)},
  }));
}
