// What counts for a run: the command line, then the profile, then the defaults.
import {resolve} from 'node:path';
import {allOptions, keyOfOption, type Options, type RunOptions} from '../command-line/option-table.ts';
import {certificatesIn} from '../engine/auth/pem.ts';
import {fieldNamed} from '../request/csv/columns.ts';
import type {FieldRules} from '../request/field-rules.ts';
import {fieldOf} from '../request/fields.ts';
import type {ForAll} from '../request/for-all.ts';
import {secretReferenceOf, textOfSecretReference} from '../request/secret-text.ts';
import {setAnswers} from '../request/set-answers.ts';
import {fromFolder} from './from-folder.ts';
import {microsoftRules} from './microsoft-environment.ts';
import {readShortFile} from './read-file.ts';
import {type System, UsageProblem} from './system.ts';

/** The options with a profile's own where the command line does not give them; the folders of both count. */
export function withProfile(options: Options, given: ReadonlySet<keyof Options>, own: RunOptions): Options {
  const chosen: Record<string, unknown> = {...options};
  for (const {name, kind} of allOptions.filter(option => option.profile)) {
    const key = keyOfOption(name) as keyof RunOptions;
    const value = own[key];
    if (value === undefined) continue;
    if (kind === 'list')
      chosen[key] = [...(value as readonly string[]), ...(options[key] as readonly string[])];
    else if (!given.has(key)) chosen[key] = value;
  }
  // The table says which they are, and the types come from it.
  return chosen as Options;
}

/** The files that the command line names by where they are: a later run of the same may begin in another folder. */
export function whereTyped(options: Options, workingDirectory: string): Options {
  const {ca, set} = options;
  return {
    ...options,
    ...(ca === undefined ? {} : {ca: resolve(workingDirectory, ca)}),
    set: set.map(text => {
      const at = text.indexOf('=') + 1;
      const key = fieldNamed(text.slice(0, at - 1));
      if (key === undefined || fieldOf(key).kind !== 'secret') return text;
      const secret = fromFolder(secretReferenceOf(text.slice(at)), workingDirectory);
      return secret.kind === 'file' ? text.slice(0, at) + textOfSecretReference(secret) : text;
    }),
  };
}

/** What a later run needs to go by the same options: those a profile would keep. */
export function keptOptions(options: Options): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    allOptions
      .filter(option => option.profile)
      .map(({name}) => keyOfOption(name) as keyof RunOptions)
      .flatMap(key => (options[key] === undefined ? [] : [[key, options[key]]])),
  );
}

export function rulesOf(options: Options, env: System['env']): FieldRules {
  return {
    passwordPolicy: options.passwordPolicy,
    allowPlaintext: options.allowPlaintext,
    ...microsoftRules(env),
  };
}

/** @throws UsageProblem where a profile that was changed by hand holds what no command line can */
export function forAllOf({since, before, repair, include, exclude, withJunk, set}: Options): ForAll {
  const answers = {
    ...(since === undefined ? {} : {since}),
    ...(before === undefined ? {} : {before}),
    ...(repair === undefined ? {} : {repair}),
  };
  const filled = setAnswers(set);
  if (!filled.ok) throw new UsageProblem(filled.problem);
  return {answers, fill: filled.answers, include, exclude, withJunk};
}

/** The certificates of the PEM file. @throws UsageProblem where it cannot be read or holds none */
export function readCa({ca}: Pick<Options, 'ca'>): string[] {
  if (ca === undefined) return [];
  let text: string;
  try {
    text = readShortFile(ca);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UsageProblem(
      code === 'ENOENT'
        ? `There is no certificate file ${ca}. Check --ca.`
        : code === 'EISDIR'
          ? `${ca} is a folder. Give --ca the PEM file in it.`
          : code === 'EFBIG'
            ? `${ca} is too large for a file of certificates. Check --ca.`
            : `The certificate file ${ca} cannot be read (${code}). Check --ca.`,
    );
  }
  const found = certificatesIn(text);
  if (found.length === 0) throw new UsageProblem(`The file ${ca} holds no PEM certificate. Check --ca.`);
  return found;
}
