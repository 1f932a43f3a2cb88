// Microsoft's identity provider on loopback: device code, authorization code with PKCE, client credentials with
// secret or certificate, refresh with rotation, refusals with their AADSTS numbers. HTTPS, as MSAL insists on.
import {randomInt, randomUUID} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {createServer} from 'node:https';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';
import type {Certificates} from '../certificates.ts';
import {type Application, Directory} from './directory.ts';
import {type Answer, refusal} from './refusals.ts';
import {type AuthorizationCode, answerTokenRequest, type DeviceCode} from './token-endpoint.ts';
import type {TokenTable} from './tokens.ts';
import {type Grant, resourcesOf} from './tokens-response.ts';

export type IdentityOptions = {
  readonly tokens: TokenTable;
  readonly certificates: Pick<Certificates, 'certificateFile' | 'keyFile'>;
  readonly applications: readonly Application[];
  /** Known beside common, organizations and consumers. */
  readonly tenants?: readonly string[];
  /** Life of an access token in s, 60 to 3900 as Microsoft's; 3900 where not given. */
  readonly tokenSeconds?: number;
  /** s between two polls of a device code; 5 where not given. */
  readonly interval?: number;
};

/** One request for a token, without any secret of it. */
export type TokenRequest = {readonly grant: string; readonly clientId: string; readonly error?: string};

export type IdentityProvider = {
  /** 'https://localhost:PORT': what the authority begins with. */
  readonly origin: string;
  readonly directory: Directory;
  /** What was asked at the token endpoint, in its order. */
  readonly requests: readonly TokenRequest[];
  /** From now on tokens live so long, in s. */
  tokenSeconds: number;
  /** Device codes that nobody has answered. */
  userCodes(): readonly string[];
  /** The user types the code and says yes. */
  approve(userCode: string, user: string): void;
  decline(userCode: string): void;
  /** The next polls for this code are told to slow down. */
  slowDown(userCode: string, times: number): void;
  /** Who signs in at the browser's page; undefined declines. */
  atBrowser: string | undefined;
  /** Ends every refresh token: a password reset, or a revoked session. */
  revokeAll(): void;
  stop(): Promise<void>;
};

const codeMinutes = 15;

export async function startIdentityProvider(options: IdentityOptions): Promise<IdentityProvider> {
  const {tokens: table, certificates} = options;
  const directory = new Directory(options.tenants ?? [], options.applications);
  const devices = new Map<string, DeviceCode>();
  const codes = new Map<string, AuthorizationCode>();
  const refreshTokens = new Map<string, Grant>();
  const requests: TokenRequest[] = [];
  const server = createServer({
    cert: readFileSync(certificates.certificateFile),
    key: readFileSync(certificates.keyFile),
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const origin = `https://localhost:${(server.address() as AddressInfo).port}`;

  const deviceOf = (userCode: string): DeviceCode => {
    const found = [...devices.values()].find(each => each.userCode === userCode);
    if (found === undefined) throw new Error(`There is no device code ${userCode}`);
    return found;
  };

  const provider: IdentityProvider = {
    origin,
    directory,
    requests,
    tokenSeconds: options.tokenSeconds ?? 3900,
    userCodes: () =>
      [...devices.values()].filter(each => each.state === 'pending').map(each => each.userCode),
    approve: (userCode, user) => {
      deviceOf(userCode).state = {user};
    },
    decline: userCode => {
      deviceOf(userCode).state = 'declined';
    },
    slowDown: (userCode, times) => {
      deviceOf(userCode).slowDowns = times;
    },
    atBrowser: undefined,
    revokeAll: () => refreshTokens.clear(),
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const issued = {
    table,
    directory,
    devices,
    codes,
    refreshTokens,
    origin,
    seconds: () => provider.tokenSeconds,
  };

  function metadata(tenant: string): Answer {
    const base = `${origin}/${tenant}`;
    return {
      status: 200,
      body: {
        issuer: `${base}/v2.0`,
        authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
        token_endpoint: `${base}/oauth2/v2.0/token`,
        device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
        jwks_uri: `${base}/discovery/v2.0/keys`,
      },
    };
  }

  function newDeviceCode(form: URLSearchParams, tenant: string): Answer {
    const clientId = form.get('client_id') ?? '';
    const application = directory.application(clientId);
    if (application === undefined) return refusal(700016, table.now());
    const refused = directory.refusalOf(clientId);
    if (refused !== undefined) return refusal(refused, table.now());
    const scopes = (form.get('scope') ?? '').split(' ').filter(scope => scope !== '');
    if (resourcesOf(scopes).length > 1) return refusal(28000, table.now());
    const deviceCode = randomUUID();
    const userCode = Array.from({length: 9}, () => 'BCDFGHJKLMNPQRSTVWXZ23456789'[randomInt(28)]).join('');
    devices.set(deviceCode, {
      clientId,
      tenant,
      scopes,
      userCode,
      expires: table.now() + codeMinutes * 60_000,
      state: 'pending',
      slowDowns: 0,
    });
    return {
      status: 200,
      body: {
        user_code: userCode,
        device_code: deviceCode,
        verification_uri: `${origin}/device`,
        expires_in: codeMinutes * 60,
        interval: options.interval ?? 5,
        message: `To sign in, use a web browser to open the page ${origin}/device and enter the code ${userCode} to authenticate.`,
      },
    };
  }

  /** For a mail server that asks whether a token counts (RFC 7662), and whose it is. */
  function introspect(token: string): Answer {
    const about = table.read(token);
    if (about === undefined || about.expires <= table.now()) return {status: 200, body: {active: false}};
    const username = about.kind === 'app' ? 'any' : about.subject;
    return {status: 200, body: {active: true, username, exp: Math.floor(about.expires / 1000)}};
  }

  /** The page on which the person has signed in already: a form that posts itself to the redirect address. */
  function authorize(query: URLSearchParams, tenant: string): string {
    const redirectUri = query.get('redirect_uri') ?? '';
    const clientId = query.get('client_id') ?? '';
    const application = directory.application(clientId);
    const loopback = /^http:\/\/localhost(:\d+)?\/?$/.test(redirectUri);
    const wrong =
      application === undefined
        ? 700016
        : loopback
          ? directory.refusalOf(clientId, provider.atBrowser ?? '')
          : 50011;
    const plain = (aadsts: number) =>
      `<p>${(refusal(aadsts, table.now()).body as {error_description: string}).error_description}</p>`;
    // These are told to the person, not to the application.
    if (wrong === 700016 || wrong === 50011) return plain(wrong);
    const answer: Record<string, string> = {state: query.get('state') ?? ''};
    const refused = wrong ?? (provider.atBrowser === undefined ? 65004 : undefined);
    if (refused !== undefined) {
      const {error, error_description} = refusal(refused, table.now()).body as Record<string, string>;
      Object.assign(answer, {error, error_description});
    } else {
      if (query.get('response_mode') !== 'form_post' || query.get('code_challenge_method') !== 'S256')
        return plain(70000);
      const code = randomUUID();
      codes.set(code, {
        clientId,
        tenant,
        user: provider.atBrowser ?? '',
        scopes: (query.get('scope') ?? '').split(' '),
        challenge: query.get('code_challenge') ?? '',
        redirectUri,
        expires: table.now() + 600_000,
      });
      Object.assign(answer, {code});
    }
    const inputs = Object.entries(answer).map(
      ([name, value]) => `<input type="hidden" name="${name}" value="${value.replaceAll('"', '&quot;')}">`,
    );
    return `<form method="post" action="${redirectUri}">${inputs.join('')}</form><script>document.forms[0].submit()</script>`;
  }

  server.on('request', (request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '/', origin);
      const [, tenant = '', ...rest] = url.pathname.split('/');
      const path = rest.join('/');
      const form = new URLSearchParams(request.method === 'POST' ? await text(request) : '');
      let answer: Answer | undefined;
      if (url.pathname === '/introspect') answer = introspect(form.get('token') ?? '');
      else if (!directory.tenants.includes(decodeURIComponent(tenant).toLowerCase()))
        answer = refusal(90002, table.now());
      else if (path === 'v2.0/.well-known/openid-configuration') answer = metadata(tenant);
      else if (path === 'oauth2/v2.0/devicecode') answer = newDeviceCode(form, tenant);
      else if (path === 'oauth2/v2.0/token') {
        answer = answerTokenRequest(form, tenant, `${origin}${url.pathname}`, issued);
        const error = (answer.body as {error?: string}).error;
        requests.push({
          grant: form.get('grant_type') ?? '',
          clientId: form.get('client_id') ?? '',
          ...(error === undefined ? {} : {error}),
        });
      } else if (path === 'oauth2/v2.0/authorize') {
        response.writeHead(200, {'content-type': 'text/html; charset=utf-8'});
        response.end(authorize(url.searchParams, tenant));
        return;
      }
      response.writeHead(answer?.status ?? 404, {'content-type': 'application/json'});
      response.end(JSON.stringify(answer?.body ?? {error: 'not_found'}));
    })().catch(() => response.destroy());
  });
  return provider;
}
