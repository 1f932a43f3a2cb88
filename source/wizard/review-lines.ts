// The review's words: what is about to happen, never a secret. Pure.
import {mailWords, sizeWords, type Total} from '../check/asked.ts';
import type {PlannedFolder} from '../engine/events.ts';
import {countOf, formatCount} from '../format/count.ts';
import {loginName} from '../request/endpoint.ts';
import {authChoices, securityChoices} from '../request/fields.ts';
import type {Endpoint, Request} from '../request/schema.ts';
import {textOfSecretReference} from '../request/secret-text.ts';
import {foreign} from '../ui/cells.ts';

/** How the mailbox is signed in to, and where the secret comes from: never the secret. */
function signInWords({auth, secret}: Pick<Endpoint, 'auth' | 'secret'>): string {
  const label = authChoices.find(choice => choice.value === auth)?.label ?? auth;
  if (auth !== 'password') return label;
  if (secret.kind === 'value') return `${label}, given`;
  if (secret.kind === 'ask') return `${label}, not given`;
  return `${label} from ${textOfSecretReference(secret)}`;
}

function serverWords({server, port, security}: Pick<Endpoint, 'server' | 'port' | 'security'>): string {
  const label = securityChoices.find(choice => choice.value === security)?.label ?? security;
  return `${server}:${port}, ${security === 'none' ? 'no TLS' : label}`;
}

/** The rows of the review's table: what it is, at the source, at the destination. */
export function reviewRows(request: Request, total?: Total): string[][] {
  const {source, destination} = request;
  const folder = request.destinationFolder;
  const mail = total ? `${mailWords(total)}${sizeWords(total)}` : 'all folders of the rule';
  return [
    ['Mailbox', loginName(source), loginName(destination)],
    ['Server', serverWords(source), serverWords(destination)],
    ['Sign in', signInWords(source), signInWords(destination)],
    ['Mail', mail, folder === '' ? 'to the top of the mailbox' : `below ${folder}`],
  ].map(row => row.map(foreign));
}

/** The filters in a sentence; '' where there are none. */
export function filterWords({since, before, sourceFolder, repair}: Request): string {
  const parts = [
    since === undefined ? '' : `from ${since} on`,
    before === undefined ? '' : `before ${before}`,
    sourceFolder === undefined ? '' : `in ${foreign(sourceFolder)} and below`,
  ].filter(part => part !== '');
  const mends = {lines: 'long lines are', bytes: 'line ends and NUL bytes are', all: 'its bytes are'};
  return [
    ...(parts.length === 0 ? [] : [`Only mail ${parts.join(', ')}.`]),
    ...(repair === undefined ? [] : [`Where a message is refused, ${mends[repair]} mended.`]),
  ].join(' ');
}

/** How many folders go, and those that stay, by name. */
export function leftOutWords(folders: readonly PlannedFolder[], ticked: ReadonlySet<string>): string {
  const left = folders.filter(folder => !ticked.has(folder.source)).map(folder => foreign(folder.source));
  if (left.length === 0) return folders.length === 0 ? '' : `All ${countOf(folders.length, 'folder')} go.`;
  const going = folders.length - left.length;
  return `${formatCount(going)} of ${countOf(folders.length, 'folder')} ${going === 1 ? 'goes' : 'go'}. Left out: ${left.join(', ')}.`;
}
