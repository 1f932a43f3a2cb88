// How one end is signed in to. The engine asks for a token anew at each connection, so that an expired one is
// never used twice.
import type {Secret} from '../../request/secret.ts';

export type Credentials =
  | {
      readonly kind: 'password';
      readonly user: string;
      /**
       * Fetched when it is first needed, and kept by the giver. Rejects with a sentence for a person. Where `signal`
       * aborts, nobody waits for it any more: what fetches it may be ended.
       */
      readonly password: (signal?: AbortSignal) => Promise<Secret>;
    }
  | {
      readonly kind: 'token';
      readonly user: string;
      /** A valid access token (RFC 6750), renewed by the giver where it must be. */
      readonly accessToken: (signal?: AbortSignal) => Promise<Secret>;
    };
