// What is remembered of a mailbox, and what is believed of it: a wrong memory costs mail, none costs time.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const ledger =
  (file: string, test = 'ledger') =>
  (about: string, code: string, instead: string, title: string): Defence => ({
    about,
    change: {file: `engine/ledger/${file}.ts`, code, instead},
    test: `engine/ledger/${test}.test.ts`,
    title,
  });
const kept = ledger('ledger');
const opened = ledger('open');
const examined = ledger('examine');
const renewed = ledger('renew');
const aside = ledger('set-aside', 'ledger-file');
const held = ledger('holder', 'ledger-file');

const copied = (
  about: string,
  file: string,
  code: string,
  instead: string,
  test: string,
  title: string,
): Defence => ({
  about,
  change: {file: `engine/copy/${file}.ts`, code, instead},
  test: `engine/copy/${test}.test.ts`,
  title,
});

const locked = 'is locked while open: a second mailferry on the pair is refused, a dead one leaves no lock';
const refused = 'refuses what is damaged, foreign or too new, and leaves the file as it is';
const meaning = 'knows what SQLite means where it says that the file is %s';
const powerless = 'has its log on the disk before its pages are: a power cut costs its end at most';
const anew =
  'keeps copies of a folder that is numbered anew until their messages are found, also over a kill';
const elsewhere = 'keeps of a destination folder that is numbered anew only what was deleted in it';
const fresh = 'begins a folder anew without a trace of its messages';
const whole = 'the ledger is set aside whole, under a name that nothing has';
const holder = 'the ledger names who holds it until it is let go';
const said =
  'a message that the server says it has stored, and has not, fails by name, and the next run brings it';

export const memory: readonly Defence[] = [
  kept(
    'what breaks is undone as a whole',
    "      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');\n",
    '',
    'goes through many rows page by page, and stays whole when a transaction breaks',
  ),
  kept(
    'numbers messages in one statement only where both ends do',
    ' || !isRun(stored)',
    '',
    'gives each message its own UID at the destination, whether they are in one run or not',
  ),
  kept(
    'a folder that begins anew has no mail of others',
    "        this.#run(old.id, 'DELETE FROM other WHERE folder = ?', old.id);\n",
    '',
    fresh,
  ),
  kept(
    'nor messages',
    "        this.#run(old.id, 'DELETE FROM message WHERE folder = ?', old.id);\n",
    '',
    fresh,
  ),
  opened('one at a time works with a ledger', 'PRAGMA locking_mode = EXCLUSIVE; ', '', locked),
  opened('says that another works with it', 'code === 5 || code === 6', 'code === 6', locked),
  opened('takes no other file for a ledger', 'code === 11 || code === 26', 'code === 11', refused),
  opened(
    'nor one of another text encoding',
    ' || (code === 1 && /text encoding|file format/.test(String(error)))',
    '',
    refused,
  ),
  opened(
    'nor one in a format that SQLite does not know',
    'text encoding|file format',
    'text encoding',
    refused,
  ),
  opened('says so whatever SQLite calls it', ' || code === 6', '', meaning),
  opened('knows a code by its kind', 'code & 0xff', 'code', meaning),
  opened(
    'is made whole or not at all',
    '      database.exec(schema);\n',
    "      database.exec(schema);\n      database.exec('COMMIT; BEGIN');\n",
    'is there whole or not at all: one whose making breaks is made by the next to open it',
  ),
  opened('lets go of one that it refuses', '    database?.close();\n', '', 'refuses %s before it is used'),
  opened('a power cut damages no page', 'synchronous = NORMAL', 'synchronous = OFF', powerless),
  opened('nor does a kill', 'PRAGMA journal_mode = WAL; ', '', powerless),
  opened(
    'a dry run makes no ledger',
    '  if (!existsSync(file)) return database;\n',
    '',
    'is made by no dry run',
  ),
  examined(
    'leaves a later version’s alone',
    '  if (version > schemaVersion)',
    '  if (version > 1e9)',
    refused,
  ),
  examined(
    'knows a database that is none',
    "  if (!tables.some(sql => sql.startsWith('CREATE TABLE about')))",
    '  if (tables.length > 1e9)',
    refused,
  ),
  examined('knows one that was never finished', 'version < schemaVersion || tables', 'tables', refused),
  examined('knows an earlier one by its tables', " || tables.join('\\n') !== ownTables()", '', refused),
  examined(
    'believes no version without tables',
    'return versionOf(database, name) === 0 && tablesOf',
    'return tablesOf',
    refused,
  ),
  examined(
    'begins nothing in another’s tables',
    ' === 0 && tablesOf(database, name).length === 0',
    ' === 0',
    refused,
  ),
  examined(
    'looks at every page',
    "  if (found !== 'ok')",
    "  if (found === '')",
    'finds damage in any page before it is used',
  ),
  examined("uses no other pair's", "?.['pair'] !== pair)", "?.['pair'] === '')", refused),
  renewed('a copy that was deleted stays deleted', "state <> 'deleted' AND (? OR", '(? OR', anew),
  renewed('what nobody knows the UID of is found by looking', ' OR destination_uid IS NULL)', ')', anew),
  renewed('what has failed is tried again', "state <> 'stored' OR ", '', anew),
  renewed(
    'a folder is looked at again, also after a kill',
    'finished = NULL',
    'finished = finished',
    'is not done with a folder that is numbered anew, also over a kill',
  ),
  renewed(
    'a server that tells no UIDVALIDITY has said nothing of its numbers',
    'const isUntold = fresh.sourceUidValidity === 0;',
    'const isUntold = false;',
    'takes nobody’s number for what it was at a source that tells no UIDVALIDITY',
  ),
  renewed('what waits is not numbered once more', ' AND uid > 0`', '`', anew),
  renewed(
    'mail of others has other numbers',
    "  if (elsewhere) run('DELETE FROM other WHERE folder = ?', old.id);\n",
    '',
    elsewhere,
  ),
  renewed(
    'all of the folder is looked at again',
    'iif(?, 1, destination_seen)',
    'iif(?, destination_seen, destination_seen)',
    elsewhere,
  ),
  renewed(
    'a copy without its message is mail like any other',
    "uid < 0 AND state = 'stored'`",
    "uid < 0 AND state = ''`",
    anew,
  ),
  renewed(
    'nothing waits for ever',
    "  run('DELETE FROM message WHERE folder = ? AND uid < 0', folder);\n",
    '',
    anew,
  ),
  aside('what was set aside before stays', 'number < most && existsSync(kept)', 'number < 2', whole),
  aside(
    'a new ledger finds no journal of the old one',
    "const companions = ['-wal', '-shm', '-journal'];",
    'const companions: string[] = [];',
    whole,
  ),
  held('who has let go is named no more', '    rmSync(fileOf(ledger), {force: true});\n', '', holder),
  held(
    'believes no file that names nobody',
    "    if (typeof run !== 'string' || typeof pid !== 'number' || typeof since !== 'number') return undefined;\n",
    '',
    holder,
  ),
  copied(
    'looks for what was stored without a name',
    'folder-tasks',
    '    if (this.#context.ledger.unnamed(work.ledgerFolder.id) > 0)\n      await confirmByLooking(work, sessions, this.#context);\n',
    '',
    'hostile-folders',
    said,
  ),
  copied(
    'what is not there then has not been copied',
    'settle',
    '  for (const row of missing) work.tally.vanished(nameOf(row), why);\n',
    '',
    'hostile-folders',
    said,
  ),
  copied(
    'what this run brought and is gone has failed',
    'finish',
    '  if (!named || status.messages !== before.stored + before.others)\n    await reconcile(work, sessions, context, {byNumber: named});\n',
    '',
    'meddled-messages',
    'what the run brought and is gone when it ends has failed; the next run brings it',
  ),
  copied(
    'a folder that is numbered anew when all is stored is looked at again',
    'finish',
    "  if (status.uidValidity !== folder.destinationUidValidity) throw new FolderReplaced('destination');\n",
    '',
    'during-a-run',
    'the destination numbers the folder anew when all of it is stored',
  ),
  copied(
    'a copy that nobody has deleted comes first',
    'unknown-mail',
    'for (const copyGone of [false, true])',
    'for (const copyGone of [true, false])',
    'between-runs',
    'copies were deleted, and then the destination renumbered the folder: they are not brought back',
  ),
  copied(
    'a folder has only grown where its count says so',
    'count',
    'if (asMany && (await',
    'if ((await',
    'delta',
    'counts all of it where something else has changed too',
  ),
  copied(
    'a message that does not come is asked for again',
    'alone',
    '      again ??= (await source.messages([uid]))[0];\n',
    '',
    'meddled-messages',
    'a message is left out of a batch, and the link breaks while it is asked for again',
  ),
  copied(
    'a message that is gone is told from one that does not come',
    'alone',
    "(await this.#hasGone(uid)) ? 'message-vanished'",
    "!(await this.#hasGone(uid)) ? 'message-vanished'",
    'during-a-run',
    'the source folder is emptied',
  ),
  copied(
    'answers are waited for where only the source has gone',
    'transfer',
    "      (error instanceof ConnectionLost && error.end === 'source')\n",
    '      false\n',
    'doubts',
    'the source goes away while batches are on their way: their answers are waited for, and nothing is looked at',
  ),
  copied(
    'a folder is made anew so often and no more',
    'folder-verdicts',
    '++work.replaced <= mostReplaced',
    '++work.replaced <= 1e9',
    'hostile-folders',
    'fails alone, and is not opened for ever',
  ),
  copied(
    'a message that breaks the connection is left out',
    'folder-verdicts',
    "    this.#setAside(work, work.mail.suspicion.guilty, problem('message-breaks-connection', {end}), end);\n",
    '',
    'meddled-messages',
    'a message that breaks the ',
  ),
  copied(
    'a folder in which something failed is not done',
    'finish',
    'failed === 0 && whole',
    'whole',
    'hostile-folders',
    said,
  ),
  copied(
    'what is not there then is named in the list of mail',
    'settle',
    "        ledger.put(folder.id, {...row, state: 'failed', code: why.code, reason: why.sentence});\n",
    '',
    'hostile-folders',
    said,
  ),
  copied(
    'mail of a folder that is gone when all is stored has failed',
    'finish',
    '      else await reconcile(work, sessions, context, {byNumber: false});\n',
    '',
    'hostile-folders',
    'a folder that is gone when all is stored has lost its mail, and that is said',
  ),
  rowOf('program/paced-lines', 'program/paced-lines')(
    'waits for a reader of lines that is slower than the run',
    '      if (full()) wait();\n',
    '',
    'a reader that is slower than the run is waited for, and misses nothing',
  ),
  rowOf('program/paced-lines', 'program/paced-lines')(
    'and keeps no lines for one that takes none',
    'if (behind && full() && !isLast) return;',
    '',
    'one that takes nothing for a minute is told how the run stands in place of what it missed',
  ),
  rowOf('engine/batch', 'engine/batch')(
    'copies nothing while what it tells is not taken',
    'new Gate(options.telling)',
    'new Gate()',
    'copies nothing while what it tells is not taken',
  ),
  rowOf('engine/copy/plan-folder', 'program/start-run')(
    'nor names more messages of a dry run',
    '    if (index % toldAtOnce === 0) await context.gate.pass(context.stop.finish);\n',
    '',
    'a dry run names its messages no faster than they are taken, and names them all',
  ),
];
