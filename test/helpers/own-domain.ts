// Mailboxes that nobody has used: what a test copied when it was tried before lies in others.
let taken = 0;

/** A domain of its own for each call. A Dovecot without `passwords` has every mailbox of it, empty. */
export function ownDomain(): string {
  taken += 1;
  return `vault${taken}.example`;
}
