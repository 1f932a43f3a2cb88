// What servers in the field say and do that no RFC foresees.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const test = 'engine/copy/field-servers';
const unmarked = 'a destination that takes none marked as deleted gets it unmarked, and that is told: %s';
const untold = '%s that answers STATUS with %j leaves a folder untold: %s';
const said = rowOf('engine/problems/signs', 'engine/problems/from-error');
const wholeList = rowOf('engine/copy/whole-list', 'engine/copy/field-servers');
const refusals = rowOf('engine/imap/errors', 'engine/imap/errors');

export const field: readonly Defence[] = [
  wholeList(
    'asks no server for UID 0 that tells no UIDNEXT',
    'from <= 1 ? {}',
    'from === 1 ? {}',
    'a destination that tells no UIDNEXT is asked for no UID 0, and what is new arrives',
  ),
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
  rowOf('engine/problems/signs', test)(
    'names one of too many equal copies, and copies all else',
    "  [/too many identical/i, 'too-many-alike'],\n",
    '',
    'of many equal copies a destination keeps so many: the others are named, and all else is copied',
  ),
  rowOf('engine/copy/flags', test)(
    'knows a refusal that is for a flag',
    '/\\bdeleted flag\\b/i.test(words)',
    "words === ''",
    unmarked,
  ),
  rowOf('engine/copy/flags', test)(
    'sends no message with a flag that was refused',
    ' && !refused.has(name)',
    '',
    unmarked,
  ),
  rowOf('engine/copy/large', test)(
    'nor a large one',
    'if (blamed !== undefined) {',
    'if (blamed === null) {',
    unmarked,
  ),
  rowOf('engine/copy/mend-refused', test)(
    'mends no message whose bytes were not refused',
    'if (blamedFlag(message.flags, result.error.responseText) !== undefined) return undefined;',
    '',
    unmarked,
  ),
  rowOf('engine/look/survey', 'engine/exchange/source')(
    'takes any Exchange for one, whatever it is asked for as',
    "provider: source.exchange ? 'o365' : what.source.provider,",
    'provider: what.source.provider,',
    'are chosen by their meaning (%s, asked for as %s)',
  ),
  rowOf('engine/look/measure', 'engine/exchange/source')(
    'also where it is measured',
    "provider: exchange ? 'o365' : what.source.provider,",
    'provider: what.source.provider,',
    'is measured by the folders that are copied, also where it is asked for as any IMAP server',
  ),
  said(
    'takes a password for wrong of which Yandex says that, or that IMAP is off',
    "  [/invalid credentials or imap is disabled/i, 'sign-in-refused'],\n",
    '',
    'wrong password at Yandex',
  ),
  said('knows that Mail.ru asks for an app password', 'ap+(lication)?', 'app', 'app password at Mail.ru'),
  said(
    'knows a mailbox that is full at GroupWise',
    '|storage limit.{0,20}exceeded',
    '',
    'quota at GroupWise',
  ),
  {
    about: 'gives no copy a flag that its server takes no message with',
    change: {file: 'engine/copy/add-flags.ts', code: 'allowed, refusedFlags).kept', instead: 'allowed).kept'},
    test: 'engine/copy/add-flags.test.ts',
    title: 'a copy gets of the flags of its message %s',
  },
];
