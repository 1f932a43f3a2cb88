// ENVELOPE of a message (RFC 3501 section 7.4.2).
import {quote} from '../../../source/demo/server/commands.ts';
import {fieldOf, readEntity} from './mime.ts';

export function envelopeOf(bytes: Buffer): string {
  const {fields} = readEntity(bytes.toString('latin1', 0, 256 * 1024));
  const text = (name: string) => {
    const value = fieldOf(fields, name);
    return value === '' ? 'NIL' : quote(value);
  };
  const people = (name: string) => addresses(fieldOf(fields, name));
  const from = people('From');
  const or = (value: string) => (value === 'NIL' ? from : value);
  return `(${[
    text('Date'),
    text('Subject'),
    from,
    or(people('Sender')),
    or(people('Reply-To')),
    people('To'),
    people('Cc'),
    people('Bcc'),
    text('In-Reply-To'),
    text('Message-ID'),
  ].join(' ')})`;
}

function addresses(value: string): string {
  const all = (value.match(/(?:"[^"]*"|[^,"])+/g) ?? []).map(each => each.trim()).filter(each => each !== '');
  if (all.length === 0) return 'NIL';
  return `(${all.map(address).join('')})`;
}

function address(text: string): string {
  const angle = /^(.*)<([^<>]*)>$/.exec(text);
  const name = (angle?.[1] ?? '').trim().replaceAll(/^"|"$/g, '');
  const [local = '', host = '.MISSING-HOST-NAME.'] = (angle?.[2] ?? text).trim().split('@');
  return `(${name === '' ? 'NIL' : quote(name)} NIL ${quote(local)} ${quote(host)})`;
}
