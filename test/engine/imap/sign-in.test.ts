import {expect, test} from 'vitest';
import type {Credentials} from '../../../source/engine/auth/credentials.ts';
import {CredentialsMissing, signIn} from '../../../source/engine/imap/sign-in.ts';
import {credentialsOf} from '../../../source/program/credentials.ts';
import type {Endpoint} from '../../../source/request/schema.ts';

const endpoint: Endpoint = {
  provider: 'imap',
  server: 'localhost',
  port: 1,
  security: 'tls',
  userId: 'john',
  domain: 'baya.com',
  auth: 'password',
  secret: {kind: 'command', command: 'pass show mail'},
};
const options = {connectMs: 1000, inactivityMs: 1000, version: '0'};

test('a stop does not wait for a secret, and ends what fetches it', async () => {
  const stop = new AbortController();
  let killed = false;
  const credentials = credentialsOf(endpoint, {
    env: {},
    readFile: () => Promise.resolve(''),
    runCommand: (_, signal) =>
      new Promise(resolve => {
        signal?.addEventListener('abort', () => {
          killed = true;
          resolve({status: null, stdout: '', timedOut: false});
        });
      }),
  });
  const signing = signIn('source', endpoint, credentials, options, stop.signal);
  stop.abort();
  await expect(signing).rejects.toMatchObject({name: 'AbortError'});
  expect(killed).toBe(true);
});

test('also where the giver of the secret does not listen', async () => {
  const stop = new AbortController();
  const credentials: Credentials = {
    kind: 'password',
    user: 'john@baya.com',
    password: () => new Promise(() => undefined),
  };
  const signing = signIn('source', endpoint, credentials, options, stop.signal);
  stop.abort();
  await expect(signing).rejects.toMatchObject({name: 'AbortError'});
});

test('a secret that cannot be had is told as such', async () => {
  const credentials: Credentials = {
    kind: 'password',
    user: 'john@baya.com',
    password: () => Promise.reject(new Error('The password file /x does not exist.')),
  };
  const signing = signIn('source', endpoint, credentials, options, new AbortController().signal);
  await expect(signing).rejects.toBeInstanceOf(CredentialsMissing);
});
