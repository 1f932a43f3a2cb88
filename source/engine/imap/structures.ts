// What messages of the open mailbox are made of, asked of the server.
import {readStructure, type Structure} from './body-structure.ts';
import {uidInLine} from './responses.ts';
import type {Session} from './session.ts';
import {uidSets} from './uid-set.ts';

/** By UID, as far as the server tells and it can be read. @throws ServerRefused, ConnectionLost */
export async function structuresOf(
  {wire}: Pick<Session, 'wire'>,
  uids: readonly number[],
): Promise<Map<number, Structure>> {
  const found = new Map<number, Structure>();
  for (const set of uidSets(uids))
    await wire.command(`UID FETCH ${set} (UID BODYSTRUCTURE)`, {
      untagged: response => {
        const line = response.lines.join(' ');
        const uid = uidInLine.exec(line)?.[1];
        const at = line.search(/[( ]BODYSTRUCTURE \(/i);
        if (uid === undefined || at === -1 || !/^\* \d+ FETCH /i.test(line)) return false;
        const structure = readStructure(line, line.indexOf('(', at + 1));
        if (structure !== undefined) found.set(Number(uid), structure);
        return true;
      },
    });
  return found;
}
