// What people and servers do to a mailbox between two runs, and the options of one that are not those of the other.
import type {Defence} from '../../helpers/defence.ts';

const between = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: `engine/${file}.ts`, code, instead},
  test: 'engine/copy/histories.test.ts',
  title,
});

const setBackThere =
  'the destination is set back to a backup, and somebody else’s mail gets the number of a copy: what is gone comes again';
const setBackHere =
  'the source is set back to a backup, and new mail gets the numbers of what was copied: it is copied too';

export const histories: readonly Defence[] = [
  between(
    'a destination whose next UID was given before gives numbers to other mail',
    'copy/plan-folder',
    '(next > 0 && next < folder.destinationSeen)',
    'next < 0',
    setBackThere,
  ),
  between(
    'it is numbered anew with the UIDVALIDITY that it had',
    'ledger/renew',
    'anew.destination === true || ',
    '',
    setBackThere,
  ),
  between(
    'so does a source',
    'copy/plan-folder',
    ' || (source.told && source.uidNext < given)',
    '',
    setBackHere,
  ),
  between('and keeps its UIDVALIDITY', 'ledger/renew', 'anew.source === true || ', '', setBackHere),
  between(
    'the highest UID that is known tells it where no mark does',
    'copy/plan-folder',
    'Math.max(folder.finished?.sourceUidNext ?? 0, folder.lastUid + 1)',
    '(folder.finished?.sourceUidNext ?? 0)',
    'so it is where the run before was not done with the folder',
  ),
  between(
    'a place that is remembered counts as long as it is there',
    'look/survey',
    'standing.has(knownAs(destination.join(delimiter), true))',
    'standing.size > 0 || destination.length > 0',
    'the destination separates levels by another character than before: its mail is found where it is',
  ),
];
