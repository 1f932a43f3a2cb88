// What outlives the program of somebody's sign-in: MSAL's record of the account with its refresh token, and nothing
// that opens a mailbox by itself.
import type {ICachePlugin} from '@azure/msal-node';

/** A place for one sign-in: the system's keychain, or memory. */
export type TokenStore = {
  /** '' where nothing is kept. */
  read(): Promise<string>;
  /** Keeping is a convenience: where it fails, the program goes on without. */
  write(text: string): Promise<void>;
};

/** MSAL's cache without access tokens and id tokens, which are short-lived and large. */
function withoutTokens(cache: string): string {
  const {AccessToken, IdToken, ...kept} = JSON.parse(cache) as Record<string, unknown>;
  return JSON.stringify(kept);
}

/** Reads the store when MSAL first looks, and writes what has changed. */
export function cachePlugin(store: TokenStore): ICachePlugin {
  let known: string | undefined;
  return {
    beforeCacheAccess: async ({tokenCache}) => {
      if (known !== undefined) return;
      known = await store.read();
      if (known === '') return;
      try {
        tokenCache.deserialize(known);
        // MSAL keeps the text to write it again with what is new: what it can take and not give fails a sign-in later.
        tokenCache.serialize();
      } catch {
        // Of another version, or damaged: as if there were none.
        tokenCache.deserialize('{}');
      }
    },
    afterCacheAccess: async ({cacheHasChanged, tokenCache}) => {
      if (!cacheHasChanged) return;
      const text = withoutTokens(tokenCache.serialize());
      if (text === known) return;
      known = text;
      await store.write(text);
    },
  };
}
