// FETCH and SEARCH over a folder's messages: which ones, and what of them (RFC 3501 sections 6.4.4 and 6.4.5).
import {type Argument, isList, textOf} from './commands.ts';
import type {Folder, StoredMessage} from './store.ts';

/** Whether a number is in a set such as `1:5,7,9:*`, where `*` is `last`. */
export function inSet(set: string, number: number, last: number): boolean {
  return set.split(',').some(range => {
    const [from = 0, to = from] = range.split(':').map(end => (end === '*' ? last : Number(end)));
    return number >= Math.min(from, to) && number <= Math.max(from, to);
  });
}

export type Numbered = {readonly number: number; readonly message: StoredMessage};

/** The messages of a set of UIDs or of sequence numbers. */
export function chosen(folder: Folder, set: string, byUid: boolean): Numbered[] {
  const last = byUid ? folder.uidNext - 1 : folder.messages.length;
  return folder.messages
    .map((message, index) => ({number: index + 1, message}))
    .filter(({number, message}) => inSet(set, byUid ? message.uid : number, last));
}

/** The items of a FETCH command, in upper case but for field names. Undefined where one is not known. */
export function fetchItems(argument: Argument | undefined, byUid: boolean): string[] | undefined {
  const items = (isList(argument) ? argument : [argument ?? '']).map(textOf);
  const known =
    /^(UID|FLAGS|INTERNALDATE|RFC822\.SIZE|BODY(\.PEEK)?\[(HEADER|TEXT|HEADER\.FIELDS \([^)]*\))?\](<\d+\.\d+>)?)$/i;
  if (items.length === 0 || !items.every(item => known.test(item))) return undefined;
  return byUid && !items.some(item => /^UID$/i.test(item)) ? ['UID', ...items] : items;
}

/** The answer to one item, as text and literal bytes. */
export function fetchItem(message: StoredMessage, item: string): (string | Buffer)[] {
  switch (item.toUpperCase()) {
    case 'UID':
      return [`UID ${message.uid}`];
    case 'FLAGS':
      return [`FLAGS (${message.flags.join(' ')})`];
    case 'INTERNALDATE':
      return [`INTERNALDATE "${message.date}"`];
    case 'RFC822.SIZE':
      return [`RFC822.SIZE ${message.bytes.length}`];
  }
  const [, section = '', partial] = /\[(.*)\](?:<(\d+\.\d+)>)?$/.exec(item) ?? [];
  const whole = sectionOf(message.bytes, section);
  if (partial === undefined) return [`BODY[${section}] {${whole.length}}\r\n`, whole];
  const [from = 0, count = 0] = partial.split('.').map(Number);
  const part = whole.subarray(from, from + count);
  return [`BODY[${section}]<${from}> {${part.length}}\r\n`, part];
}

function sectionOf(bytes: Buffer, section: string): Buffer {
  if (section === '') return bytes;
  const empty = bytes.indexOf('\r\n\r\n');
  const header = empty === -1 ? bytes : bytes.subarray(0, empty + 4);
  if (/^HEADER$/i.test(section)) return header;
  if (/^TEXT$/i.test(section)) return bytes.subarray(header.length);
  const wanted = new Set(/\(([^)]*)\)/.exec(section)?.[1]?.toLowerCase().split(' '));
  const fields = header.toString('latin1').split(/\r\n(?![ \t])/);
  const kept = fields.filter(field => wanted.has(field.slice(0, field.indexOf(':')).toLowerCase()));
  return Buffer.from([...kept, '', ''].join('\r\n').replace(/^\r\n\r\n$/, '\r\n'), 'latin1');
}

const months = 'janfebmaraprmayjunjulaugsepoctnovdec';

/** The day of an INTERNALDATE or search date as a number that sorts, without regard to its zone. */
function dayOf(date: string): number {
  const [day = '', month = '', year = ''] = date.trim().slice(0, 11).trim().split('-');
  return Number(year) * 10_000 + months.indexOf(month.toLowerCase()) * 100 + Number(day);
}

/** The messages that all keys match; undefined where a key is not known. */
export function search(folder: Folder, keys: readonly Argument[]): Numbered[] | undefined {
  const last = folder.uidNext - 1;
  let found = chosen(folder, '1:*', false);
  const rest = keys.map(textOf);
  for (let key = rest.shift(); key !== undefined; key = rest.shift()) {
    const name = key.toUpperCase();
    if (name === 'ALL' || name === 'UNDELETED') continue;
    const value = /^[\d:,*]+$/.test(key) ? key : (rest.shift() ?? '');
    if (value === key) found = found.filter(({number}) => inSet(key, number, folder.messages.length));
    else if (name === 'UID') found = found.filter(({message}) => inSet(value, message.uid, last));
    else if (name === 'SINCE') found = found.filter(({message}) => dayOf(message.date) >= dayOf(value));
    else if (name === 'BEFORE') found = found.filter(({message}) => dayOf(message.date) < dayOf(value));
    else if (name === 'HEADER') {
      const text = (rest.shift() ?? '').toLowerCase();
      found = found.filter(({message}) =>
        sectionOf(message.bytes, `HEADER.FIELDS (${value})`).toString('latin1').toLowerCase().includes(text),
      );
    } else return undefined;
  }
  return found;
}
