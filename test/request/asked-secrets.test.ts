import {describe, expect, it} from 'vitest';
import {asksOf, withSecrets} from '../../source/request/asked-secrets.ts';
import {buildRequest} from '../../source/request/build-request.ts';
import type {Request} from '../../source/request/schema.ts';
import {rules} from '../wizard/fakes.ts';

function request(user: string, secret = ''): Request {
  const built = buildRequest(
    {
      type: 'O365-IMAP',
      sourceUserId: user,
      sourceDomain: 'baya.com',
      sourceSecret: secret,
      destinationUserId: 'archive',
      destinationDomain: 'vault.example',
      destinationServer: 'vault.example',
    },
    rules,
  );
  if (!built.ok) throw new Error(JSON.stringify(built.findings));
  return built.request;
}

describe('asksOf', () => {
  it('asks once for each mailbox without a password', () => {
    const asks = asksOf([request('john'), request('ann', 'env:ANN'), request('john')]);
    expect(asks.map(({login, end}) => [login, end])).toEqual([
      ['john@baya.com', 'source'],
      ['archive@vault.example', 'destination'],
    ]);
  });

  it('gives the answers to all requests of the mailbox and to no other', () => {
    const requests = [request('john'), request('ann', 'env:ANN'), request('john')];
    const [john, archive] = asksOf(requests);
    const given = new Map([
      [john?.id ?? '', 'hunter2'],
      [archive?.id ?? '', 'file:/run/secret'],
    ]);
    const filled = withSecrets(requests, given);
    expect(asksOf(filled)).toEqual([]);
    const secrets = filled.map(({source}) =>
      source.secret.kind === 'value' ? source.secret.secret.reveal() : source.secret.kind,
    );
    expect(secrets).toEqual(['hunter2', 'env', 'hunter2']);
    expect(filled.map(({destination}) => destination.secret)).toEqual(
      Array.from({length: 3}, () => ({kind: 'file', path: '/run/secret'})),
    );
  });
});
