// The providers by id, and the one a server name belongs to.
import {gmail} from './gmail.ts';
import {imap} from './imap.ts';
import {o365} from './o365.ts';
import type {Provider, ProviderId} from './provider.ts';
import {skyconnect} from './skyconnect.ts';
import {vaultastic} from './vaultastic.ts';

export const providers: Readonly<Record<ProviderId, Provider>> = {o365, imap, vaultastic, skyconnect, gmail};

/** The provider whose own host this is; undefined for every other host, which says nothing about what it runs. */
export function providerOfServer(server: string): Provider | undefined {
  const host = server.trim().toLowerCase().replace(/\.$/, '');
  return Object.values(providers).find(
    provider =>
      provider.hosts.includes(host) || provider.hostDomains.some(domain => host.endsWith(`.${domain}`)),
  );
}
