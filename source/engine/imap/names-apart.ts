// Names of a server's mailboxes as text, no two alike. Two names on the wire may read the same (one in modified UTF-7 and
// one in raw UTF-8, or a letter that was encoded without need): taken for one folder, the mail of the other is lost.
import {decodeMailbox, encodeMailbox} from './modified-utf7.ts';

export type NameApart = {
  readonly name: string;
  /** What it reads, where another mailbox has that name. */
  readonly reads?: string;
};

/**
 * By name on the wire. Of those that read the same the one that is written by the rule has the name, or else the first by
 * its bytes; any other goes by its name as it stands on the wire. The order of the list does not matter.
 */
export function namesApart(wires: readonly string[]): Map<string, NameApart> {
  const names = new Map<string, NameApart>();
  const taken = new Set<string>();
  const others: {wire: string; reads: string}[] = [];
  for (const wire of new Set(wires)) {
    const reads = decodeMailbox(wire);
    if (encodeMailbox(reads) === wire) {
      names.set(wire, {name: reads});
      taken.add(reads);
    } else others.push({wire, reads});
  }
  others.sort((one, other) => (one.wire < other.wire ? -1 : 1));
  for (const {wire, reads} of others) {
    let name = reads;
    // The name on the wire may itself be what another one reads. Encoded once more it is longer each time.
    for (let next = wire; taken.has(name); next = encodeMailbox(next)) name = next;
    taken.add(name);
    names.set(wire, name === reads ? {name} : {name, reads});
  }
  return names;
}
