// SEARCH and UID SEARCH: US-ASCII only, no keywords but $MDNSent, and IMAP4rev2's answer without its list.
import {type Argument, type Command, isList, textOf} from '../../../source/demo/server/commands.ts';
import {inSet} from '../../../source/demo/server/messages.ts';
import {badArgument, no} from './answers.ts';
import type {Connection} from './connection.ts';
import {type Numbered, opened} from './fetching.ts';
import {fieldOf, readEntity} from './mime.ts';
import type {Handler} from './session.ts';

export const searching: Readonly<Record<string, Handler>> = {SEARCH: search, 'UID SEARCH': search};

type Test = (one: Numbered) => boolean;

async function search(connection: Connection, {tag, name, arguments: given}: Command): Promise<string> {
  const {view} = opened(connection);
  const {quirks} = connection;
  const keys = [...given];
  const returns = /^RETURN$/i.test(textOf(keys[0])) && isList(keys[1]);
  if (returns) keys.splice(0, 2);
  if (/^CHARSET$/i.test(textOf(keys[0]))) {
    const [, charset] = keys.splice(0, 2);
    if (quirks.search === 'strict' && !/^US-ASCII$/i.test(textOf(charset)))
      throw no('[BADCHARSET (US-ASCII)] The specified charset is not supported.');
  }
  const test = testOf(keys, {
    last: view.length,
    lastUid: view.at(-1)?.uid ?? 0,
    strict: quirks.search === 'strict',
  });
  const found = view.map((message, index) => ({number: index + 1, message})).filter(test);
  const byUid = name === 'UID SEARCH';
  if ((connection.rev2 || returns) && quirks.rev2Search)
    await connection.untagged(`ESEARCH (TAG "${tag}")${byUid ? ' UID' : ''}`);
  else
    await connection.untagged(
      ['SEARCH', ...found.map(({number, message}) => (byUid ? message.uid : number))].join(' '),
    );
  return 'OK SEARCH completed.';
}

type Bounds = {readonly last: number; readonly lastUid: number; readonly strict: boolean};

/** All of the keys. @throws Refused where one is not known */
function testOf(keys: readonly Argument[], bounds: Bounds): Test {
  const rest = [...keys];
  const tests: Test[] = [];
  while (rest.length > 0) tests.push(nextTest(rest, bounds));
  if (tests.length === 0) throw badArgument();
  return one => tests.every(test => test(one));
}

const flagKeys: Readonly<Record<string, string>> = {
  SEEN: '\\Seen',
  ANSWERED: '\\Answered',
  FLAGGED: '\\Flagged',
  DELETED: '\\Deleted',
  DRAFT: '\\Draft',
};

/** Takes a key and what belongs to it off the list. */
function nextTest(rest: Argument[], bounds: Bounds): Test {
  const first = rest.shift();
  if (isList(first)) return testOf(first, bounds);
  const key = textOf(first).toUpperCase();
  const value = () => textOf(rest.shift());
  if (key === 'ALL') return () => true;
  if (/^[\d:,*]+$/.test(key)) return ({number}) => inSet(key, number, bounds.last);
  const flag = flagKeys[key] ?? flagKeys[key.replace(/^UN/, '')];
  if (flag !== undefined) return ({message}) => message.flags.includes(flag) !== key.startsWith('UN');
  switch (key) {
    case 'NOT': {
      const inner = nextTest(rest, bounds);
      return one => !inner(one);
    }
    case 'OR': {
      const one = nextTest(rest, bounds);
      const other = nextTest(rest, bounds);
      return each => one(each) || other(each);
    }
    case 'UID': {
      const set = value();
      return ({message}) => inSet(set, message.uid, bounds.lastUid);
    }
    case 'KEYWORD':
    case 'UNKEYWORD': {
      const keyword = value();
      if (bounds.strict && keyword !== '$MDNSent') throw badArgument();
      return ({message}) => message.flags.includes(keyword) === (key === 'KEYWORD');
    }
    case 'LARGER':
    case 'SMALLER': {
      const size = Number(value());
      return ({message}) => (key === 'LARGER' ? message.bytes.length > size : message.bytes.length < size);
    }
    case 'SINCE':
    case 'BEFORE':
    case 'ON': {
      const day = dayOf(value());
      return ({message}) => compare(key, dayOf(message.date), day);
    }
    case 'HEADER': {
      const name = value();
      return contains(name, value());
    }
    case 'SUBJECT':
    case 'FROM':
    case 'TO':
    case 'CC':
    case 'BCC':
      return contains(key, value());
  }
  throw badArgument();
}

function contains(field: string, text: string): Test {
  const wanted = text.toLowerCase();
  return ({message}) => {
    const {fields} = readEntity(message.bytes.toString('latin1', 0, 256 * 1024));
    const has = fields.some(each => each.name.toLowerCase() === field.toLowerCase());
    return has && fieldOf(fields, field).toLowerCase().includes(wanted);
  };
}

function compare(key: string, day: number, other: number): boolean {
  if (key === 'ON') return day === other;
  return key === 'SINCE' ? day >= other : day < other;
}

const months = 'janfebmaraprmayjunjulaugsepoctnovdec';

/** The day of an INTERNALDATE or search date as a number that sorts, without regard to its zone. */
function dayOf(date: string): number {
  const [, day, month = '', year] = /^ ?(\d{1,2})-(\w{3})-(\d{4})/.exec(date) ?? [];
  if (year === undefined) throw badArgument();
  return Number(year) * 10_000 + months.indexOf(month.toLowerCase()) * 100 + Number(day);
}
