// Writes requests as CSV: what `mailferry template` prints, and what a face exports.

import {type Answers, type End, type FieldKey, fieldOf, keyOf} from '../fields.ts';
import {providers} from '../providers/catalogue.ts';
import type {RequestType} from '../types.ts';
import {withoutSecrets} from '../without-secrets.ts';
import {columnOrder} from './columns.ts';

/** RFC 4180 section 2: quoted where it must be. Blanks at either end are quoted so that nobody trims them. */
export function writtenCell(text: string): string {
  return /[",;\t\r\n]|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A CSV that `readRequestsCsv` reads back to the same answers. Clear secrets are not written; references are.
 * (The format itself cannot hold an answer that is the word "blank": it means "not given".)
 *
 * @param columns by default the ones that any of the requests has an answer for
 */
export function writeRequestsCsv(requests: readonly Answers[], columns?: readonly FieldKey[]): string {
  const safe = requests.map(withoutSecrets);
  const used = columns ?? columnOrder.filter(key => safe.some(answers => answers[key] !== undefined));
  const rows = [
    used.map(key => fieldOf(key).label),
    ...safe.map(answers => used.map(key => answers[key] ?? '')),
  ];
  return rows.map(row => `${row.map(writtenCell).join(',')}\n`).join('');
}

/** What only few requests need; of a sign-in what Office 365's end needs, where a password does not do. */
function isUsual(key: FieldKey, type: RequestType): boolean {
  if (key === 'repair' || /(?:Security|SignInUser)$/.test(key)) return false;
  if (!/(?:Auth|Tenant|ClientId)$/.test(key)) return true;
  return providers[type[key.startsWith('source') ? 'source' : 'destination']].id === 'o365';
}

function sampleEnd(type: RequestType, end: End): Answers {
  const {example, port} = providers[type[end]];
  const other = end === 'destination' && type.source === type.destination;
  return {
    [keyOf(end, 'UserId')]: example.userId,
    [keyOf(end, 'Domain')]: other ? 'example.com' : example.domain,
    [keyOf(end, 'Secret')]: `env:${end.toUpperCase()}_PASSWORD`,
    [keyOf(end, 'Server')]: example.server,
    [keyOf(end, 'Port')]: String(port),
  };
}

/** A sample of one request of this type, valid as it stands, every usual column in it. */
export function templateCsv(type: RequestType): string {
  const sample: Answers = {
    type: type.code,
    ...sampleEnd(type, 'source'),
    ...sampleEnd(type, 'destination'),
    destinationFolder: fieldOf('destinationFolder').example ?? '',
  };
  return writeRequestsCsv(
    [sample],
    columnOrder.filter(key => isUsual(key, type)),
  );
}
