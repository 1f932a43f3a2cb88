// What --help prints, of the program and of one command: the tables of commands.ts and option-table.ts, set in at
// most 80 columns.

import {columnOrder} from '../request/csv/columns.ts';
import {type FieldKey, fieldOf} from '../request/fields.ts';
import {secretPlaces} from '../request/secret-text.ts';
import {requestTypes} from '../request/types.ts';
import {type CommandName, commands, exitCodes} from './commands.ts';
import {type Option, type OptionGroup, optionGroups, optionGroupsOf} from './option-table.ts';

const width = 80;

function wrapped(text: string, room: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Two columns; what is too long for the left one stands on a line of its own. */
function table(rows: readonly (readonly [string, string])[], left: number): string[] {
  return rows.flatMap(([term, text]) => {
    const lines = wrapped(text, width - left);
    const own = term.length > left - 2;
    const indented = lines.map(line => ' '.repeat(left) + line);
    if (own) return [term, ...indented];
    return [term.padEnd(left) + (lines[0] ?? ''), ...indented.slice(1)];
  });
}

function term(option: Option): string {
  const short = option.kind === 'switch' && option.short !== undefined ? `-${option.short}, ` : '';
  if (option.kind === 'switch') return `  ${short}--${option.name}`;
  return `  --${option.name} ${option.kind === 'choice' ? option.choices.join('|') : option.value}`;
}

function described(option: Option): string {
  if (option.kind === 'number')
    return `${option.help}, ${option.least} to ${option.most} (${option.default})`;
  if (option.kind === 'day') return `${option.help}, YYYY-MM-DD`;
  return 'default' in option && option.kind !== 'choice' ? `${option.help} (${option.default})` : option.help;
}

function groupLines(groups: readonly OptionGroup[]): string[] {
  return groups.flatMap(group => [
    '',
    group.title,
    ...table(
      group.options.map((option: Option): [string, string] => [term(option), described(option)]),
      30,
    ),
  ]);
}

function typeLines(): string[] {
  const codes = requestTypes.map(type => type.code).join(', ');
  return ['', 'Request types', ...wrapped(codes, width - 2).map(line => `  ${line}`)];
}

/** The types are listed above. */
function columnHelp(key: FieldKey): string {
  const {help, choices} = fieldOf(key);
  if (choices === undefined || key === 'type') return help;
  return `${help} One of: ${choices.map(choice => choice.value).join(', ')}.`;
}

/** What a CSV has no place for: a comment on each of its columns. */
function columnLines(): string[] {
  return [
    '',
    'Columns',
    ...table(
      columnOrder.map((key): [string, string] => [`  ${fieldOf(key).label}`, columnHelp(key)]),
      30,
    ),
  ];
}

/** Ends with a line break. The README's usage section is this text. */
export function helpText(): string {
  const lines = [
    'mailferry: carry mailboxes between Office 365 and any IMAP server',
    '',
    'Usage',
    ...table(
      commands.map(({usage, help}): [string, string] => [`  mailferry ${usage}`.trimEnd(), help]),
      40,
    ),
    ...typeLines(),
    ...groupLines(optionGroups),
    '',
    ...wrapped(
      `A password is never an option: others could read it. Write ${secretPlaces} in its place in the CSV, or let mailferry ask for it.`,
      width,
    ),
    '',
    'Exit codes',
    ...table(
      exitCodes.map(({code, meaning}): [string, string] => [`  ${code}`, meaning]),
      7,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

/** One command: what it does, its actions, examples, and the options that it takes. Ends with a line break. */
export function commandHelp(name: Exclude<CommandName, 'guided'>): string {
  const found = commands.find(command => command.name === name);
  if (found === undefined) return helpText();
  const {usage, help, about, actions, examples, positionals} = found;
  const lines = [
    ...wrapped(`mailferry ${name}: ${help}`, width),
    '',
    'Usage',
    ...(actions === undefined
      ? [`  mailferry ${usage}`]
      : table(
          actions.map((action): [string, string] => [`  mailferry ${name} ${action.usage}`, action.help]),
          40,
        )),
    ...(about === undefined ? [] : ['', ...wrapped(about, width)]),
    ...(positionals.some(({offers}) => offers?.includes('request-type'))
      ? [...typeLines(), ...columnLines()]
      : []),
    '',
    examples.length === 1 ? 'Example' : 'Examples',
    ...examples.map(line => `  ${line}`),
    ...groupLines(optionGroupsOf(name)),
  ];
  return `${lines.join('\n')}\n`;
}
