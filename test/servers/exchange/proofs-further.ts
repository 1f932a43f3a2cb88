// Proofs for items 16 to 30 of the list.
import {type Proof, proof} from './proof.ts';

const wire = 'engine/exchange/wire.test.ts';
const links = 'engine/exchange/links.test.ts';
const pace = 'engine/exchange/pace.test.ts';
const source = 'engine/exchange/source.test.ts';
const leftBehind = 'engine/exchange/left-behind.test.ts';
const signIns = 'engine/auth/sign-ins.test.ts';

export const furtherProofs: readonly Proof[] = [
  proof(
    16,
    'replaces a session before its errors are used up',
    {
      file: 'engine/imap/session-life.ts',
      code: 'return this.exchange && this.#signedIn.wire.refusals >= this.#mostRefusals;',
      instead: 'return false;',
    },
    pace,
    'do not use up the error budget, however many they are (%s lanes)',
  ),
  proof(
    16,
    'takes the end behind many errors for no broken line',
    {
      file: 'engine/link/pace.ts',
      code: 'const used = usedUp(error, how.session);',
      instead: 'const used = false;',
    },
    pace,
    'are no lost connections where the budget is smaller than known',
  ),
  proof(
    17,
    'does with fewer sessions where no more are granted',
    {
      file: 'engine/copy/mailbox.ts',
      code: 'this.#control.refused(this.#started - 1);',
      instead: '',
    },
    links,
    'does with fewer sessions where Exchange allows no more (%s, %s)',
  ),
  proof(
    17,
    'waits for closed sessions that still count',
    {
      file: 'engine/link/pace.ts',
      code: 'const pause = this.#opened ? capPauses[this.#capped++]',
      instead: 'const pause = this.#opened ? undefined',
    },
    leftBehind,
    'the next one waits for minutes where it has to, and goes on',
  ),
  proof(
    18,
    'opens a connection anew that has ended',
    {file: 'engine/problems/signs.ts', code: "  NoConnection: 'connection-lost',\n", instead: ''},
    links,
    'with %s while mail is read (%s)',
  ),
  proof(
    18,
    'gives up a connection that has gone silent',
    {
      file: 'engine/imap/wire.ts',
      code: 'if (this.#framing.held || rested) this.#silence.begin();',
      instead: 'if (true) this.#patience.end();',
    },
    links,
    'by going silent, while mail is read (%s)',
  ),
  proof(
    19,
    'sends SEARCH without a CHARSET',
    {
      file: 'engine/imap/session.ts',
      code: '`UID SEARCH $',
      instead: '`UID SEARCH CHARSET UTF-8 $',
    },
    wire,
    'may offer IMAP4rev2, which is never enabled, and lists, counts and searches stay right',
  ),
  proof(
    19,
    'keeps command lines short',
    {file: 'engine/imap/uid-set.ts', code: 'const longestSet = 7000;', instead: 'const longestSet = 70_000;'},
    'engine/imap/syntax.test.ts',
    'compress runs and stay below the length where Exchange hangs up',
  ),
  proof(
    20,
    'does not enable IMAP4rev2',
    {
      file: 'engine/imap/sign-in.ts',
      code: 'disableAutoEnable: true,\n    disableIMAP4rev2: true,',
      instead: '',
    },
    wire,
    'may offer IMAP4rev2, which is never enabled, and lists, counts and searches stay right',
  ),
  proof(
    21,
    'keeps names apart that Exchange does not',
    {
      file: 'engine/folders/map.ts',
      code: 'return destination.foldsCase === true ? foldCase(path) : path;',
      instead: 'return path;',
    },
    wire,
    'are made without a clash, with those above them; a reserved name is named and costs nothing else',
  ),
  proof(
    21,
    'names a reserved name',
    {file: 'engine/problems/signs.ts', code: "[/folder name is reserved/i, 'name-reserved'],", instead: ''},
    wire,
    'are made without a clash, with those above them; a reserved name is named and costs nothing else',
  ),
  proof(
    22,
    'looks for what was stored where no UID is told',
    {
      file: 'engine/copy/folder-tasks.ts',
      code: 'if (this.#context.ledger.unnamed(work.ledgerFolder.id) > 0)\n      await confirmByLooking(work, sessions, this.#context);',
      instead: '',
    },
    wire,
    'what Exchange says it stored without telling a UID, and has not, is named',
  ),
  proof(
    22,
    'never moves or copies a message: there is no COPYUID to read',
    {
      file: 'engine/imap/session.ts',
      code: 'for (const set of uidSets(uids)) await this.wire.command(`UID STORE',
      instead:
        'for (const uid of uids) await this.wire.command("UID COPY " + uid + " INBOX"); for (const set of uidSets(uids)) await this.wire.command(`UID STORE',
    },
    wire,
    'nothing idles, copies or moves, so that no broken answer to it can matter',
  ),
  proof(
    23,
    'reads the items of a FETCH in any order, and news in between',
    {
      file: 'engine/imap/fetch.ts',
      code: 'if (read === undefined || !wanted.has(read.uid)) return false;',
      instead:
        'if (read === undefined || !wanted.has(read.uid) || !/FETCH \\(UID/.test(response.lines[0] ?? "")) return false;',
    },
    source,
    'reads everything there is, whatever way it is told',
  ),
  proof(
    23,
    'asks for flags and date apart where the body comes first',
    {
      file: 'engine/imap/fetch.ts',
      code: "if (first !== 'unordered') return first === 'begun';",
      instead: "return first === 'begun';",
    },
    'engine/imap/wire.test.ts',
    'a server that names the body first is asked for flags and date apart',
  ),
  proof(
    24,
    'knows an edited message under its new UID',
    {
      file: 'engine/copy/renumbered.ts',
      code: 'await find(fresh, lost, work, sessions);',
      instead: 'new Map();',
    },
    'engine/copy/exchange-rerun.test.ts',
    'an edited message with another UID is one message: what was copied is not copied twice',
  ),
  proof(
    24,
    'looks at a folder anew whose UIDs mean other messages',
    {
      file: 'engine/copy/plan-folder.ts',
      code: "work.note(problem('uidvalidity-changed', {end: 'source', folder: work.pair.shown}));",
      instead: 'void 0;',
    },
    wire,
    'that get other UIDs (%s) keep their mail once',
  ),
  proof(
    25,
    'leaves a folder alone that closes the connection',
    {file: 'engine/copy/folder-verdicts.ts', code: 'if (closing === undefined) return;', instead: 'return;'},
    'engine/exchange/folders.test.ts',
    'a folder that closes the connection whenever it is opened fails alone, with the reason',
  ),
  proof(
    25,
    'opens a folder by the name as it was listed, TABs and all',
    {
      file: 'engine/imap/values.ts',
      code: '(next === 32 ||',
      instead: '(next === 9 || next === 32 ||',
    },
    source,
    'reads everything there is, whatever way it is told',
  ),
  proof(
    26,
    'sends nothing behind a literal that is asked for',
    {
      file: 'engine/imap/append.ts',
      code: "if (session.exchange) return 'single';",
      instead: '',
    },
    'engine/imap/wire.test.ts',
    'a server with %j that greets with %j and minds %j is served by %s',
  ),
  proof(
    27,
    'sends no bytes that could be read as commands',
    {
      file: 'engine/imap/append.ts',
      code: 'const unasked = small && !behind && !session.exchange;',
      instead: 'const unasked = small;',
    },
    wire,
    'that is refused is no chance for a message to give commands',
  ),
  proof(
    28,
    'never idles: there is no IDLE to end badly',
    {
      file: 'engine/imap/session.ts',
      code: 'for (const set of uidSets(uids)) await this.wire.command(`UID STORE',
      instead:
        "this.wire.command('IDLE').catch(() => undefined); for (const set of uidSets(uids)) await this.wire.command(`UID STORE",
    },
    wire,
    'nothing idles, copies or moves, so that no broken answer to it can matter',
  ),
  proof(
    29,
    'is more patient than Exchange is slow',
    {file: 'program/start-run.ts', code: 'inactivityMs: 5 * 60_000,', instead: 'inactivityMs: 30_000,'},
    'program/start-run.test.ts',
    'waits longer for an answer than Exchange takes for a big folder',
  ),
  proof(
    30,
    'renews a token before it ends',
    {
      file: 'engine/auth/token-keeper.ts',
      code: 'renewAt: now + life * usedPart',
      instead: 'renewAt: now + life',
    },
    signIns,
    'when four fifths of its life are over, once for all who ask',
  ),
  proof(
    30,
    'polls more slowly when it is told to',
    {file: 'engine/auth/identity-network.ts', code: 'this.#pollMs += slowDownMs;', instead: ''},
    signIns,
    'while the program waits as long as the provider says, and more when told to slow down',
  ),
  proof(
    30,
    "reads Microsoft's number",
    {
      file: 'engine/problems/doctor.ts',
      code: 'const code = codeOf.get(number);',
      instead: 'const code = undefined;',
    },
    'engine/exchange/refused.test.ts',
    '%s makes one request for a token, not one for each of two dozen mailboxes',
  ),
  proof(
    30,
    'keeps the newest refresh token, which is the only one that counts',
    {file: 'engine/auth/token-store.ts', code: 'await store.write(text);', instead: ''},
    'engine/auth/kept-sign-ins.test.ts',
    'lets the next start go on without a person, and holds no access token',
  ),
];
