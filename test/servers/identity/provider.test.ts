// The identity provider under test answers as Microsoft's does, seen with a plain HTTPS client.
import {createHash} from 'node:crypto';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {type Certificates, makeCertificates} from '../certificates.ts';
import {openPage} from './browser.ts';
import {type IdentityProvider, startIdentityProvider} from './provider.ts';
import {TokenTable} from './tokens.ts';

const directory = mkdtempSync(join(tmpdir(), 'identity-'));
const imap = 'https://outlook.office.com/IMAP.AccessAsUser.All';
let certificates: Certificates;
let now = 1_700_000_000_000;
const tokens = new TokenTable(() => now);
let provider: IdentityProvider;

beforeAll(() => {
  certificates = makeCertificates(directory);
});
beforeEach(async () => {
  provider = await startIdentityProvider({
    tokens,
    certificates,
    applications: [
      {id: 'app', secrets: ['right']},
      {id: 'desk', isPublic: true},
    ],
  });
  return () => provider.stop();
});
afterAll(() => rmSync(directory, {recursive: true, force: true}));

const send = (path: string, fields?: Record<string, string>) =>
  openPage(new URL(path, provider.origin).href, certificates.ca, fields);
const post = async (path: string, fields: Record<string, string>) =>
  JSON.parse(await send(`/common/oauth2/v2.0/${path}`, fields)) as Record<string, string>;
const token = (fields: Record<string, string>) => post('token', fields);
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';

describe('the identity provider', () => {
  it('gives an application a token for its secret alone, and only for IMAP', async () => {
    const credentials = {grant_type: 'client_credentials', client_id: 'app', client_secret: 'right'};
    const scope = 'https://outlook.office365.com/.default';
    const given = await token({...credentials, scope});
    expect(tokens.read(given['access_token'] ?? '')).toMatchObject({
      subject: 'app',
      kind: 'app',
      permissions: ['IMAP.AccessAsApp'],
      expires: now + 3_900_000,
    });
    expect(await token({...credentials, scope, client_secret: 'wrong'})).toMatchObject({
      error: 'invalid_client',
      error_codes: [7_000_215],
    });
    expect(
      (await token({...credentials, scope: `${scope} https://graph.microsoft.com/.default`}))[
        'error_description'
      ],
    ).toMatch(/^AADSTS28000:/);
    provider.directory.refuse('app', 7_000_222);
    expect((await token({...credentials, scope}))['error_codes']).toEqual([7_000_222]);
  });

  it('lets a device wait, slow down, and in', async () => {
    const device = await post('devicecode', {client_id: 'desk', scope: `${imap} offline_access`});
    const poll = () =>
      token({grant_type: deviceGrant, client_id: 'desk', device_code: device['device_code'] ?? ''});
    expect((await poll())['error']).toBe('authorization_pending');
    provider.slowDown(device['user_code'] ?? '', 1);
    expect((await poll())['error']).toBe('slow_down');
    provider.approve(device['user_code'] ?? '', 'john@baya.com');
    const given = await poll();
    expect(tokens.read(given['access_token'] ?? '')).toMatchObject({
      subject: 'john@baya.com',
      kind: 'delegated',
      audience: 'https://outlook.office.com',
      permissions: ['IMAP.AccessAsUser.All'],
    });
    expect((await poll())['error']).toBe('invalid_grant');
  });

  it('tells a declined and a late device apart', async () => {
    const ask = () => post('devicecode', {client_id: 'desk', scope: imap});
    const poll = (device: Record<string, string>) =>
      token({grant_type: deviceGrant, client_id: 'desk', device_code: device['device_code'] ?? ''});
    const declined = await ask();
    provider.decline(declined['user_code'] ?? '');
    expect((await poll(declined))['error']).toBe('authorization_declined');
    const late = await ask();
    now += 15 * 60_000;
    expect((await poll(late))['error']).toBe('expired_token');
  });

  it('exchanges a code once, for the one who made the challenge', async () => {
    provider.atBrowser = 'john@baya.com';
    const verifier = 'v'.repeat(43);
    const code = async () => {
      const query = new URLSearchParams({
        client_id: 'desk',
        redirect_uri: 'http://localhost:5000',
        response_mode: 'form_post',
        scope: imap,
        state: 's',
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      const page = await send(`/common/oauth2/v2.0/authorize?${query}`);
      return /name="code" value="([^"]+)"/.exec(page)?.[1] ?? '';
    };
    const exchange = (name: string, code_verifier: string) =>
      token({
        grant_type: 'authorization_code',
        client_id: 'desk',
        redirect_uri: 'http://localhost:5000',
        code: name,
        code_verifier,
      });
    expect((await exchange(await code(), 'w'.repeat(43)))['error']).toBe('invalid_grant');
    const good = await code();
    expect((await exchange(good, verifier))['access_token']).toMatch(/\.simulated-/);
    expect((await exchange(good, verifier))['error']).toBe('invalid_grant');
  });

  it('changes the refresh token at each use, and takes none that was inactive for 90 days', async () => {
    const device = await post('devicecode', {client_id: 'desk', scope: imap});
    provider.approve(device['user_code'] ?? '', 'john@baya.com');
    const first = await token({
      grant_type: deviceGrant,
      client_id: 'desk',
      device_code: device['device_code'] ?? '',
    });
    const refresh = (refresh_token = '') =>
      token({grant_type: 'refresh_token', client_id: 'desk', refresh_token});
    const second = await refresh(first['refresh_token']);
    expect(second['access_token']).toMatch(/\.simulated-/);
    expect((await refresh(first['refresh_token']))['error']).toBe('invalid_grant');
    now += 91 * 24 * 3_600_000;
    expect((await refresh(second['refresh_token']))['error_description']).toMatch(/^AADSTS700082:/);
  });

  it('knows its tenants and applications only', async () => {
    expect(await send('/elsewhere/v2.0/.well-known/openid-configuration')).toContain('AADSTS90002');
    expect((await token({client_id: 'nobody'}))['error_description']).toMatch(/^AADSTS700016:/);
  });
});
