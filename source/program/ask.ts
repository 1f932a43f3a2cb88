// Questions at a terminal outside the screens: a password without echo, a last yes. Prompts go to standard error,
// so that standard output stays data.

import {createInterface, type Interface} from 'node:readline/promises';
import {Writable} from 'node:stream';
import type {Options} from '../command-line/option-table.ts';
import {cleanText} from '../format/clean.ts';
import {asksOf, withSecrets} from '../request/asked-secrets.ts';
import type {Request} from '../request/schema.ts';
import {
  secretPlaces,
  secretReferenceOf,
  textOfSecretReference,
  typedSecretRule,
} from '../request/secret-text.ts';
import {fromFolder} from './from-folder.ts';
import type {System} from './system.ts';
import {Cancelled, UsageProblem} from './system.ts';

/** A person is there to answer. */
export function canAsk(system: System, noInput: boolean): boolean {
  return !noInput && system.stdin.isTTY === true && system.stderr.isTTY === true;
}

/** Asks for every password that is missing, each once, and again where it cannot be one. @throws UsageProblem naming them where nobody can be asked */
export async function askSecrets(
  requests: readonly Request[],
  system: System,
  {noInput, passwordPolicy}: Pick<Options, 'noInput' | 'passwordPolicy'>,
): Promise<readonly Request[]> {
  const asks = asksOf(requests);
  if (asks.length === 0) return requests;
  if (!canAsk(system, noInput)) {
    const named = asks.slice(0, 20).map(ask => `  ${ask.end}: ${ask.login} at ${ask.server}`);
    if (asks.length > named.length) named.push(`  and ${asks.length - named.length} more`);
    throw new UsageProblem(
      [
        'A password is missing and nobody can be asked for it here:',
        ...named,
        `Put it in the column "Source user password" or "Destination user password", best as ${secretPlaces}.`,
      ].join('\n'),
    );
  }
  const rule = (text: string) => typedSecretRule(text, passwordPolicy);
  const secrets = new Map<string, string>();
  for (const ask of asks) {
    const question = `Password for ${cleanText(ask.login)} at ${cleanText(ask.server)} (${ask.end}): `;
    const typed = () => askUnseen(question, system, 'Cancelled; nothing was copied.');
    let text = await typed();
    for (let refusal = rule(text); refusal !== undefined; refusal = rule(text)) {
      // Loaded where somebody mistyped: what measures text takes its time.
      (await import('./tell-person.ts')).tellPerson(refusal, system);
      text = await typed();
    }
    secrets.set(ask.id, placeFromHere(text, system));
  }
  return withSecrets(requests, secrets);
}

/** A file that is typed now is meant from here, wherever the run was first started. */
function placeFromHere(text: string, {files}: System): string {
  const typed = secretReferenceOf(text);
  return typed.kind === 'file' ? textOfSecretReference(fromFolder(typed, files.workingDirectory)) : text;
}

/**
 * The answer is a password: what is typed is not shown.
 * @throws Cancelled with `cancelledWords` at Ctrl+C, and where the terminal has gone
 */
export async function askUnseen(question: string, system: System, cancelledWords: string): Promise<string> {
  system.stderr.write(question);
  const nowhere = new Writable({write: (_chunk, _encoding, done) => done()});
  const lines = createInterface({input: system.stdin, output: nowhere, terminal: true});
  try {
    return await answerTo('', lines, cancelledWords);
  } finally {
    system.stderr.write('\n');
  }
}

/** True for y or yes. @throws Cancelled as `askUnseen` */
export async function confirm(question: string, system: System, cancelledWords: string): Promise<boolean> {
  const lines = createInterface({input: system.stdin, output: system.stderr});
  return /^y(es)?$/i.test((await answerTo(`${question} [y/N] `, lines, cancelledWords)).trim());
}

/** One line; the terminal is as it was before. */
async function answerTo(question: string, lines: Interface, cancelledWords: string): Promise<string> {
  const cancelled = new AbortController();
  // Ctrl+C closes it, Ctrl+D, and the end of the terminal, at which a question would wait for ever.
  lines.once('close', () => cancelled.abort());
  try {
    return await lines.question(question, {signal: cancelled.signal});
  } catch {
    throw new Cancelled(cancelledWords);
  } finally {
    lines.close();
  }
}
