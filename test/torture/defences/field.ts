// What servers in the field say and do that no RFC foresees.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const test = 'engine/copy/field-servers';
const untold = '%s that answers STATUS with %j leaves a folder untold: %s';
const refusals = rowOf('engine/imap/errors', 'engine/imap/errors');

export const field: readonly Defence[] = [
  rowOf('engine/imap/create', test)(
    'passes over a folder of which the server does not tell with BAD',
    'exchange ? ignoreAbsence : ignoreUntold',
    'ignoreAbsence',
    'a folder that may not be read fails alone where the source answers STATUS with BAD',
  ),
  rowOf('engine/imap/create', 'engine/imap/errors')(
    'but not where it is of the session',
    'exchange ? ignoreAbsence : ignoreUntold',
    'ignoreUntold',
    untold,
  ),
  refusals('nor where it is of the moment', ' && !error.isObjection)', ')', untold),
  rowOf('engine/problem-signs', test)(
    'names one of too many equal copies, and copies all else',
    "  [/too many identical/i, 'too-many-alike'],\n",
    '',
    'of many equal copies a destination keeps so many: the others are named, and all else is copied',
  ),
];
