// The Microsoft sign-ins of the program: what the environment says of them, and where they are kept.
import type {AppProof} from '../engine/auth/msal.ts';
import {SignIns} from '../engine/auth/sign-ins.ts';
import type {TokenStore} from '../engine/auth/token-store.ts';
import {openKeychain} from '../profiles/keychain.ts';
import {secretSources} from '../profiles/secret-sources.ts';
import {resolveSecret, SecretError} from '../profiles/secrets.ts';
import {Secret} from '../request/secret.ts';
import {secretReferenceOf} from '../request/secret-text.ts';
import {defaultsOf, given, variables} from './microsoft-environment.ts';
import type {System} from './system.ts';

/**
 * @param remembered what another process of this program remembers, where there is no keychain
 * @throws UsageProblem where the environment says something that cannot be
 */
export function openSignIns(
  {env, files, now, sleep}: Pick<System, 'env' | 'files' | 'now' | 'sleep'>,
  remembered: Iterable<readonly [string, string]> = [],
): KeptSignIns {
  const sources = secretSources(env);
  const certificate = async (path: string): Promise<AppProof> => {
    try {
      return {kind: 'certificate', value: new Secret(Buffer.from(await files.read(path)).toString('utf8'))};
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
      throw new SecretError(
        `The file of ${variables.certificate} cannot be read (${code}). Check its path and rights.`,
      );
    }
  };
  const kept: KeptSignIns = Object.assign(
    new SignIns({
      now,
      sleep,
      defaults: defaultsOf(env),
      proofOf: async ({secret}, signal) => {
        if (secret.kind !== 'ask')
          return {kind: 'secret', value: await resolveSecret(secret, sources, undefined, signal)};
        const path = given(env, 'certificate');
        if (path !== undefined) return certificate(path);
        const reference = secretReferenceOf(given(env, 'secret') ?? '');
        if (reference.kind === 'ask') throw new SecretError(`${variables.secret} is not set.`);
        return {kind: 'secret', value: await resolveSecret(reference, sources, undefined, signal)};
      },
      storeFor: key =>
        keychainStore(key, kept.remembered, where => {
          kept.keptIn = where;
        }),
    }),
    {keptIn: undefined, remembered: new Map(remembered)},
  );
  return kept;
}

export type KeptSignIns = SignIns & {
  /** Where people's sign-ins are kept; undefined as long as none was looked for. */
  keptIn: 'keychain' | 'memory' | undefined;
  /** By name: what no keychain keeps. It is as secret as a password. */
  readonly remembered: Map<string, string>;
};

/** Microsoft sign-ins, apart from the passwords that a person has put there. */
const signInService = 'mailferry-microsoft';

/** An entry of the keychain; where there is none that works, nothing outlives the program. */
function keychainStore(
  key: string,
  remembered: Map<string, string>,
  tell: (where: 'keychain' | 'memory') => void,
): TokenStore {
  const keychain = openKeychain(signInService);
  const name = key.replaceAll('\n', ' ');
  return {
    read: async () => {
      try {
        const text = await keychain.get(name);
        tell('keychain');
        return text ?? remembered.get(name) ?? '';
      } catch {
        tell('memory');
        return remembered.get(name) ?? '';
      }
    },
    write: async text => {
      try {
        await keychain.set(name, text);
      } catch {
        remembered.set(name, text);
        tell('memory');
      }
    },
  };
}

/** Said once somebody has signed in. */
export function keptWords(where: KeptSignIns['keptIn']): string {
  return where === 'keychain'
    ? "It is kept in this computer's keychain, so the next run does not ask."
    : 'There is no keychain here that can be used, so it counts until mailferry ends.';
}
