// For every quirk of the list: the code that handles it, and the test that fails when that code is taken out. Where nothing
// has to be handled, since the client never does what the quirk is about, the change makes it do it. proofs.test.ts keeps
// the table true; `npm run torture -- --only quirks` takes out one after the other.

export type Change = {
  /** Below source/. */
  readonly file: string;
  /** Occurs there once. */
  readonly code: string;
  readonly instead: string;
};

export type Proof = {
  /** Number in the list of what a simulator must emulate. */
  readonly fact: number;
  /** What the code does about it. */
  readonly about: string;
  readonly change: Change;
  /** Below test/. */
  readonly test: string;
  /** As written there, up to the first placeholder. */
  readonly title: string;
};

function proof(fact: number, about: string, change: Change, test: string, title: string): Proof {
  return {fact, about, change, test, title};
}

const wire = 'engine/exchange/wire.test.ts';
const links = 'engine/exchange/links.test.ts';
const pace = 'engine/exchange/pace.test.ts';
const source = 'engine/exchange/source.test.ts';
const leftBehind = 'engine/exchange/left-behind.test.ts';
const messages = 'engine/copy/exchange-messages.test.ts';
const signIns = 'engine/auth/sign-ins.test.ts';

export const proofs: readonly Proof[] = [
  proof(
    1,
    'knows Exchange by either greeting',
    {
      file: 'engine/exchange-greeting.ts',
      code: '/Microsoft Exchange.*IMAP4/i',
      instead: '/The Microsoft Exchange IMAP4 service is ready/i',
    },
    wire,
    'Exchange is known by its greeting, the %s one',
  ),
  proof(
    2,
    'asks for the capabilities again behind the sign-in',
    {
      file: 'engine/imap/sign-in.ts',
      code: "if (command === 'ID') return undefined;",
      instead: "if (command === 'ID' || (command === 'CAPABILITY' && this.authenticated)) return undefined;",
    },
    wire,
    'are asked for again behind the sign-in, where %s were told before it',
  ),
  proof(
    3,
    'reads the refusal of passwords by the new front end',
    {
      file: 'engine/problem-signs.ts',
      code: "[/basic authentication is (disabled|blocked)|BasicAuthBlocked/i, 'microsoft-password-refused'],",
      instead: '',
    },
    wire,
    'that is %s where %s is offered is told as what it is, and not sent again',
  ),
  proof(
    3,
    'reads the refusal of passwords by the old one',
    {
      file: 'engine/problem-from-error.ts',
      code: '/LOGIN failed|AUTHENTICATE failed/i.test(facts.words)',
      instead: 'false',
    },
    wire,
    'that is %s where %s is offered is told as what it is, and not sent again',
  ),
  proof(
    4,
    'sends the token behind a + where it may not go with the command',
    {
      file: 'engine/imap/sign-in.ts',
      code: 'const all = plain ?',
      instead:
        "if (command === 'AUTHENTICATE' && !plain) attributes = [...attributes, {type: 'ATOM', value: 'eA=='}].slice(0, 2); const all = plain ?",
    },
    wire,
    'goes with the command where the server takes it so (%s), else when it is asked for',
  ),
  proof(
    4,
    'gives the reasons that a refused token may have',
    {
      file: 'engine/problem-from-error.ts',
      code: "if (context.auth !== undefined && context.auth !== 'password' && isExchange(context))\n        return tokenRefusal",
      instead: 'if (false)\n        return tokenRefusal',
    },
    wire,
    'that is refused without a reason is told with the reasons there are',
  ),
  proof(
    5,
    'waits for a mailbox that is not connected at first',
    {
      file: 'engine/copy/pace.ts',
      code: "if (why.code === 'mailbox-not-connected' || why.code === 'mailbox-sessions-used-up') return true;",
      instead: '',
    },
    leftBehind,
    'one that knows nothing of the mailbox waits for a minute and a half',
  ),
  proof(
    6,
    'takes the end of a token for an ordinary reconnect',
    {
      file: 'engine/problem-signs.ts',
      code: "[/AccessTokenExpired|token (has )?expired/i, 'token-expired'],",
      instead: '',
    },
    'engine/exchange/tokens.test.ts',
    'while mail is stored (%s)',
  ),
  proof(
    7,
    'waits as long as the server says',
    {
      file: 'engine/copy/pace.ts',
      code: 'const asked = throttleReset(error);',
      instead: 'const asked = undefined;',
    },
    'engine/exchange/throttling.test.ts',
    'is read on when the time is over, not before',
  ),
  proof(
    7,
    'sends nothing more after the line',
    {
      file: 'engine/imap/append.ts',
      code: 'if ((throttled || (session.life.wornOut && !evenWornOut)) && next === undefined) break;',
      instead: '',
    },
    'engine/imap/wire.test.ts',
    'stops at the first line that asks to wait: what comes behind it is not sent',
  ),
  proof(
    7,
    'holds all mailboxes of a tenant that is throttled',
    {file: 'engine/copy/servers.ts', code: 'together.length >= enough ||', instead: ''},
    'engine/exchange/tenants.test.ts',
    'a back-off of a tenant holds its mailboxes, also those that have not begun, and nobody else',
  ),
  proof(
    8,
    'knows folders that hold no mail by their names in all languages',
    {
      file: 'engine/folders/role.ts',
      code: 'return roles.find(role => isRoleName(name, role));',
      instead: 'return roles.find(role => role === name.toLowerCase());',
    },
    source,
    'are chosen by their meaning (%s)',
  ),
  proof(
    8,
    'writes the inbox in one way',
    {
      file: 'engine/folders/map.ts',
      code: "return path => (isInbox(path[0] ?? '') ? ['INBOX', ...path.slice(1)] : path);",
      instead: 'return path => path;',
    },
    wire,
    '%s is the inbox, however it is written',
  ),
  proof(
    9,
    'says where a folder has others below it that are not listed',
    {file: 'engine/survey.ts', code: '...(source.exchange ? hiddenFolders(listed) : [])', instead: ''},
    wire,
    'with "/" in their names are not listed: where the one above tells of them, that is said',
  ),
  proof(
    10,
    'leaves out $MDNSent and names the keywords that vanish',
    {file: 'engine/copy/flags.ts', code: "if (exchange) allowed.delete('$mdnsent');", instead: ''},
    messages,
    '$MDNSent becomes no category in Outlook, other keywords are named as left out',
  ),
  proof(
    10,
    'gives \\Flagged once more by STORE',
    {
      file: 'engine/copy/flag-again.ts',
      code: 'if (!target.exchange || (this.#uids.length === 0 && this.#unnamed === 0)) return;',
      instead: 'return;',
    },
    messages,
    'a flag arrives so that Outlook sees it, UIDs told: %s',
  ),
  proof(
    11,
    'takes a message whose size is not the one that was told',
    {
      file: 'engine/imap/session.ts',
      code: "return this.#fetch(uids, '(UID FLAGS INTERNALDATE BODY.PEEK[])', {all: announced * 3 + unannounced});",
      instead:
        "return this.#fetch(uids, '(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])', {all: announced * 3 + unannounced}).then(all => all.filter(({size, body}) => size === body?.length));",
    },
    source,
    'reads everything there is, whatever way it is told',
  ),
  proof(
    12,
    'names a message that FETCH says nothing of',
    {
      file: 'engine/copy/transfer.ts',
      code: "const code = there.includes(uid) ? 'message-without-data' : 'message-vanished';",
      instead: "const code = 'message-vanished';",
    },
    source,
    'is not fooled by as many messages gone as Exchange leaves out of its answer',
  ),
  proof(
    13,
    'names the note in place of a message, and does not copy it',
    {file: 'engine/copy/unsent.ts', code: 'exchange && size <= longestStub', instead: 'false'},
    messages,
    'a note in place of a message is named with the message it stands for, and is not copied',
  ),
  proof(
    14,
    'knows a message that was written anew, with headers that it did not have',
    {
      file: 'engine/messages/identity.ts',
      code: "const undated = looking && readable ? {undated: digest(['head', '', from, to, cc, subject])} : {};",
      instead: 'const undated = {};',
    },
    'engine/copy/exchange-rerun.test.ts',
    'written anew (%s, UIDs told: %s): the second run copies nothing',
  ),
  proof(
    15,
    'finds the reason of a refusal in the message',
    {
      file: 'engine/copy/records.ts',
      code: 'return explainRefusal(error.responseText, {size, ...(findings === undefined ? {} : {findings})}) ?? why;',
      instead: 'return why;',
    },
    messages,
    'what Exchange refuses without a reason is named with the reason that the message shows',
  ),
  proof(
    15,
    'asks before the bytes of a message',
    {
      file: 'engine/imap/append.ts',
      code: 'const unasked = small && !session.exchange;',
      instead: 'const unasked = true;',
    },
    wire,
    'is asked for before its bytes, so that what is too large is refused before it is sent',
  ),
  proof(
    15,
    'takes what is not stored again and again for a full mailbox',
    {file: 'engine/copy/pace.ts', code: 'if (isUnstored(error, why)) {', instead: 'if (false) {'},
    pace,
    'a full mailbox is found out by two more tries, without losing a connection',
  ),
  proof(
    15,
    'disarms read receipts where that is asked for',
    {
      file: 'engine/copy/changes.ts',
      code: 'const pieces = withoutReceipt(bytes);',
      instead: 'const pieces = undefined;',
    },
    'engine/copy/repair.test.ts',
    'requests for read receipts are disarmed where that is asked for: %s message',
  ),
  proof(
    16,
    'replaces a session before its errors are used up',
    {
      file: 'engine/imap/session-life.ts',
      code: 'return this.exchange && this.#signedIn.wire.refusals >= this.#mostRefusals;',
      instead: 'return false;',
    },
    pace,
    'are no lost connections where the budget is smaller than known',
  ),
  proof(
    16,
    'takes the end behind many errors for no broken line',
    {
      file: 'engine/copy/pace.ts',
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
      file: 'engine/copy/pace.ts',
      code: 'const pause = this.#opened ? capPauses[this.#capped++]',
      instead: 'const pause = this.#opened ? undefined',
    },
    leftBehind,
    'the next one waits for minutes where it has to, and goes on',
  ),
  proof(
    18,
    'opens a connection anew that has ended',
    {file: 'engine/problem-signs.ts', code: "  NoConnection: 'connection-lost',\n", instead: ''},
    links,
    'with %s while mail is read (%s)',
  ),
  proof(
    18,
    'gives up a connection that has gone silent',
    {
      file: 'engine/imap/wire.ts',
      code: 'if (this.#framing.held || rested) this.#watch();',
      instead: 'if (true) this.#watch();',
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
      code: "return destination.provider === 'o365' ? path.toUpperCase().toLowerCase() : path;",
      instead: 'return path;',
    },
    wire,
    'are made without a clash, with those above them; a reserved name is named and costs nothing else',
  ),
  proof(
    21,
    'names a reserved name',
    {file: 'engine/problem-signs.ts', code: "[/folder name is reserved/i, 'name-reserved'],", instead: ''},
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
      file: 'engine/imap/session.ts',
      code: 'if (message === undefined || !wanted.has(message.uid)) return false;',
      instead:
        'if (message === undefined || !wanted.has(message.uid) || !/FETCH \\(UID/.test(response.lines[0] ?? "")) return false;',
    },
    source,
    'reads everything there is, whatever way it is told',
  ),
  proof(
    23,
    'asks for flags and date apart where the body comes first',
    {
      file: 'engine/imap/session.ts',
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
      code: 'if (fresh.length === 0) return;',
      instead: 'return;',
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
    {file: 'engine/copy/folder-tasks.ts', code: 'if (closing === undefined) return;', instead: 'return;'},
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
      code: 'const unasked = small && !session.exchange;',
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
      file: 'engine/problem-doctor.ts',
      code: 'const code = codeOf.get(number);',
      instead: 'const code = undefined;',
    },
    'engine/exchange/refused.test.ts',
    'a secret that has expired makes one request for a token, not one for each of two dozen mailboxes',
  ),
  proof(
    30,
    'keeps the newest refresh token, which is the only one that counts',
    {file: 'engine/auth/token-store.ts', code: 'await store.write(text);', instead: ''},
    signIns,
    'lets the next start go on without a person, and holds no access token',
  ),
];
