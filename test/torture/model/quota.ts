// A mailbox that is full, and has room again: by mail of other people's that nobody copies.
import type {ImapConnection} from '../../helpers/imap.ts';
import {bigMessage} from '../../helpers/mail-corpus.ts';

const folder = 'Ballast';
/** Bytes left free: some small messages still go in. */
const left = 20_000;
const largest = 3_000_000;

/** Does nothing where there is no quota. */
export async function fillUp(connection: ImapConnection): Promise<void> {
  await connection.command(`CREATE "${folder}"`).catch(() => undefined);
  for (let free = await freeBytes(connection); free > left; free = await freeBytes(connection)) {
    const bytes = Math.min(largest, Math.max(free - left / 2, left / 2));
    await connection.append(folder, [bigMessage(bytes * 0.95, 1)]);
  }
}

export async function makeRoom(connection: ImapConnection): Promise<void> {
  await connection.command(`DELETE "${folder}"`).catch(() => undefined);
}

/** As QUOTA says it, in units of 1024; 0 where it does not. */
async function freeBytes(connection: ImapConnection): Promise<number> {
  if (!connection.capabilities.has('QUOTA')) return 0;
  for (const [kind, , resources] of await connection.command('GETQUOTAROOT "INBOX"')) {
    if (kind !== 'QUOTA' || !Array.isArray(resources)) continue;
    const at = resources.indexOf('STORAGE');
    if (at !== -1) return (Number(resources[at + 2]) - Number(resources[at + 1])) * 1024;
  }
  return 0;
}
