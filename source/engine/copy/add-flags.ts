// Mail that was on its way when a server died may be there without its flags: Dovecot, killed, finds the files again, not
// what its index said of them. What the source has and the copy lacks is added, and nothing is taken away.

import {unlessRefused} from './flag-again.ts';
import {allowedFlags, chooseFlags} from './flags.ts';
import type {FolderWork} from './folder-work.ts';
import {openSource, type Sessions} from './open-ends.ts';

/**
 * The destination folder must be open for writing. Only for mail that has just been sent: of other copies somebody may
 * have changed the flags since.
 * @param found source and destination UID
 * @param flagsThere of the copies, by their UID
 * @param refusedFlags those that the destination takes no message with, lower case
 * @throws ConnectionLost, FolderReplaced; ServerRefused where a server asks to wait
 */
export async function addFlags(
  found: readonly (readonly [number, number])[],
  flagsThere: ReadonlyMap<number, readonly string[]>,
  work: FolderWork,
  sessions: Sessions,
  refusedFlags: ReadonlySet<string>,
): Promise<void> {
  if (found.length === 0) return;
  const {source, target} = sessions;
  await openSource(work, sessions);
  const uids = found.map(([uid]) => uid).sort((one, other) => one - other);
  const flagsHere = await source.flags(uids);
  const allowed = allowedFlags(work.target?.permanentFlags, target.exchange);
  const missing = new Map<string, number[]>();
  for (const [uid, copy] of found) {
    const has = new Set(flagsThere.get(copy)?.map(flag => flag.toLowerCase()));
    for (const flag of chooseFlags(flagsHere.get(uid) ?? [], allowed, refusedFlags).kept) {
      if (has.has(flag.toLowerCase())) continue;
      const copies = missing.get(flag) ?? [];
      missing.set(flag, copies);
      copies.push(copy);
    }
  }
  for (const [flag, copies] of missing)
    await unlessRefused(() =>
      target.addFlag(
        copies.sort((one, other) => one - other),
        flag,
      ),
    );
}
