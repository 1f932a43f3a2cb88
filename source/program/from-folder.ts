// Files of passwords, by where they are: whoever goes on with a run may stand in another folder than who has started it.
import {resolve} from 'node:path';
import type {Request} from '../request/schema.ts';
import type {SecretReference} from '../request/secret.ts';

/** @param folder absolute: where a relative path begins; `~` stays who goes on */
export function fromFolder(secret: SecretReference, folder: string): SecretReference {
  if (secret.kind !== 'file' || secret.path === '' || secret.path.startsWith('~/')) return secret;
  return {...secret, path: resolve(folder, secret.path)};
}

/** The same request with all its files by where they are. */
export function requestFrom(request: Request, folder: string): Request {
  const {source, destination} = request;
  return {
    ...request,
    source: {...source, secret: fromFolder(source.secret, folder)},
    destination: {...destination, secret: fromFolder(destination.secret, folder)},
  };
}
