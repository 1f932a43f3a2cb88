// The rules of what a Microsoft sign-in needs to know. Each gives the sentence that refuses the text, or undefined.
import {copiedRule} from './copied.ts';
import {providers} from './providers/catalogue.ts';
import {domainRule, type Refusal} from './rules.ts';
import {secretPlaces} from './secret-text.ts';

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Not one directory, but all of a kind: people of any of them may sign in, an application may not. */
const manyTenants = ['common', 'organizations', 'consumers'];

/** A directory (tenant), by its id or by one of its domains. */
export function tenantRule(text: string): Refusal {
  if (guid.test(text) || manyTenants.includes(text.toLowerCase())) return undefined;
  return domainRule(text, providers.o365) === undefined
    ? undefined
    : 'The tenant is the directory (tenant) id of the app registration, or a domain of it, for example baya.com.';
}

/** The same for an application that signs in by itself. */
export function appTenantRule(text: string): Refusal {
  return manyTenants.includes(text.toLowerCase())
    ? `App-only sign-in needs the directory itself, not "${text.toLowerCase()}". Give its id or a domain of it.`
    : tenantRule(text);
}

export function clientIdRule(text: string): Refusal {
  return guid.test(text)
    ? undefined
    : 'The client id is the application (client) id of the app registration: 32 hexadecimal digits in five groups.';
}

/** Who signs in for another mailbox. */
export function signInUserRule(text: string): Refusal {
  const [user = '', domain = '', ...rest] = text.split('@');
  const fine =
    rest.length === 0 && user !== '' && !/[\s\p{Cc}]/u.test(user) && copiedRule(user, '') === undefined;
  return fine && domainRule(domain, providers.o365) === undefined
    ? undefined
    : 'The sign-in user is a whole address, for example admin@baya.com.';
}

/** Never in clear: the secret opens every mailbox the application has rights on, and outlives the run. */
export const appSecretSentences = {
  clear: `An application's secret is not written down in clear. Give ${secretPlaces}, or set MAILFERRY_CLIENT_SECRET.`,
  missing: `The application's secret is missing. Give ${secretPlaces}, or set MAILFERRY_CLIENT_SECRET or MAILFERRY_CLIENT_CERTIFICATE.`,
} as const;
