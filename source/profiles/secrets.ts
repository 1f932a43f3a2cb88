// Fetches a secret from where its reference says: from a keychain when the run starts, else when it is first needed. No
// message here holds any part of one.

import {shellWord} from '../command-line/typed-command.ts';
import {cleanText} from '../format/clean.ts';
import type {FieldRules} from '../request/field-rules.ts';
import {Secret, type SecretReference} from '../request/secret.ts';
import {
  clearSecretRule,
  holdsFormCharacter,
  policySentences,
  secretPlaces,
  secretReferenceRule,
} from '../request/secret-text.ts';
import {codeOf} from './error-code.ts';
import {KeychainError} from './keychain.ts';

export type CommandResult = {
  /** Exit status; null where it was killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly timedOut: boolean;
  /** Killed because it printed far more than a password. */
  readonly tooLong?: boolean;
};

export type SecretSources = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file's text, UTF-8. Rejects with an error that has a `code`. */
  readFile(path: string, stop?: AbortSignal): Promise<string>;
  /** Runs a command line through the shell, with a time limit; `stop` kills it. */
  runCommand(command: string, stop?: AbortSignal): Promise<CommandResult>;
  /** What the system's keychain has under the name. Rejects with KeychainError. */
  readKeychain(name: string): Promise<string | undefined>;
};

/** The secret cannot be had. Its message says what was tried and what to do; it never holds the secret. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

/** A password manager may wait for its owner's touch; longer than this nobody is there. */
export const commandSeconds = 60;

/** Its arguments may hold what the message must not. */
function programOf(command: string): string {
  return cleanText(command.trim().split(/\s+/)[0] ?? '', 60);
}

function checked(secret: string, from: string): Secret {
  if (secret === '') throw new SecretError(`${from} is empty. Put the password there.`);
  if (clearSecretRule(secret) !== undefined) {
    throw new SecretError(
      `${from} holds more than one line, or a control character. Leave only the password there.`,
    );
  }
  return new Secret(secret);
}

async function fromFile(path: string, sources: SecretSources, stop?: AbortSignal): Promise<Secret> {
  const home = sources.env['HOME'] ?? sources.env['USERPROFILE'];
  const whole = path.startsWith('~/') && home !== undefined ? `${home}${path.slice(1)}` : path;
  const shown = `The password file ${cleanText(path, 200)}`;
  let text: string;
  try {
    text = await sources.readFile(whole, stop);
  } catch (error) {
    const code = codeOf(error);
    throw new SecretError(
      code === 'ENOENT'
        ? `${shown} does not exist. Check the path.`
        : `${shown} cannot be read (${cleanText(code, 40)}). Check the path and who owns it.`,
    );
  }
  // Editors end a file with a line break, and some begin it with a byte order mark.
  return checked(text.replace(/^\ufeff/, '').replace(/\r?\n$/, ''), shown);
}

async function fromCommand(command: string, sources: SecretSources, stop?: AbortSignal): Promise<Secret> {
  const shown = `The password command "${programOf(command)}"`;
  let result: CommandResult;
  try {
    result = await sources.runCommand(command, stop);
  } catch (error) {
    throw new SecretError(`${shown} cannot be started (${cleanText(codeOf(error), 40)}).`);
  }
  if (result.timedOut) {
    throw new SecretError(
      `${shown} gave no answer within ${commandSeconds} seconds. Run it by hand to see why.`,
    );
  }
  if (result.tooLong === true) {
    throw new SecretError(`${shown} prints more than a password. Run it by hand to see what.`);
  }
  if (result.status !== 0) {
    const how = result.status === null ? 'was killed' : `ended with status ${result.status}`;
    throw new SecretError(`${shown} ${how}. Run it by hand to see why.`);
  }
  return checked(
    result.stdout.split(/\r?\n/, 1)[0] ?? '',
    `The first line of the password command "${programOf(command)}"`,
  );
}

async function fromKeychain(name: string, sources: SecretSources): Promise<Secret> {
  const shown = cleanText(name, 100);
  let text: string | undefined;
  try {
    text = await sources.readKeychain(name);
  } catch (error) {
    if (error instanceof KeychainError) throw new SecretError(error.message, {cause: error});
    throw error;
  }
  if (text === undefined)
    throw new SecretError(
      `The system keychain has no password "${shown}" of mailferry. Put it there: mailferry secrets set ${shellWord(shown)}`,
    );
  return checked(text, `The password "${shown}" in the system keychain`);
}

/**
 * The secret a reference stands for. Throws SecretError where it cannot be had, and for `ask`: asking is the
 * caller's. `stop`: nobody waits for it any more, so a command is killed.
 */
export async function resolveSecret(
  reference: SecretReference,
  sources: SecretSources,
  passwordPolicy: FieldRules['passwordPolicy'] = 'advise',
  stop?: AbortSignal,
): Promise<Secret> {
  const secret = await fetched(reference, sources, stop);
  // The form could check this of a typed secret only.
  if (passwordPolicy === 'strict' && holdsFormCharacter(secret.reveal())) {
    throw new SecretError(policySentences.strict);
  }
  return secret;
}

async function fetched(
  reference: SecretReference,
  sources: SecretSources,
  stop?: AbortSignal,
): Promise<Secret> {
  const refusal = secretReferenceRule(reference);
  if (refusal !== undefined) throw new SecretError(refusal);
  switch (reference.kind) {
    case 'value':
      return reference.secret;
    case 'env': {
      // 'constructor' is no variable, though every object answers to it.
      const value = Object.hasOwn(sources.env, reference.name) ? sources.env[reference.name] : undefined;
      if (value === undefined) {
        throw new SecretError(
          `The environment variable ${reference.name} is not set. Set it to the password.`,
        );
      }
      return checked(value, `The environment variable ${reference.name}`);
    }
    case 'file':
      return fromFile(reference.path, sources, stop);
    case 'command':
      return fromCommand(reference.command, sources, stop);
    case 'keychain':
      return fromKeychain(reference.name, sources);
    case 'ask':
      throw new SecretError(
        `No password is given. Write ${secretPlaces} for it, or run where it can be asked for.`,
      );
  }
}
