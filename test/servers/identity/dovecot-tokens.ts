// Lets a Dovecot take the provider's tokens, by asking it about each (XOAUTH2 alone, as Exchange does).
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import type {IdentityPlace} from './place.ts';
import type {IdentityProvider} from './provider.ts';

/**
 * The further lines of dovecot.conf.
 * @param whose app: the token of an application opens every mailbox; delegated: a user's opens their own
 */
export function takesTokens(
  provider: IdentityProvider,
  place: IdentityPlace,
  whose: 'app' | 'delegated',
): string {
  const file = join(place.directory, `oauth2-${whose}.conf`);
  writeFileSync(
    file,
    `introspection_mode = post
introspection_url = ${provider.origin}/introspect
username_attribute = username
${whose === 'app' ? 'username_format = any' : ''}
active_attribute = active
active_value = true
tls_ca_cert_file = ${place.certificates.caFile}
`,
  );
  return `auth_mechanisms = plain xoauth2
passdb {
  driver = oauth2
  mechanisms = xoauth2
  args = ${file}
}
`;
}
