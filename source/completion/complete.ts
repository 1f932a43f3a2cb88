// What a shell offers for the word under the cursor, from the tables of commands and options. Pure.
import {type CommandName, commands, type Offer, type Positional} from '../command-line/commands.ts';
import {allOptions, choicesOn, isTakenBy, type Option} from '../command-line/option-table.ts';
import {requestTypes} from '../request/types.ts';

export type Candidate = {readonly value: string; readonly help?: string};

/** Names that only this machine knows, each asked for where it is needed. */
export type Known = {profiles(): readonly string[]; runs(): readonly string[]};

export type Completion = {
  /** All begin with the word under the cursor. */
  readonly candidates: readonly Candidate[];
  /** What the shell itself adds. */
  readonly paths?: 'csv' | 'file' | 'folder';
};

const nothing: Completion = {candidates: []};

type Before = {
  readonly positionals: readonly string[];
  readonly given: ReadonlySet<string>;
  /** The option whose value comes next. */
  readonly waiting?: Option;
  /** After --, where nothing is an option any more. */
  readonly literal: boolean;
};

const byName = new Map(allOptions.map(option => [option.name, option]));

function read(words: readonly string[]): Before {
  const positionals: string[] = [];
  const given = new Set<string>();
  let waiting: Option | undefined;
  let literal = false;
  for (const word of words) {
    if (waiting !== undefined) waiting = undefined;
    else if (literal || !word.startsWith('-') || word === '-') positionals.push(word);
    else if (word === '--') literal = true;
    else {
      const [name = '', value] = word.slice(2).split(/=(.*)/s);
      const option = word.startsWith('--') ? byName.get(name) : undefined;
      given.add(name);
      if (option !== undefined && option.kind !== 'switch' && value === undefined) waiting = option;
    }
  }
  return {positionals, given, literal, ...(waiting === undefined ? {} : {waiting})};
}

/** @param words those before the one under the cursor, without the program's name */
export function complete(words: readonly string[], current: string, known: Known): Completion {
  const {positionals, given, waiting, literal} = read(words);
  // "profiles run NAME" is "run NAME", options and all.
  const asRun = positionals[0] === 'profiles' && positionals[1] === 'run';
  const [first, ...rest] = asRun ? positionals.slice(1) : positionals;
  const command = commands.find(each => each.name === first && each.name !== 'guided');
  const name = command?.name ?? 'guided';
  if (waiting !== undefined) return ofOption(waiting, name, current);
  const inline = literal ? null : /^--([^=]+)=(.*)$/s.exec(current);
  if (inline !== null) {
    const option = byName.get(inline[1] ?? '');
    if (option === undefined || option.kind === 'switch') return nothing;
    const {candidates, ...rest} = ofOption(option, name, inline[2] ?? '');
    const whole = candidates.map(each => ({...each, value: `--${option.name}=${each.value}`}));
    return {...rest, candidates: whole};
  }
  if (!literal && current.startsWith('-')) return options(name, rest[0], given, current);
  if (first === undefined) return beginning(commandCandidates, current);
  if (command === undefined) return nothing;
  if (command.actions === undefined) return ofPositional(command.positionals[rest.length], current, known);
  const [typed, ...others] = rest;
  if (typed === undefined)
    return beginning(
      command.actions.map(action => ({value: action.name, help: action.help})),
      current,
    );
  const action = command.actions.find(each => each.name === typed);
  return ofPositional(action?.positionals[others.length], current, known);
}

const commandCandidates: readonly Candidate[] = commands
  .filter(({name}) => name !== 'guided')
  .map(({name, help}) => ({value: name, help}));

function options(
  command: CommandName,
  action: string | undefined,
  given: ReadonlySet<string>,
  current: string,
): Completion {
  const open = allOptions.filter(
    option => isTakenBy(command, option, action) && (option.kind === 'list' || !given.has(option.name)),
  );
  return beginning(
    open.map(({name, help}) => ({value: `--${name}`, help})),
    current,
  );
}

function ofOption(option: Option, command: CommandName, current: string): Completion {
  if (option.kind === 'choice')
    return beginning(
      choicesOn(command, option).map(value => ({value})),
      current,
    );
  const [offer] = ('offers' in option ? option.offers : undefined) ?? [];
  return offer === 'file' || offer === 'folder' || offer === 'csv' ? {candidates: [], paths: offer} : nothing;
}

function ofPositional(positional: Positional | undefined, current: string, known: Known): Completion {
  if (positional === undefined) return nothing;
  const {choices = [], offers = []} = positional;
  const paths = offers.find(offer => offer === 'csv' || offer === 'file' || offer === 'folder');
  const candidates = [...choices.map(value => ({value})), ...offers.flatMap(offer => named(offer, known))];
  return {...beginning(candidates, current), ...(paths === undefined ? {} : {paths})};
}

function named(offer: Offer, known: Known): readonly Candidate[] {
  switch (offer) {
    case 'profile':
      return known.profiles().map(value => ({value, help: 'profile'}));
    case 'run':
      return known.runs().map(value => ({value, help: 'run'}));
    case 'request-type':
      return requestTypes.map(({code, label}) => ({value: code, help: label}));
    case 'command':
      return commandCandidates;
    default:
      return [];
  }
}

function beginning(candidates: readonly Candidate[], current: string): Completion {
  return {candidates: candidates.filter(({value}) => value.startsWith(current))};
}

/** The value of an option among the words; where it is given twice, the last. */
export function optionValue(name: string, words: readonly string[]): string | undefined {
  let found: string | undefined;
  for (const [index, word] of words.entries()) {
    if (word === `--${name}`) found = words[index + 1];
    else if (word.startsWith(`--${name}=`)) found = word.slice(name.length + 3);
  }
  return found;
}
