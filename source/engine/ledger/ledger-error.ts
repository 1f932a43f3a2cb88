// Why a ledger cannot be opened.

/** A ledger of which nothing can be used: it may be set aside. */
export type UnusableCode = 'ledger-damaged' | 'ledger-other-pair' | 'ledger-older';

export class LedgerError extends Error {
  readonly code: 'ledger-locked' | 'ledger-newer' | UnusableCode;

  constructor(code: LedgerError['code'], message: string, cause?: unknown) {
    super(message, {cause});
    this.name = 'LedgerError';
    this.code = code;
  }
}
