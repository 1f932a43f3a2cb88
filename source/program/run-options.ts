// What counts for a run: the command line, then the profile, then the defaults.
import {readFileSync} from 'node:fs';
import type {Options} from '../options.ts';
import type {RunOptions} from '../profiles/profile.ts';
import type {FieldRules} from '../request/fields.ts';
import type {ForAll} from '../request/for-all.ts';
import {UsageProblem} from './system.ts';

const single = ['mailboxes', 'connections', 'memory', 'passwordPolicy', 'ca', 'allowPlaintext'] as const;

/** The options with a profile's own where the command line does not give them; folders of both count. */
export function withProfile(options: Options, given: ReadonlySet<keyof Options>, own: RunOptions): Options {
  const ofProfile = Object.fromEntries(
    single.flatMap(key => (given.has(key) || own[key] === undefined ? [] : [[key, own[key]]])),
  );
  return {
    ...options,
    ...ofProfile,
    include: [...(own.include ?? []), ...options.include],
    exclude: [...(own.exclude ?? []), ...options.exclude],
    withJunk: options.withJunk || (own.withJunk ?? false),
  };
}

export function rulesOf(options: Options): FieldRules {
  return {passwordPolicy: options.passwordPolicy, allowPlaintext: options.allowPlaintext};
}

export function forAllOf({since, before, include, exclude, withJunk}: Options): ForAll {
  const answers = {...(since === undefined ? {} : {since}), ...(before === undefined ? {} : {before})};
  return {answers, include, exclude, withJunk};
}

/** The certificates of the PEM file. @throws UsageProblem where it cannot be read or holds none */
export function readCa({ca}: Pick<Options, 'ca'>): string[] {
  if (ca === undefined) return [];
  let text: string;
  try {
    text = readFileSync(ca, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UsageProblem(`The certificate file ${ca} cannot be read (${code}). Check --ca.`);
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g);
  if (found === null) throw new UsageProblem(`The file ${ca} holds no PEM certificate. Check --ca.`);
  return [...found];
}
