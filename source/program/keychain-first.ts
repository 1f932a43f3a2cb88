// A keychain is unlocked by its owner, and locks itself again: what a run needs of it is read while they are there, not
// at the turn of each mailbox, days later.
import type {Job} from '../engine/ports.ts';
import {KeychainError} from '../profiles/keychain.ts';

/**
 * Fetches the passwords that are in the system's keychain, one after the other: each may be a question to a person. One
 * that cannot be had is asked for again at its turn, and told there.
 * @param ended stops it
 */
export async function readKeychainFirst(jobs: readonly Job[], ended: AbortSignal): Promise<void> {
  for (const {what, credentials} of jobs)
    for (const end of ['source', 'destination'] as const) {
      const {[end]: own} = credentials;
      if (what[end].secret.kind !== 'keychain' || own.kind !== 'password') continue;
      if (ended.aborted) return;
      try {
        await own.password(ended);
      } catch (error) {
        // There is none that can be used, or it was not unlocked: not to be asked as often as there are mailboxes.
        if (error instanceof Error && error.cause instanceof KeychainError) return;
      }
    }
}
