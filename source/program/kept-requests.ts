// What a run was asked, kept with its record so that one from answers that were not saved can be gone on with. A
// password that was typed is left out: it is asked for again.
import {isAbsolute} from 'node:path';
import {z} from 'zod';
import {type Request, requestSchema} from '../request/schema.ts';
import type {SecretReference} from '../request/secret.ts';

const withoutValue = (secret: SecretReference): SecretReference =>
  secret.kind === 'value' ? {kind: 'ask'} : secret;

/** For JSON; undefined where a file, which `from` names, has them. */
export function keepRequests(requests: readonly Request[], from: string): readonly unknown[] | undefined {
  if (isFile(from) && !isTitle(from, requests)) return undefined;
  return requests.map(({source, destination, ...request}) => ({
    ...request,
    source: {...source, secret: withoutValue(source.secret)},
    destination: {...destination, secret: withoutValue(destination.secret)},
  }));
}

/** True where `from` names a CSV: always by its absolute path. */
export function isFile(from: string): boolean {
  return isAbsolute(from);
}

/** A run from answers that were not saved is called by the title, which may look like anything. */
function isTitle(from: string, requests: readonly Request[]): boolean {
  return requests.length === 1 && requests[0]?.title === from;
}

const placeOfSecret = z.discriminatedUnion('kind', [
  z.object({kind: z.literal('ask')}),
  z.object({kind: z.literal('env'), name: z.string()}),
  z.object({kind: z.literal('file'), path: z.string()}),
  z.object({kind: z.literal('command'), command: z.string()}),
  z.object({kind: z.literal('keychain'), name: z.string()}),
]);
const keptSecrets = z.array(
  z.looseObject({
    source: z.looseObject({secret: placeOfSecret}),
    destination: z.looseObject({secret: placeOfSecret}),
  }),
);

/** @param kept what `keepRequests` gave, after JSON. Undefined where it was changed into something else */
export function keptRequests(kept: unknown): readonly Request[] | undefined {
  if (!keptSecrets.safeParse(kept).success) return undefined;
  const parsed = z.array(requestSchema).nonempty().safeParse(kept);
  return parsed.success ? parsed.data : undefined;
}
