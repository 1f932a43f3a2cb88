// The command line of `npm run exchange-simulator`.
import {parseArgs} from 'node:util';
import {valuesText} from './quirk-values.ts';
import {hardQuirks, type Quirks, quirkNames, quirks, readQuirk} from './quirks.ts';

export type ByHandOptions = {
  readonly quirks: Partial<Quirks>;
  /** In the largest mailbox. */
  readonly messages: number;
  /** Life of a token, s. */
  readonly tokenSeconds: number;
};

export const usage = `npm run exchange-simulator -- [options]: an Office 365 on this machine, with some well-filled
mailboxes, until Ctrl+C

  --quirk NAME=VALUE    behave so; may be repeated
  --hard                everything a client must withstand, at once
  --messages N          in the largest mailbox (300)
  --token-seconds N     how long a token lives, 60 to 3900 (3900)
  --list                print all quirks
`;

/** A shorter wait than Exchange's five minutes: somebody is looking. */
const byHand: Partial<Quirks> = {password: 'accepted', throttleMs: 20_000};

/**
 * @returns what to do, or a text to print and end
 * @throws Error with a sentence where an option is wrong
 */
export function readByHandOptions(args: readonly string[]): ByHandOptions | string {
  const {values} = parseArgs({
    args: [...args],
    options: {
      quirk: {type: 'string', multiple: true, default: []},
      hard: {type: 'boolean', default: false},
      messages: {type: 'string', default: '300'},
      'token-seconds': {type: 'string', default: '3900'},
      list: {type: 'boolean', default: false},
      help: {type: 'boolean', short: 'h', default: false},
    },
  });
  if (values.help) return usage;
  if (values.list) return listText();
  const own = values.quirk.map(readQuirk);
  return {
    quirks: Object.assign({}, values.hard ? hardQuirks() : {}, byHand, ...own),
    messages: numberOf('--messages', values.messages, 1, 1_000_000),
    tokenSeconds: numberOf('--token-seconds', values['token-seconds'], 60, 3900),
  };
}

function numberOf(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Error(`${option} takes a number from ${least} to ${most}, not "${text}"`);
  return value;
}

function listText(): string {
  const shown = (value: boolean | string | number) =>
    typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
  return quirkNames
    .map(name => {
      const {fact, about, usual, hard} = quirks[name];
      const values = `${valuesText(quirks[name])}; usually ${shown(byHand[name] ?? usual)}, with --hard ${shown(hard)}`;
      return `${name} (${fact})\n  ${about}\n  ${values}\n`;
    })
    .join('');
}
