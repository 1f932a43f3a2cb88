// One end of a request: its sign-in name, and what is filled in where the person said nothing.
import type {Answers, End, FieldKey} from './fields.ts';
import {keyOf} from './fields.ts';
import {providers} from './providers/catalogue.ts';
import type {Provider} from './providers/provider.ts';
import {longestTitle} from './rules.ts';
import type {Endpoint} from './schema.ts';
import {findType, type RequestType, typeFromServers} from './types.ts';

/** How the mailbox signs in: john@baya.com, or the user id alone where there is no domain. */
export function loginName(endpoint: Pick<Endpoint, 'userId' | 'domain'>): string {
  return endpoint.domain === '' ? endpoint.userId : `${endpoint.userId}@${endpoint.domain}`;
}

/** The same for the same mailbox at the same server, however it is written. Ledgers and runs are named otherwise. */
export function mailboxKey(endpoint: Pick<Endpoint, 'userId' | 'domain' | 'server' | 'port'>): string {
  return [loginName(endpoint), endpoint.server, endpoint.port].join('\n').toLowerCase();
}

/** A person's own sign-in at Microsoft's page needs none. */
export function usesSecret(auth: string): boolean {
  return auth === 'password' || auth === 'oauth-app';
}

/** What was typed, without the blanks around it. Secrets and folder paths keep theirs: they may mean them. */
export function answered(answers: Answers, key: FieldKey): string {
  const text = answers[key] ?? '';
  if (key === 'sourceSecret' || key === 'destinationSecret') return text;
  if (key === 'destinationFolder' || key === 'sourceFolder') return text.trim() === '' ? '' : text;
  return text.trim();
}

/** The type that was given, or else the one that follows from the servers. */
export function typeOf(answers: Answers): RequestType | undefined {
  const given = answered(answers, 'type');
  const source = answered(answers, 'sourceServer');
  const destination = answered(answers, 'destinationServer');
  return given === '' ? typeFromServers(source, destination) : findType(given, source, destination);
}

/** What the type says this end is; a generic IMAP server where there is no type yet. */
export function providerAt(answers: Answers, end: End): Provider {
  const type = typeOf(answers);
  return providers[type === undefined ? 'imap' : type[end]];
}

/** IMAP's own port is where STARTTLS and plaintext live (RFC 8314 section 3.3 keeps it for them). */
const cleartextPort = '143';

function defaultServer(answers: Answers, end: End): string {
  const provider = providerAt(answers, end);
  if (!provider.domainIsServer) return provider.server;
  const domain = answered(answers, keyOf(end, 'Domain')).toLowerCase();
  return provider.hostDomains.some(known => domain.endsWith(`.${known}`)) ? domain : '';
}

function defaultTitle(answers: Answers): string {
  const login = (end: End) =>
    loginName({
      userId: answered(answers, keyOf(end, 'UserId')),
      domain: answered(answers, keyOf(end, 'Domain')),
    });
  const title = [login('source'), login('destination')].filter(name => name !== '').join(' to ');
  return title.slice(0, longestTitle).toWellFormed();
}

/** What is filled in where nothing was given; '' where there is no default. Follows the other answers. */
export function defaultFor(key: FieldKey, answers: Answers): string {
  switch (key) {
    case 'type':
      return (
        typeFromServers(answered(answers, 'sourceServer'), answered(answers, 'destinationServer'))?.code ?? ''
      );
    case 'title':
      return defaultTitle(answers);
    case 'sourceServer':
      return defaultServer(answers, 'source');
    case 'destinationServer':
      return defaultServer(answers, 'destination');
    case 'sourceAuth':
    case 'destinationAuth':
      return 'password';
    case 'repair':
      return 'none';
    case 'sourcePort':
    case 'destinationPort': {
      const end = key === 'sourcePort' ? 'source' : 'destination';
      const security = answered(answers, keyOf(end, 'Security')).toLowerCase();
      if (security === 'starttls' || security === 'none') return cleartextPort;
      return String(providerAt(answers, end).port);
    }
    case 'sourceSecurity':
    case 'destinationSecurity': {
      const end = key === 'sourceSecurity' ? 'source' : 'destination';
      return answered(answers, keyOf(end, 'Port')) === cleartextPort ? 'starttls' : 'tls';
    }
    default:
      return '';
  }
}

/** What counts for a field: what was given, else its default. */
export function effective(answers: Answers, key: FieldKey): string {
  const given = answered(answers, key);
  return given === '' ? defaultFor(key, answers) : given;
}
