// The command line: what was asked, typed and checked, or one sentence that says what is wrong.

import {parseArgs} from 'node:util';
import {cleanText} from '../format/clean.ts';
import {nearest} from '../request/nearest.ts';
import {dayRule, periodRule} from '../request/rules.ts';
import {secretPlaces} from '../request/secret-text.ts';
import {setAnswers} from '../request/set-answers.ts';
import {findType, requestTypes} from '../request/types.ts';
import {type Action, type CommandName, commands, type Positional} from './commands.ts';
import {allOptions, choicesOn, isTakenBy, keyOfOption, type Option, type Options} from './option-table.ts';

export type CommandLine =
  | {
      readonly ok: true;
      readonly command: CommandName;
      readonly positionals: readonly string[];
      readonly options: Options;
      /** What --help is about, where one command was meant. */
      readonly topic?: Exclude<CommandName, 'guided'>;
      /** The options that were given, so that a profile's own count where they were not. */
      readonly given: ReadonlySet<keyof Options>;
    }
  | {readonly ok: false; readonly problem: string};

/** Thrown inside this file only; its message is the problem. */
class UsageError extends Error {}

/** Characters of what was typed that a message repeats. */
const longestShown = 60;

const byName = new Map(allOptions.map(option => [option.name, option]));

/** The name alone: what follows = may be a secret. */
function unknown(typed: string): UsageError {
  const name = cleanText(typed, longestShown);
  if (/pass|pwd|secret|token/.test(name)) {
    return new UsageError(
      `There is no option --${name}: other users can see a command line. Write ${secretPlaces} in the CSV, or let mailferry ask.`,
    );
  }
  const near = nearest(name, [...byName.keys()]);
  return new UsageError(
    near === undefined
      ? `There is no option --${name}. "mailferry --help" lists them.`
      : `There is no option --${name}. Did you mean --${near}?`,
  );
}

function typed(option: Option, text: string): string | number {
  switch (option.kind) {
    case 'number': {
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= option.least && value <= option.most) return value;
      throw new UsageError(`--${option.name} takes a whole number from ${option.least} to ${option.most}.`);
    }
    case 'choice':
      if (option.choices.includes(text)) return text;
      throw new UsageError(`--${option.name} is one of ${option.choices.join(', ')}.`);
    case 'day': {
      const refusal = dayRule(text);
      if (refusal !== undefined) throw new UsageError(`--${option.name}: ${refusal}`);
      return text;
    }
    default:
      if (text === '') throw new UsageError(`--${option.name} needs a value.`);
      return text;
  }
}

function defaults(): Record<string, unknown> {
  return Object.fromEntries(
    allOptions.flatMap((option): [string, unknown][] => {
      if (option.kind === 'switch') return [[keyOfOption(option.name), false]];
      if (option.kind === 'list') return [[keyOfOption(option.name), []]];
      return 'default' in option ? [[keyOfOption(option.name), option.default]] : [];
    }),
  );
}

function config() {
  return Object.fromEntries(
    allOptions.map(option => [
      option.name,
      {
        type: option.kind === 'switch' ? ('boolean' as const) : ('string' as const),
        ...(option.kind === 'switch' && option.short !== undefined ? {short: option.short} : {}),
      },
    ]),
  );
}

function read(argv: readonly string[]) {
  // Not strict: its messages quote what was typed, and know neither the nearest name nor the ranges.
  const {tokens, positionals} = parseArgs({
    // It takes short options that stand together apart one by one, at the cost of the square of their number.
    args: argv.map(arg => (/^-[^-]/.test(arg) ? arg.slice(0, 1000) : arg)),
    options: config(),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const values = defaults();
  const given = new Set<string>();
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = byName.get(token.name);
    if (option === undefined) {
      if (token.rawName.startsWith('--')) throw unknown(token.name);
      const name = cleanText(token.name, longestShown);
      throw new UsageError(`There is no option -${name}. "mailferry --help" lists them.`);
    }
    const key = keyOfOption(option.name);
    const again = given.has(key);
    given.add(key);
    if (option.kind === 'switch') {
      if (token.value !== undefined) throw new UsageError(`--${option.name} takes no value.`);
      values[key] = true;
      continue;
    }
    // "--state --yes": the next option is not a folder. "--state=--yes" says that it is.
    if (token.value === undefined || (!token.inlineValue && token.value.startsWith('--'))) {
      throw new UsageError(`--${option.name} needs a value.`);
    }
    const value = typed(option, token.value);
    if (option.kind === 'list') values[key] = [...(values[key] as unknown[]), value];
    else if (again && values[key] !== value) throw new UsageError(`--${option.name} is given twice.`);
    else values[key] = value;
  }
  // The table and the type say the same; a test holds them together.
  return {options: values as Options, given: given as Set<keyof Options>, positionals};
}

/** @param spoken what was typed so far: 'profiles show' */
function checkCount(
  spoken: string,
  usage: string,
  {positionals, needed}: Pick<Action, 'positionals' | 'needed'>,
  given: readonly string[],
): void {
  const how = `Usage: mailferry ${usage}`;
  const missing: Positional | undefined = given.length < needed ? positionals[given.length] : undefined;
  if (missing !== undefined) throw new UsageError(`"mailferry ${spoken}" needs ${missing.what}. ${how}`);
  if (given.length > positionals.length)
    throw new UsageError(`"mailferry ${spoken}" takes nothing more than that. ${how}`);
}

function checkPositionals(command: CommandName, positionals: readonly string[]): void {
  const found = commands.find(each => each.name === command);
  if (found === undefined) return;
  const [first = '', ...rest] = positionals;
  if (found.actions !== undefined && positionals.length > 0) {
    const action = found.actions.find(each => each.name === first);
    if (action === undefined) throw unknownAction(command, found.actions, first);
    checkCount(`${command} ${action.name}`, `${command} ${action.usage}`, action, rest);
    return;
  }
  checkCount(command, found.usage, found, positionals);
  for (const [index, {choices, what}] of found.positionals.entries()) {
    const typed = positionals[index];
    if (choices !== undefined && typed !== undefined && !choices.includes(typed))
      throw new UsageError(`"mailferry ${command}" takes ${what}. Usage: mailferry ${found.usage}`);
  }
  if (command === 'template' && findType(first) === undefined) {
    const codes = requestTypes.map(type => type.code);
    const near = nearest(first.toUpperCase(), codes);
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    throw new UsageError(`There is no such request type.${hint} There are ${codes.join(', ')}.`);
  }
}

function unknownAction(command: CommandName, actions: readonly Action[], typed: string): UsageError {
  const names = actions.map(action => action.name);
  const near = nearest(typed.toLowerCase(), names);
  const known = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return new UsageError(
    near === undefined
      ? `"mailferry ${command}" knows ${known}.`
      : `"mailferry ${command}" knows ${known}. Did you mean "mailferry ${command} ${near}"?`,
  );
}

/** What would have no effect is refused: the person meant it to have one. */
function checkTaken(
  command: CommandName,
  {options, given}: {readonly options: Options; readonly given: ReadonlySet<string>},
  action = '',
): void {
  const stray = allOptions.find(
    option => given.has(keyOfOption(option.name)) && !isTakenBy(command, option, action),
  );
  const spoken = command === 'guided' ? 'mailferry' : `mailferry ${command}`;
  if (stray !== undefined)
    throw new UsageError(
      `"${spoken}" does not take --${stray.name}. "${spoken} --help" lists what it takes.`,
    );
  for (const option of allOptions) {
    if (option.kind !== 'choice') continue;
    const value = options[keyOfOption(option.name) as keyof Options];
    const choices = choicesOn(command, option);
    if (value !== undefined && !choices.includes(String(value)))
      throw new UsageError(`"${spoken}" takes --${option.name} ${choices.join(', ')} only.`);
  }
}

function commandOf(text: string | undefined): CommandName {
  if (text === undefined) return 'guided';
  const found = commands.find(command => command.name === text && command.name !== 'guided');
  if (found !== undefined) return found.name;
  if (/\.csv$/i.test(text))
    throw new UsageError('To carry out a CSV file, write "mailferry run" before its name.');
  const near = nearest(
    text.toLowerCase(),
    commands.map(command => command.name).filter(name => name !== 'guided'),
  );
  throw new UsageError(
    near === undefined
      ? 'There is no such command. "mailferry --help" lists them.'
      : `There is no such command. Did you mean "mailferry ${near}"?`,
  );
}

/** @param argv without the program's own name */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  try {
    const {options, given, positionals} = read(argv);
    const [first, ...rest] = positionals;
    if (options.version) return {ok: true, command: 'guided', positionals: [], options, given};
    const command = commandOf(first);
    if (command === 'help' || options.help) {
      if (command === 'help') checkPositionals(command, rest);
      const topic = command === 'help' ? commandOf(rest[0]) : command;
      const asked = {ok: true, command: 'help', positionals: [], options, given} as const;
      return topic === 'guided' ? asked : {...asked, topic};
    }
    checkPositionals(command, rest);
    if (command === 'profiles' && rest[0] === 'run') {
      checkTaken('run', {options, given});
      return {ok: true, command: 'run', positionals: rest.slice(1), options, given};
    }
    checkTaken(command, {options, given}, rest[0]);
    if (options.since !== undefined && options.before !== undefined) {
      const refusal = periodRule(options.since, options.before);
      if (refusal !== undefined) throw new UsageError(refusal);
    }
    const set = setAnswers(options.set);
    if (!set.ok) throw new UsageError(set.problem);
    return {ok: true, command, positionals: rest, options, given};
  } catch (error) {
    if (error instanceof UsageError) return {ok: false, problem: error.message};
    throw error;
  }
}
