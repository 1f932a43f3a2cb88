// What mailferry knows about a kind of mail server before it has spoken to one. Data only: one small file each.
import type {Endpoint} from '../schema.ts';

export type ProviderId = Endpoint['provider'];

export type Provider = {
  readonly id: ProviderId;
  /** In request types: the O365 of O365-IMAP. */
  readonly code: string;
  /** For people. */
  readonly name: string;
  /** The server filled in; empty where every customer has another. */
  readonly server: string;
  /** For TLS from the first byte. */
  readonly port: number;
  /** Host names that are this provider's own, lower case. */
  readonly hosts: readonly string[];
  /** Every host below these domains is this provider's own, lower case. */
  readonly hostDomains: readonly string[];
  /** Without a domain the user id alone would be the sign-in name, which this provider does not take. */
  readonly domainNeeded: boolean;
  /** A domain that is also the name of the customer's server. */
  readonly domainIsServer: boolean;
  /** First-level folder names a destination folder must not have, beside those of every provider. */
  readonly reservedFolders: readonly string[];
  readonly example: {readonly userId: string; readonly domain: string; readonly server: string};
  /** What a person should know about its passwords, as advice. */
  readonly passwordAdvice?: string;
};
