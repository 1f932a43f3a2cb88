// Request types: which provider stands at each end. Office 365 is always one of them.
import {providerOfServer, providers} from './providers/catalogue.ts';
import type {ProviderId} from './providers/provider.ts';

export type RequestType = {
  /** 'O365-IMAP': also how the CSV and the reports write it. */
  readonly code: string;
  /** For people: 'Office 365 to Vaultastic'. */
  readonly label: string;
  readonly source: ProviderId;
  readonly destination: ProviderId;
  /** Other spellings that are understood, most of them LegacyFlo's. */
  readonly aliases: readonly string[];
};

function requestType(source: ProviderId, destination: ProviderId, ...aliases: string[]): RequestType {
  const from = providers[source];
  const to = providers[destination];
  return {
    code: `${from.code}-${to.code}`,
    label: `${from.name} to ${source === destination ? `another ${to.name}` : to.name}`,
    source,
    destination,
    aliases,
  };
}

/** Every request type, the general ones first. */
export const requestTypes: readonly RequestType[] = [
  requestType('o365', 'imap', 'O365-IMAP-IMAP', 'O365-EXCHANGE-IMAP'),
  requestType('imap', 'o365', 'IMAP-O365-IMAP', 'EXCHANGE-O365-IMAP'),
  requestType('o365', 'o365', 'O365-O365-IMAP'),
  requestType('o365', 'vaultastic', 'O365-VAULTASTIC4', 'O365-VAULTASTIC-IMAP'),
  requestType('vaultastic', 'o365', 'VAULTASTIC4-O365', 'VAULTASTIC-O365-IMAP', 'VAULTASTIC4-O365-IMAP'),
  requestType('o365', 'skyconnect', 'O365-MITHI-IMAP', 'O365-MITHI', 'O365-SKYCONNECT-IMAP'),
  requestType('skyconnect', 'o365', 'MITHI-O365-IMAP', 'MITHI-O365', 'SKYCONNECT-O365-IMAP'),
  requestType('o365', 'gmail', 'O365-GMAIL-IMAP'),
  requestType('gmail', 'o365', 'GMAIL-O365-IMAP'),
];

// LegacyFlo says MITHI for either of its two servers; which one it is, the server's name tells.
const mithi = new Set(['O365MITHIIMAP', 'O365MITHI', 'MITHIO365IMAP', 'MITHIO365']);

/** Spelling is free: case, blanks, hyphens, underscores and arrows do not count, and M365 is O365. */
function spelled(text: string): string {
  return text
    .toUpperCase()
    .replace(/[\s_>→-]+/g, '')
    .replace(/MICROSOFT365|OFFICE365|M365/g, 'O365');
}

const bySpelling = new Map<string, RequestType>();
for (const type of requestTypes) {
  for (const name of [type.code, ...type.aliases]) {
    if (!bySpelling.has(spelled(name))) bySpelling.set(spelled(name), type);
  }
}

function between(source: ProviderId, destination: ProviderId): RequestType | undefined {
  return requestTypes.find(type => type.source === source && type.destination === destination);
}

/**
 * The type a text names, by code or alias, in any usual spelling. The servers, where given, settle which of its
 * two servers LegacyFlo's MITHI means. Undefined: no such type.
 */
export function findType(text: string, sourceServer = '', destinationServer = ''): RequestType | undefined {
  const found = bySpelling.get(spelled(text));
  if (found === undefined || !mithi.has(spelled(text))) return found;
  const source = providerOfServer(sourceServer)?.id ?? found.source;
  const destination = providerOfServer(destinationServer)?.id ?? found.destination;
  return [source, destination].includes('vaultastic') ? (between(source, destination) ?? found) : found;
}

/**
 * How a type is best written: its code. LegacyFlo's MITHI stays while neither server says which of the two it means:
 * that server may be given later, for all rows. Undefined: no such type.
 */
export function typeCode(text: string, sourceServer: string, destinationServer: string): string | undefined {
  const found = findType(text, sourceServer, destinationServer);
  if (found === undefined || !mithi.has(spelled(text))) return found?.code;
  const known = [sourceServer, destinationServer].map(server => providerOfServer(server)?.id);
  return known.includes('vaultastic') || known.includes('skyconnect') ? found.code : text;
}

/**
 * The type that follows from the servers, where none is given. An end without a server is taken to be Office 365
 * if the other end is not, since one of them has to be. Undefined: neither end is Office 365, or both are empty.
 */
export function typeFromServers(sourceServer: string, destinationServer: string): RequestType | undefined {
  const given = (server: string) =>
    server.trim() === '' ? undefined : (providerOfServer(server)?.id ?? 'imap');
  const source = given(sourceServer);
  const destination = given(destinationServer);
  if (source === undefined && destination === undefined) return undefined;
  const other = (id: ProviderId) => (id === 'o365' ? 'imap' : 'o365');
  if (source === undefined) return destination && between(other(destination), destination);
  return between(source, destination ?? other(source));
}
