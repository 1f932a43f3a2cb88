// What --help prints: the tables of commands.ts, set in at most 80 columns.
import {commands, exitCodes, type Option, optionGroups} from './commands.ts';
import {requestTypes} from './request/types.ts';

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
  return 'default' in option && option.kind !== 'choice' ? `${option.help} (${option.default})` : option.help;
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
    '',
    'Request types',
    ...wrapped(requestTypes.map(type => type.code).join(', '), width - 2).map(line => `  ${line}`),
    ...optionGroups.flatMap(group => [
      '',
      group.title,
      ...table(
        group.options.map((option: Option): [string, string] => [term(option), described(option)]),
        30,
      ),
    ]),
    '',
    'A password is never an option: others could read it. Write env:NAME, file:PATH',
    'or cmd:COMMAND in its place in the CSV, or let mailferry ask for it.',
    '',
    'Exit codes',
    ...table(
      exitCodes.map(({code, meaning}): [string, string] => [`  ${code}`, meaning]),
      7,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
