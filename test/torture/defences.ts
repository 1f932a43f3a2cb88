// Defences beside those against the quirks of Exchange (test/servers/exchange/proofs.ts): the code of each, and the test
// that fails when it is taken out. `npm run torture -- --only quirks` takes out one after the other.
import type {Defence} from '../helpers/defence.ts';
import {answers} from './defences/answers.ts';
import {away} from './defences/away.ts';
import {contents} from './defences/contents.ts';
import {contract} from './defences/contract.ts';
import {copying} from './defences/copying.ts';
import {crowds} from './defences/crowds.ts';
import {distance} from './defences/distance.ts';
import {doubts} from './defences/doubts.ts';
import {endings} from './defences/endings.ts';
import {field} from './defences/field.ts';
import {files} from './defences/files.ts';
import {folders} from './defences/folders.ts';
import {goingOn} from './defences/going-on.ts';
import {headers} from './defences/headers.ts';
import {histories} from './defences/histories.ts';
import {listings} from './defences/listings.ts';
import {memory} from './defences/memory.ts';
import {names} from './defences/names.ts';
import {openings} from './defences/openings.ts';
import {outages} from './defences/outages.ts';
import {parsers} from './defences/parsers.ts';
import {people} from './defences/people.ts';
import {places} from './defences/places.ts';
import {reading} from './defences/reading.ts';
import {readingOn} from './defences/reading-on.ts';
import {replies} from './defences/replies.ts';
import {reports} from './defences/reports.ts';
import {saidBack} from './defences/said-back.ts';
import {secure} from './defences/secure.ts';
import {sheets} from './defences/sheets.ts';
import {told} from './defences/told.ts';
import {unending} from './defences/unending.ts';
import {verifying} from './defences/verifying.ts';
import {watchers} from './defences/watchers.ts';
import {words} from './defences/words.ts';

/** By subject. */
export const defences: Readonly<Record<string, readonly Defence[]>> = {
  files,
  endings,
  openings,
  outages,
  crowds,
  distance,
  doubts,
  folders,
  listings,
  memory,
  copying,
  unending,
  verifying,
  replies,
  reports,
  secure,
  reading,
  contents,
  parsers,
  words,
  watchers,
  answers,
  sheets,
  told,
  goingOn,
  people,
  histories,
  field,
  names,
  readingOn,
  contract,
  places,
  headers,
  away,
  saidBack,
};
