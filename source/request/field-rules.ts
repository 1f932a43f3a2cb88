// What counts for the fields of every request here: how strict the program is, and what its surroundings say.
export type FieldRules = {
  readonly passwordPolicy: 'off' | 'advise' | 'strict';
  /** Security `none` is accepted for loopback addresses only, unless this is set. */
  readonly allowPlaintext: boolean;
  /** How a person signs in at Microsoft here, where somebody sits before the screens and says nothing. */
  readonly personalSignIn?: 'oauth-browser' | 'oauth-device';
  /** What the environment says of a Microsoft sign-in, where the request says nothing. */
  readonly microsoft?: {
    readonly tenant?: string;
    readonly clientId?: string;
    /** There is a secret or a certificate of an application. */
    readonly hasProof?: boolean;
  };
};
