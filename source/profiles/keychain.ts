// The system's own keychain: Keychain on macOS, Credential Manager on Windows, the Secret Service elsewhere. The only
// place that knows @napi-rs/keyring, which is loaded when a keychain is first asked. No message here holds a secret,
// nor the library's own words.

/** Entries of one service, each a secret by its name. Every method rejects with KeychainError where there is no keychain. */
export type Keychain = {
  /** undefined where there is none of that name. */
  get(name: string): Promise<string | undefined>;
  /** Replaces what is there. */
  set(name: string, secret: string): Promise<void>;
  /** False where there was none. */
  remove(name: string): Promise<boolean>;
  /** Sorted. */
  names(): Promise<readonly string[]>;
};

/** Its message is a sentence for a person: what is wrong, and what to do. */
export class KeychainError extends Error {
  override readonly name = 'KeychainError';
}

/** Passwords that a person has put there, by the names they chose. */
export const passwordService = 'mailferry';

// Without it the kernel's keyring is taken where there is no Secret Service: a secret there is gone at the next start.
const options = {linux: {store: 'secret-service'}} as const;

/** @param service keeps one use of the keychain apart from another's names */
export function openKeychain(service: string): Keychain {
  const entry = async (name: string) => {
    const {AsyncEntry} = await load();
    return new AsyncEntry(service, name, options);
  };
  return {
    get: name => attempt(async () => (await (await entry(name)).getPassword()) ?? undefined),
    set: (name, secret) => attempt(async () => (await entry(name)).setPassword(secret)),
    remove: name => attempt(async () => (await entry(name)).deleteCredential()),
    names: () =>
      attempt(async () => {
        const {findCredentialsAsync} = await load();
        const found = await findCredentialsAsync(service);
        return found.map(({account}) => account).sort((one, other) => one.localeCompare(other, 'en'));
      }),
  };
}

async function load() {
  try {
    return await import('@napi-rs/keyring');
  } catch {
    throw new KeychainError(
      `mailferry cannot use the keychain of this kind of machine: @napi-rs/keyring is not made for it. ${instead}`,
    );
  }
}

const instead = 'Use env:NAME, file:PATH or cmd:COMMAND instead.';

async function attempt<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof KeychainError) throw error;
    throw new KeychainError(sentenceFor(error instanceof Error ? error.message : ''));
  }
}

/** The library gives one code for everything, so its words decide. They are not repeated. */
function sentenceFor(words: string): string {
  if (/lock|dismissed|prompt/i.test(words))
    return 'The system keychain is locked and was not unlocked. Sign in to the desktop, or unlock it, and try again.';
  if (/d-?bus|zbus|no result found|AccessDenied|ServiceUnknown|no storage/i.test(words))
    return `There is no system keychain here: no Secret Service answers. It runs in a desktop session (gnome-keyring, KWallet). ${instead}`;
  if (/too long|length|large|attribute/i.test(words))
    return `The system keychain does not take a name or secret that long. ${instead}`;
  return `The system keychain refuses. Try again, or ${instead.charAt(0).toLowerCase()}${instead.slice(1)}`;
}
