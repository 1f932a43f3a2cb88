// How one end is signed in to. The engine asks for a token anew at each connection, so that an expired one is
// never used twice.
import type {Secret} from '../../request/secret.ts';

export type AccessToken = {
  readonly secret: Secret;
  /** ms since 1970: from then on a connection that was signed in with it is better replaced, while it still works. */
  readonly renewAt?: number;
};

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
      /**
       * A valid access token (RFC 6750), renewed by the giver where it must be. Rejects with SignInRefused or
       * SignInUnreachable, or with a sentence for a person.
       */
      readonly accessToken: (signal?: AbortSignal) => Promise<AccessToken>;
      /**
       * The server says that a token has expired, whatever the clock says: the next one is new.
       * @param renewAt that token's, where it is known: a newer one still counts
       */
      readonly tokenExpired: (renewAt?: number) => void;
    };
