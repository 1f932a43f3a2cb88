// The token endpoint: client credentials, device code, authorization code with PKCE, refresh with rotation.
import {createHash} from 'node:crypto';
import {isValidAssertion} from './assertion.ts';
import type {Directory} from './directory.ts';
import {type Answer, refusal} from './refusals.ts';
import type {TokenTable} from './tokens.ts';
import {appTokens, type Grant, resourcesOf, userTokens} from './tokens-response.ts';

export type DeviceCode = Omit<Grant, 'expires' | 'user'> & {
  readonly userCode: string;
  readonly expires: number;
  state: 'pending' | 'declined' | {readonly user: string};
  /** slow_down answers still to be given. */
  slowDowns: number;
};

export type AuthorizationCode = Grant & {readonly challenge: string; readonly redirectUri: string};

export type Issued = {
  readonly table: TokenTable;
  readonly directory: Directory;
  readonly devices: Map<string, DeviceCode>;
  readonly codes: Map<string, AuthorizationCode>;
  readonly refreshTokens: Map<string, Grant>;
  /** Life of an access token in s, as it is set now. */
  readonly seconds: () => number;
  readonly origin: string;
};

const ninetyDays = 90 * 24 * 3_600_000;

/** @param url of the endpoint itself, as the client has called it */
export function answerTokenRequest(
  form: URLSearchParams,
  tenant: string,
  url: string,
  issued: Issued,
): Answer {
  const {directory, table} = issued;
  const refuse = (aadsts: number) => refusal(aadsts, table.now());
  const clientId = form.get('client_id') ?? '';
  const application = directory.application(clientId);
  if (application === undefined) return refuse(700016);
  const refused = directory.refusalOf(clientId);
  if (refused !== undefined) return refuse(refused);
  const scopes = (form.get('scope') ?? '').split(' ').filter(scope => scope !== '');
  if (resourcesOf(scopes).length > 1) return refuse(28000);

  const grantType = form.get('grant_type');
  if (grantType === 'client_credentials') {
    const secret = form.get('client_secret');
    const assertion = form.get('client_assertion');
    if (secret === null && assertion === null) return refuse(7000218);
    if (secret !== null && !application.secrets?.includes(secret)) return refuse(7000215);
    if (
      assertion !== null &&
      !isValidAssertion(assertion, {
        clientId,
        certificates: application.certificates ?? [],
        audience: url,
        // The assertion is the client's, which knows only its own clock.
        now: Date.now() / 1000,
      })
    )
      return refuse(700027);
    if (scopes.length !== 1 || scopes[0] !== 'https://outlook.office365.com/.default') return refuse(70011);
    return {status: 200, body: appTokens(table, clientId, issued.seconds())};
  }

  if (application.isPublic !== true) return refuse(7000218);
  const give = (grant: Omit<Grant, 'expires'>): Answer => {
    const about = directory.refusalOf(grant.user);
    if (about !== undefined) return refuse(about);
    const {body, refreshToken} = userTokens(table, grant, issued.seconds(), issued.origin);
    issued.refreshTokens.set(refreshToken, {...grant, expires: table.now() + ninetyDays});
    return {status: 200, body};
  };

  if (grantType === 'urn:ietf:params:oauth:grant-type:device_code' || grantType === 'device_code') {
    const name = form.get('device_code') ?? '';
    const device = issued.devices.get(name);
    if (device === undefined || device.clientId !== clientId) return refuse(70000);
    if (table.now() >= device.expires) return refuse(70019);
    if (device.slowDowns > 0) {
      device.slowDowns--;
      return refuse(90100);
    }
    if (device.state === 'pending') return refuse(70016);
    issued.devices.delete(name);
    if (device.state === 'declined') return refuse(70018);
    return give({clientId, tenant, scopes: device.scopes, user: device.state.user});
  }
  if (grantType === 'authorization_code') {
    const name = form.get('code') ?? '';
    const code = issued.codes.get(name);
    issued.codes.delete(name);
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (
      code === undefined ||
      code.clientId !== clientId ||
      code.redirectUri !== form.get('redirect_uri') ||
      code.challenge !== proof ||
      table.now() >= code.expires
    )
      return refuse(70000);
    return give({clientId, tenant, scopes: code.scopes, user: code.user});
  }
  if (grantType === 'refresh_token') {
    const name = form.get('refresh_token') ?? '';
    const grant = issued.refreshTokens.get(name);
    if (grant === undefined || grant.clientId !== clientId) return refuse(70000);
    if (table.now() >= grant.expires) return refuse(700082);
    const answer = give({clientId, tenant, scopes: grant.scopes, user: grant.user});
    // Rotation: each refresh token serves once.
    if (answer.status === 200) issued.refreshTokens.delete(name);
    return answer;
  }
  return refuse(70000);
}
