// The fields of a request: one definition for the wizard's step, the CSV column and the error text.
import type {Request} from './schema.ts';

export type FieldKey =
  | 'title'
  | 'type'
  | 'sourceUserId'
  | 'sourceDomain'
  | 'sourceAuth'
  | 'sourceSecret'
  | 'sourceServer'
  | 'sourcePort'
  | 'sourceSecurity'
  | 'destinationUserId'
  | 'destinationDomain'
  | 'destinationAuth'
  | 'destinationSecret'
  | 'destinationServer'
  | 'destinationPort'
  | 'destinationSecurity'
  | 'destinationFolder'
  | 'since'
  | 'before'
  | 'sourceFolder';

/** What was typed, as text. A missing key and '' both mean "not given"; the default then applies. */
export type Answers = Readonly<Partial<Record<FieldKey, string>>>;

export type Field = {
  readonly key: FieldKey;
  /** The form's label, also the canonical CSV column: 'Source user id'. */
  readonly label: string;
  /** The same in the wizard, where the end is already said: 'User id'. */
  readonly short: string;
  readonly group: 'type' | 'source' | 'destination' | 'filters';
  readonly kind: 'text' | 'secret' | 'choice';
  readonly choices?: readonly {readonly value: string; readonly label: string}[];
  /** One sentence under the field. */
  readonly help: string;
  readonly example?: string;
};

export type Finding = {
  /** An error refuses the request; advice does not. */
  readonly severity: 'error' | 'advice';
  /** What is wrong, then what to do. Never holds a secret. */
  readonly sentence: string;
  /** What Tab takes over: 'use john, baya.com'. */
  readonly fix?: {readonly label: string; readonly answers: Answers};
};

export type FieldRules = {
  readonly passwordPolicy: 'off' | 'advise' | 'strict';
  /** Security `none` is accepted for loopback addresses only, unless this is set. */
  readonly allowPlaintext: boolean;
};

export type Built =
  | {
      readonly ok: true;
      readonly request: Request;
      readonly advice: readonly {key: FieldKey; finding: Finding}[];
    }
  | {readonly ok: false; readonly findings: readonly {key: FieldKey; finding: Finding}[]};
