// Whether a destination takes folders for one whose names differ in case only. No server says so: it is asked for a folder
// by the name in the other case, and only where some of the names here differ so.
import {differInCaseOnly, inOtherCase} from '../folders/case.ts';
import type {ListedMailbox, Session} from '../imap/session.ts';

type Place = {readonly path: readonly string[]; readonly name: string};

/**
 * @param there what the destination lists
 * @param paths where the folders are to go
 * @param make the folders that are made anyway, each to be made now if none is there to be asked for
 * @throws ConnectionLost, ServerRefused
 */
export async function foldsCase(
  target: Session,
  there: readonly ListedMailbox[],
  paths: readonly (readonly string[])[],
  make: () => readonly Place[],
): Promise<boolean> {
  const standing = there.map(({path}) => path);
  if (!differInCaseOnly([...standing, ...paths]) || differInCaseOnly(standing)) return false;
  const pairOf = ({name, path}: Place) => {
    const other = inOtherCase(name, path);
    return other === undefined ? [] : [{name, other}];
  };
  const [found] = there.filter(({status}) => status !== undefined).flatMap(pairOf);
  const [made] = found === undefined ? make().flatMap(pairOf) : [];
  if (made !== undefined) await target.create([made.name]);
  const asked = found ?? made;
  if (asked === undefined) return false;
  const told = await target.statuses([asked.name, asked.other]);
  // One that cannot be made tells nothing: then they are kept apart.
  return told.has(asked.other) || !told.has(asked.name);
}
