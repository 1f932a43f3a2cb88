// How a secret is written in a cell, a field or a profile, and which secrets are refused. No sentence here ever
// repeats any part of a secret.

import {copiedRule, isQuoted, unseenIn, withoutCopied} from './copied.ts';
import type {FieldRules} from './field-rules.ts';
import type {Refusal} from './rules.ts';
import {Secret, type SecretReference} from './secret.ts';

/** What may be written in place of a secret, in the words of every message about it. */
export const secretPlaces = 'env:NAME, file:PATH, cmd:COMMAND or keychain:NAME';

/** Blanks before it come from a list that was written to be read by people: no password begins like that. */
const reference = /^\s*(env|file|cmd|keychain):(.*)$/s;

/** One of `secretPlaces`, else the secret itself; '' is "ask". */
export function secretReferenceOf(text: string): SecretReference {
  if (text === '') return {kind: 'ask'};
  const [, place, name = ''] = reference.exec(text) ?? [];
  switch (place) {
    case 'env':
      return {kind: 'env', name: name.trim()};
    case 'file':
      return {kind: 'file', path: name.trim()};
    case 'cmd':
      return {kind: 'command', command: name.trim()};
    case 'keychain':
      return {kind: 'keychain', name: name.trim()};
    default:
      return {kind: 'value', secret: new Secret(text)};
  }
}

/** The text that `secretReferenceOf` reads; '' for a clear secret, which is never written down. */
export function textOfSecretReference(reference: SecretReference): string {
  switch (reference.kind) {
    case 'env':
      return `env:${reference.name}`;
    case 'file':
      return `file:${reference.path}`;
    case 'command':
      return `cmd:${reference.command}`;
    case 'keychain':
      return `keychain:${reference.name}`;
    case 'value':
    case 'ask':
      return '';
  }
}

/** The same place, or the same clear text. */
export function isSameSecret(one: SecretReference, other: SecretReference): boolean {
  if (one.kind === 'value' && other.kind === 'value') return one.secret.equals(other.secret);
  return one.kind === other.kind && textOfSecretReference(one) === textOfSecretReference(other);
}

/** True where the text says where the secret is, and is no secret itself. */
export function isSecretReference(text: string): boolean {
  return reference.test(text);
}

/** True where getting at the secret runs a command on this machine. */
export function isCommandReference(text: string): boolean {
  return reference.exec(text)?.[1] === 'cmd';
}

/** A reference that could never give a secret. */
export function secretReferenceRule(reference: SecretReference): Refusal {
  switch (reference.kind) {
    case 'env':
      return /^[A-Za-z_][A-Za-z0-9_]*$/.test(reference.name)
        ? undefined
        : 'After env: comes the name of an environment variable, for example env:SOURCE_PASSWORD.';
    case 'file':
      return reference.path === '' || reference.path.includes('\0')
        ? 'After file: comes the path of a file that holds the password alone.'
        : undefined;
    case 'command':
      return reference.command === '' || reference.command.includes('\0')
        ? 'After cmd: comes a command that prints the password.'
        : undefined;
    case 'keychain':
      return keychainNameRule(reference.name);
    case 'value':
      return writtenRule(reference.secret.reveal());
    case 'ask':
      return undefined;
  }
}

function writtenRule(secret: string): Refusal {
  return copiedPlaceRule(secret) ?? otherLettersRule(secret) ?? clearSecretRule(secret);
}

/** The same in other letters, which is meant for a place: sent as a password, its name would go to the server. */
const inOtherLetters = new RegExp(reference, 'is');

/** What has been fetched from its place may begin as it likes. */
function otherLettersRule(secret: string): Refusal {
  const [, place] = inOtherLetters.exec(secret) ?? [];
  return place === undefined
    ? undefined
    : `Write ${place.toLowerCase()}: in small letters. A password that begins like that itself is given as ${secretPlaces}.`;
}

/** The same behind what came along with a copy. It names that, and the place, but nothing of what could be a password. */
function copiedPlaceRule(secret: string): Refusal {
  const plain = withoutCopied(secret);
  const sentence = copiedRule(secret.trim(), 'The place of the password');
  return sentence === undefined || !inOtherLetters.test(plain)
    ? undefined
    : `${sentence} A password that begins like that itself is given as ${secretPlaces}.`;
}

/** The place that was meant behind what came along with a copy; undefined where it is none, or not right even so. */
export function placeMeant(text: string): string | undefined {
  const plain = withoutCopied(text);
  const isRight = isSecretReference(plain) && secretReferenceRule(secretReferenceOf(plain)) === undefined;
  return plain !== text && isRight ? plain : undefined;
}

/** The name of an entry in the system's keychain. */
export function keychainNameRule(name: string): Refusal {
  if (name === '') return 'After keychain: comes the name that the password has in the system keychain.';
  if (name.length > 100) return 'The name in the system keychain is longer than 100 characters.';
  return /\p{Cc}|\p{Cf}|[\u2028\u2029]/u.test(name) || !name.isWellFormed()
    ? 'The name in the system keychain holds a character that cannot be shown.'
    : undefined;
}

const lineOrControl = /[\u0000-\u001F\u007F-\u009F\u2028\u2029]/;

/** IMAP literals carry every character; control characters and line breaks only come from a bad paste or file. */
export function clearSecretRule(secret: string): Refusal {
  return lineOrControl.test(secret) || !secret.isWellFormed()
    ? 'The password holds a control character or a line break. Give it again without it.'
    : undefined;
}

/**
 * The password policy "form characters". The request form forbids "listed special characters" in a password
 * without giving the list. This is our list: what shells, CSV files and URLs give a meaning to. mailferry sends any
 * of them unharmed, so the policy refuses nothing unless it is set to strict.
 */
const formCharacters = '" \' ` \\ | & ; < > ( ) { } [ ] $ # % * ? ~ ^ , blank';

const formCharacter = /["'`\\|&;<>(){}[\]$#%*?~^,\s]/u;

export function holdsFormCharacter(secret: string): boolean {
  return formCharacter.test(secret);
}

/** What is said of a password that begins or ends with a blank; it is sent as it is. */
export const blankAtAnEnd =
  'The password has a blank before or behind it, which counts as a part of it. Take the blank away unless it is one.';

/** Other languages' Excels have their own words for NAME. */
const spreadsheetErrors = new Set(['#NAME?', '#NOM?', '#NOME?', '#¿NOMBRE?', '#VALUE!', '#REF!', '#DIV/0!']);

/** What a spreadsheet shows in a cell whose formula is none: what was typed there is gone. */
export function isSpreadsheetError(secret: string): boolean {
  return spreadsheetErrors.has(secret.trim());
}

/** What is said of it; it is sent as it is. */
export const lostInExcel =
  'Excel writes this in place of a cell that begins with =, + or -, and the password is lost. Format the column as text and type it again.';

/** What is said of a password that has something of a copy with it; it is sent as it is. */
export function copiedAdvice(text: string): string | undefined {
  const words = unseenIn(text);
  if (isSecretReference(text))
    return words && `The place of the password holds ${words}. Check that it is a part of it.`;
  // Which one it is would be a part of the password.
  if (words !== undefined)
    return 'The password holds a character that nobody can see, which counts as a part of it. Give it again without it unless it is one.';
  return isQuoted(text)
    ? 'The password stands in typographic quotes, which count as a part of it. Take them away unless they are one.'
    : undefined;
}

/** What the policy says where a secret holds one of its characters. */
export const policySentences = {
  advise:
    'The request form forbids some special characters in passwords. This one has some of them: it is sent as it is, nothing needs to change.',
  strict: `The password policy "strict" refuses these characters in a password: ${formCharacters}. Change the password, or use --password-policy advise.`,
} as const;

/** What is wrong with a password, or the place of one, that somebody types when asked for it. */
export function typedSecretRule(text: string, passwordPolicy: FieldRules['passwordPolicy']): Refusal {
  if (text === '') return `The password is missing. Type it, or where it is: ${secretPlaces}.`;
  const typed = secretReferenceOf(text);
  const isStrict = passwordPolicy === 'strict' && typed.kind === 'value' && holdsFormCharacter(text);
  return secretReferenceRule(typed) ?? (isStrict ? policySentences.strict : undefined);
}
