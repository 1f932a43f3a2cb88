// `mailferry profiles`: list, show, save, rename, remove, and files to hand to a colleague. `profiles run NAME` is
// `run NAME`: the command line is read so.
import {existsSync, statSync} from 'node:fs';
import {resolve} from 'node:path';
import {allOptions, keyOfOption, type Options, type RunOptions} from '../command-line/option-table.ts';
import {shellWord, type TypedCommand} from '../command-line/typed-command.ts';
import {cleanText} from '../format/clean.ts';
import {codeOf} from '../profiles/error-code.ts';
import type {Profile} from '../profiles/profile.ts';
import {commandsIn, readShared, sentBy, sharedText, weakens} from '../profiles/shared-profile.ts';
import type {Profiles} from '../profiles/store.ts';
import {diskReason} from '../report/report-error.ts';
import {type Answers, fields} from '../request/fields.ts';
import {canAsk, confirm} from './ask.ts';
import {readShortFile} from './read-file.ts';
import {Cancelled, type System, UsageProblem} from './system.ts';

type Parts = {
  readonly profiles: Profiles;
  readonly command: TypedCommand;
  readonly options: Options;
  readonly given: ReadonlySet<keyof Options>;
  readonly system: System;
};

/** @returns what to print @throws UsageProblem, ProfileError */
export async function profilesCommand(positionals: readonly string[], parts: Parts): Promise<string> {
  const [action = 'list', first = '', second] = positionals;
  switch (action) {
    case 'show':
      return showText(known(first, parts));
    case 'save':
      return save(first, second ?? '', parts);
    case 'rename':
      known(first, parts);
      parts.profiles.rename(first, second ?? '');
      return `The profile "${first}" is now "${second}".\n`;
    case 'remove':
      known(first, parts);
      parts.profiles.remove(first);
      return `The profile "${first}" is removed.\n`;
    case 'export':
      return exported(first, second, parts);
    case 'import':
      return imported(first, second, parts);
    default:
      return listText(parts);
  }
}

function known(name: string, {profiles, command}: Pick<Parts, 'profiles' | 'command'>): Profile {
  const profile = profiles.get(name);
  if (profile === undefined)
    throw new UsageProblem(
      `There is no profile "${cleanText(name, 60)}". "${command('profiles')}" lists them.`,
    );
  return profile;
}

function listText({profiles, command}: Parts): string {
  const all = profiles.list();
  if (all.length === 0)
    return `No profile is saved yet. The guided request saves one with Ctrl+S, "${command('profiles save NAME FILE.csv')}" one of a CSV.\n`;
  const width = Math.max(...all.map(each => each.name.length));
  return all
    .map(({name, profile}) => {
      const what =
        profile.kind === 'csv'
          ? profile.path
          : `${endText(profile.answers, 'source')} -> ${endText(profile.answers, 'destination')}`;
      return `${name.padEnd(width)}  ${cleanText(what)}\n`;
    })
    .join('');
}

function endText(answers: Answers, end: 'source' | 'destination'): string {
  const user = answers[`${end}UserId`] ?? '';
  const domain = answers[`${end}Domain`] ?? '';
  return domain === '' ? user : `${user}@${domain}`;
}

/** Fields by their label, options as they are typed. */
function showText(profile: Profile): string {
  const answers = profile.kind === 'csv' ? {} : profile.answers;
  const rows = [
    ...(profile.kind === 'csv' ? [['CSV file', profile.path] as const] : []),
    ...fields.flatMap(({key, label}) =>
      (answers[key] ?? '') === '' ? [] : [[label, answers[key] ?? ''] as const],
    ),
    ...optionRows(profile.options),
  ];
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows
    .map(([label, text]) => `${label.padEnd(width)}  ${cleanText(text)}`.trimEnd().concat('\n'))
    .join('');
}

function optionRows(options: RunOptions): readonly (readonly [string, string])[] {
  return allOptions.flatMap(({name}) => {
    const value = (options as Readonly<Record<string, unknown>>)[keyOfOption(name)];
    if (value === undefined || value === false) return [];
    if (value === true) return [[`--${name}`, ''] as const];
    return (Array.isArray(value) ? value : [value]).map(each => [`--${name}`, String(each)] as const);
  });
}

/** The path of a CSV, and those of the given options that a profile keeps. */
function save(name: string, file: string, {profiles, command, options, given, system}: Parts): string {
  const path = resolve(system.files.workingDirectory, file);
  if (!existsSync(path)) throw new UsageProblem(`There is no file ${path}. Check the name.`);
  if (statSync(path).isDirectory()) throw new UsageProblem(`${path} is a folder. Name the CSV in it.`);
  const before = profiles.get(name);
  const own = allOptions
    .filter(option => option.profile && given.has(keyOfOption(option.name) as keyof Options))
    .map(option => keyOfOption(option.name) as keyof Options)
    .map(key => [key, options[key]]);
  if (before !== undefined && !options.yes)
    throw new UsageProblem(`There is a profile "${name}" already. Add --yes to replace it.`);
  profiles.save(name, {kind: 'csv', path, options: Object.fromEntries(own)});
  return `Saved as "${name}". To carry it out: ${command(`run ${shellWord(name)}`)}\n`;
}

async function exported(name: string, file: string | undefined, parts: Parts): Promise<string> {
  const {options, system} = parts;
  const text = sharedText({name, profile: known(name, parts)});
  if (file === undefined) return text;
  const path = resolve(system.files.workingDirectory, file);
  try {
    await system.files.write(path, Buffer.from(text), options.yes);
  } catch (error) {
    if (codeOf(error) === 'EEXIST')
      throw new UsageProblem(`There is a file ${path} already. Add --yes to replace it.`);
    if (['ENOTFILE', 'EISDIR'].includes(codeOf(error)))
      throw new UsageProblem(`${path} is there already and is no file. Name a file.`);
    throw new UsageProblem(`${path} cannot be written: ${diskReason(error)}.`);
  }
  return `The profile "${name}" is in ${path}, without passwords. "mailferry profiles import" reads it.\n`;
}

async function imported(
  file: string,
  as: string | undefined,
  {profiles, options, system}: Parts,
): Promise<string> {
  const path = resolve(system.files.workingDirectory, file);
  let text: string;
  try {
    text = readShortFile(path);
  } catch (error) {
    if (codeOf(error) === 'EFBIG') throw new UsageProblem(`${path} is too large for a profile.`);
    throw new UsageProblem(`${path} cannot be read: ${diskReason(error)}.`);
  }
  const shared = readShared(text, path);
  const name = as ?? shared.name;
  const replaces = profiles.get(name) !== undefined;
  if (replaces && !options.yes && !canAsk(system, options.noInput))
    throw new UsageProblem(
      `There is a profile "${name}" already. Give another name behind the file, or add --yes to replace it.`,
    );
  const first = replaces ? [`There is a profile "${name}" already: it is replaced.`] : [];
  await agreeTo(shared.profile, first, {options, system});
  profiles.save(name, shared.profile);
  const {profile} = shared;
  return `Saved as "${name}".${profile.kind === 'csv' ? csvHint(profile.path) : ''}\n`;
}

/** What the sender calls by that name may be another file here, and a CSV may run commands too. */
function csvHint(path: string): string {
  const shown = cleanText(path);
  return existsSync(path)
    ? ` It is for ${shown}, which is on this machine: look whether that is the file you mean before you run it.`
    : ` Its CSV is not on this machine: put it at ${shown}, or save the profile again with its place here.`;
}

/** Longer than anything in a profile may be: what is cut off is not seen. */
const whole = 20_000;

/** Whoever sends a profile must not have a command run here unseen, nor have a password of this machine sent to them. */
async function agreeTo(
  profile: Profile,
  first: readonly string[],
  {options, system}: Pick<Parts, 'options' | 'system'>,
): Promise<void> {
  const told = [
    ...first,
    ...listed('This profile runs commands on this machine:', commandsIn(profile)),
    ...listed('This profile sends what is kept on this machine:', sentBy(profile)),
    ...listed('This profile makes connections less safe:', weakens(profile)),
  ].join('\n');
  if (told === '') return;
  if (!options.yes && !canAsk(system, options.noInput))
    throw new UsageProblem(`${told}\nAdd --yes to say that it may.`);
  // Also where --yes was meant for something else.
  system.stderr.write(`${told}\n`);
  if (options.yes) return;
  if (!(await confirm('Take it?', system, 'Not taken.'))) throw new Cancelled('Not taken.');
}

function listed(sentence: string, each: readonly string[]): readonly string[] {
  return each.length === 0 ? [] : [sentence, ...each.map(text => `  ${cleanText(text, whole)}`)];
}
