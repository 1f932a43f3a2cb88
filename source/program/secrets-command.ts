// `mailferry secrets`: passwords in the system's keychain, which requests name as keychain:NAME.
import {createInterface} from 'node:readline';
import {cleanText} from '../format/clean.ts';
import type {Keychain} from '../profiles/keychain.ts';
import {KeychainError} from '../profiles/keychain.ts';
import {clearSecretRule, keychainNameRule} from '../request/secret-text.ts';
import {askUnseen, canAsk} from './ask.ts';
import type {System} from './system.ts';
import {UsageProblem} from './system.ts';

type Parts = {readonly keychain: Keychain; readonly system: System; readonly noInput: boolean};

/** @returns what to print @throws UsageProblem, also where there is no keychain */
export async function secretsCommand(positionals: readonly string[], parts: Parts): Promise<string> {
  const [action = 'list', given = ''] = positionals;
  const name = given.trim();
  try {
    if (action === 'list') return listText(await parts.keychain.names());
    const refusal = keychainNameRule(name);
    if (refusal !== undefined) throw new UsageProblem(refusal);
    if (action === 'set') return await set(name, parts);
    if (await parts.keychain.remove(name))
      return `The password "${name}" is removed from the system keychain.\n`;
  } catch (error) {
    if (error instanceof KeychainError) throw new UsageProblem(error.message);
    throw error;
  }
  throw new UsageProblem(
    `The system keychain has no password "${cleanText(name, 100)}" of mailferry. "mailferry secrets list" lists them.`,
  );
}

function listText(names: readonly string[]): string {
  if (names.length === 0)
    return 'The system keychain has no password of mailferry. "mailferry secrets set NAME" puts one there.\n';
  return names.map(name => `${cleanText(name)}\n`).join('');
}

async function set(name: string, {keychain, system, noInput}: Parts): Promise<string> {
  // Before anything is typed in vain.
  await keychain.get(name);
  const secret = await readSecret(name, system, noInput);
  if (secret === '') throw new UsageProblem('No password was given; nothing was kept.');
  const refusal = clearSecretRule(secret);
  if (refusal !== undefined) throw new UsageProblem(refusal);
  await keychain.set(name, secret);
  return `Kept in the system keychain. Write keychain:${name} in place of the password.\n`;
}

/** Typed unseen, or the first line of standard input where that is no terminal: another program's output. */
async function readSecret(name: string, system: System, noInput: boolean): Promise<string> {
  if (system.stdin.isTTY === true) {
    if (canAsk(system, noInput))
      return askUnseen(`Password to keep as "${cleanText(name)}": `, system, 'Cancelled; nothing was kept.');
    throw new UsageProblem(
      'The password must be typed, which --no-input forbids. Give it on standard input: … | mailferry secrets set NAME',
    );
  }
  try {
    for await (const line of createInterface({input: system.stdin})) return line;
    return '';
  } finally {
    // Whoever keeps the other end open does not keep this program.
    system.stdin.destroy();
  }
}
