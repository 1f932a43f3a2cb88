// Proofs for items 1 to 15 of the list: signing in, capabilities, folders, reading.
import {type Proof, proof} from './proof.ts';

const map = 'engine/folders/map.test.ts';
const wire = 'engine/exchange/wire.test.ts';
const pace = 'engine/exchange/pace.test.ts';
const source = 'engine/exchange/source.test.ts';
const leftBehind = 'engine/exchange/left-behind.test.ts';
const messages = 'engine/copy/exchange-messages.test.ts';

export const firstProofs: readonly Proof[] = [
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
      file: 'engine/problems/signs.ts',
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
      file: 'engine/problems/from-error.ts',
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
      file: 'engine/problems/from-error.ts',
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
      file: 'engine/link/outage.ts',
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
      file: 'engine/problems/signs.ts',
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
      file: 'engine/link/pace.ts',
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
      code: 'if ((halted || (session.life.wornOut && !evenWornOut)) && next === undefined) break;',
      instead: '',
    },
    'engine/imap/wire.test.ts',
    'stops at the first line that asks to wait: what comes behind it is not sent',
  ),
  proof(
    7,
    'holds all mailboxes of a tenant that is throttled',
    {file: 'engine/link/servers.ts', code: 'together.length >= enough ||', instead: ''},
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
    'are chosen by their meaning (%s, asked for as %s)',
  ),
  proof(
    8,
    'writes the inbox in one way',
    {
      file: 'engine/folders/map.ts',
      code: "return path => (isInbox(path[0] ?? '') ? ['INBOX', ...path.slice(1)] : path);",
      instead: 'return path => path;',
    },
    map,
    'the source tree is kept below the destination folder',
  ),
  proof(
    9,
    'says where a folder has others below it that are not listed',
    {file: 'engine/look/survey.ts', code: '...(source.exchange ? hiddenFolders(listed) : [])', instead: ''},
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
      code: "'(UID FLAGS INTERNALDATE BODY.PEEK[])', {\n      all: announced * 3 + unannounced,\n    });",
      instead:
        "'(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])', {\n      all: announced * 3 + unannounced,\n    }).then(all => all.filter(({size, body}) => size === body?.length));",
    },
    source,
    'reads everything there is, whatever way it is told',
  ),
  proof(
    12,
    'names a message that FETCH says nothing of',
    {
      file: 'engine/copy/alone.ts',
      code: "const code = (await this.#hasGone(uid)) ? 'message-vanished' : 'message-without-data';",
      instead: "const code = 'message-vanished';",
    },
    source,
    'names a message that is there and of which FETCH says nothing',
  ),
  proof(
    13,
    'names the note in place of a message, and does not copy it',
    {file: 'engine/copy/unsent.ts', code: 'exchange && size <= longestStub', instead: 'false'},
    messages,
    'a note in place of a message is named with the message it stands for, and is not copied',
  ),
  proof(
    13,
    'also where it comes by itself',
    {
      file: 'engine/copy/alone.ts',
      code: '    if (again !== undefined) this.nameUnsent(again);\n',
      instead: '',
    },
    messages,
    'a note that %s is named, and is not copied',
  ),
  proof(
    13,
    'also where it is streamed',
    {
      file: 'engine/copy/large.ts',
      code: 'exchange: source.exchange, limit}),',
      instead: 'exchange: false, limit}),',
    },
    messages,
    'a note that %s is named, and is not copied',
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
      code: 'const unasked = small && !behind && !session.exchange;',
      instead: 'const unasked = true;',
    },
    wire,
    'is asked for before its bytes, so that what is too large is refused before it is sent',
  ),
  proof(
    15,
    'takes what is not stored again and again for a full mailbox',
    {file: 'engine/link/pace.ts', code: 'if (isUnstored(error, why)) return', instead: 'if (false) return'},
    pace,
    'a full mailbox is found out by two more tries, without losing a connection',
  ),
  proof(
    15,
    'takes for full what refuses mail without a reason and stores none between',
    {file: 'engine/link/pace.ts', code: 'this.#unexplained >= mostUnexplained', instead: 'false'},
    pace,
    'is given up after so many in a row (%s lanes)',
  ),
  proof(
    15,
    'and not what stores some between',
    {file: 'engine/link/pace.ts', code: '    this.#unexplained = 0;\n', instead: ''},
    pace,
    'a mailbox that takes every other message is not full',
  ),
  proof(
    15,
    'nor for what an earlier run was refused',
    {file: 'engine/copy/records.ts', code: ' && !refusedBefore.has(message.row.uid)', instead: ''},
    pace,
    'is no mailbox with many messages of the same kind: the next run brings what is behind them',
  ),
  proof(
    15,
    'tries last what an earlier run was refused',
    {
      file: 'engine/copy/plan-folder.ts',
      code: 'work.batches.last = work.mail.last;',
      instead: 'work.batches.last = work.mail.failing.suspects;',
    },
    pace,
    'costs the next run as little, and one with room brings all that it refused',
  ),
  proof(
    15,
    'also where a session is replaced meanwhile',
    {
      file: 'engine/copy/transfer.ts',
      code: 'this.#work.batches.last = this.#work.mail.last;',
      instead: 'this.#work.batches.last = this.#work.mail.failing.suspects;',
    },
    pace,
    'costs the next run as little, and one with room brings all that it refused',
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
];
