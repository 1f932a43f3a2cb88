// A secret can be carried about, but not printed: every way of turning it into text gives the mask.
import {inspect} from 'node:util';

export const mask = '••••••';

export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The clear text. Call it where the secret leaves for the server, nowhere else. */
  reveal(): string {
    return this.#value;
  }

  /** The same clear text. */
  equals(other: Secret): boolean {
    return this.#value === other.#value;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}

/**
 * Where a secret comes from. `value`: typed or written in the cell; `env`, `file`, `command`: fetched when first
 * needed; `keychain`: when the run starts; `ask`: not given, so a person is asked (and `--no-input` refuses).
 */
export type SecretReference =
  | {readonly kind: 'value'; readonly secret: Secret}
  | {readonly kind: 'env'; readonly name: string}
  | {readonly kind: 'file'; readonly path: string}
  | {readonly kind: 'command'; readonly command: string}
  | {readonly kind: 'keychain'; readonly name: string}
  | {readonly kind: 'ask'};
