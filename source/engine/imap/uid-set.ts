// UID sets as commands take them (RFC 9051 sequence-set): runs compressed, and split so that no command line comes near
// the 8-10 KB where Exchange refuses it (quirk `longestLine`).

const longestSet = 7000;

/** @param uids ascending, without repeats */
export function uidSets(uids: readonly number[]): string[] {
  const sets: string[] = [];
  let set = '';
  for (let index = 0; index < uids.length; ) {
    const first = uids[index] ?? 0;
    let last = first;
    while (uids[index + 1] === last + 1) {
      last++;
      index++;
    }
    index++;
    const run = first === last ? `${first}` : `${first}:${last}`;
    if (set === '') set = run;
    else if (set.length + run.length + 1 > longestSet) {
      sets.push(set);
      set = run;
    } else set += `,${run}`;
  }
  if (set !== '') sets.push(set);
  return sets;
}

const mostUids = 5_000_000;

/** The UIDs of a set as servers send them: '181:200,305'. Bounded; [] for anything else. */
export function readUidSet(text: string): number[] {
  const uids: number[] = [];
  for (const run of text.split(',')) {
    const match = /^(\d{1,10})(?::(\d{1,10}))?$/.exec(run);
    if (match?.[1] === undefined) return [];
    const first = Number(match[1]);
    const last = match[2] === undefined ? first : Number(match[2]);
    if (Math.abs(last - first) + uids.length > mostUids) return [];
    const step = last < first ? -1 : 1;
    for (let uid = first; uid !== last + step; uid += step) uids.push(uid);
  }
  return uids;
}
