// What servers send: responses, names, numbers and dates of IMAP.
import {readStructure} from '../../../../source/engine/imap/body-structure.ts';
import {readTagged} from '../../../../source/engine/imap/command.ts';
import {backoffTime, ConnectionLost, ServerRefused} from '../../../../source/engine/imap/errors.ts';
import {Framing, FramingError, type WireResponse} from '../../../../source/engine/imap/framing.ts';
import {internalDateMs} from '../../../../source/engine/imap/internal-date.ts';
import {ListBounds} from '../../../../source/engine/imap/list-bounds.ts';
import type {Literal} from '../../../../source/engine/imap/literal.ts';
import {decodeMailbox, encodeMailbox} from '../../../../source/engine/imap/modified-utf7.ts';
import {messageOf} from '../../../../source/engine/imap/other-reader.ts';
import {
  aboutBefore,
  arrivalIn,
  type MailboxStatus,
  mailbox,
  quoted,
  readFetch,
  readNamespaces,
  readQuota,
  readSize,
  readStatus,
  uidsFound,
} from '../../../../source/engine/imap/responses.ts';
import {readUidSet, uidSets} from '../../../../source/engine/imap/uid-set.ts';
import {readValues} from '../../../../source/engine/imap/values.ts';
import {problemFromError} from '../../../../source/engine/problems/from-error.ts';
import {type Input, must, mustBeClean, orOwn, pieces, same, type Target} from '../target.ts';

const responses = [
  '* 7 FETCH (UID 9 FLAGS (\\Seen $Label1) INTERNALDATE "17-Jul-1996 02:44:25 -0700" BODY[] {12}\r\nSubject: x\r\n)\r\n* 8 FETCH (UID 10 RFC822.SIZE 44827)\r\n',
  '* 7 FETCH (UID 9 FLAGS (\\Seen $Label1) INTERNALDATE "17-Jul-1996 02:44:25 -0700" RFC822.SIZE 44827 BODY[] {12}\r\nSubject: x\r\n)\r\n',
  '* 1 FETCH (BODY[HEADER.FIELDS (FROM "TO")] {5}\r\nx: y\r UID 4 FLAGS ())\r\nF1 OK done\r\n',
  '* STATUS "a b" (MESSAGES 231 UIDNEXT 44292 UIDVALIDITY 1 SIZE 99999999999)\r\n* STATUS {3}\r\na"b (MESSAGES 1)\r\n',
  '* QUOTA "" (STORAGE 10 512 MESSAGE 1 2)\r\n* NAMESPACE (("" "/")) (("~" "/")) (("#shared/" "/"))\r\n',
  '* LIST (\\HasNoChildren \\Sent) "/" "&ZeVnLIqe-"\r\n* SEARCH 2 84 882\r\nF2 NO [TOOBIG] no\r\n',
  '* ESEARCH (TAG "A1") UID ALL 1:3,7\r\n+ go on\r\n* BYE Session invalidated - AccessTokenExpired\r\n',
];
/** A FETCH as imapflow gives it to who asks for it word by word. */
const fetched = [
  {value: 'UID'},
  {value: '9'},
  {value: 'FLAGS'},
  [{value: '\\Seen'}, null],
  {value: 'INTERNALDATE'},
  {value: '17-Jul-1996 02:44:25 -0700'},
  {value: 'RFC822.SIZE'},
  {value: '12'},
  {value: 'BODY', section: []},
  {value: 'Subject: x\r\n'},
];

/** Lists, NIL and what has a value are all that there is. */
function asNodes(value: unknown): Parameters<typeof messageOf>[0] {
  if (Array.isArray(value)) return value.map(each => asNodes(each) ?? null);
  return typeof value === 'object' ? value : {value};
}
const words = [
  '* 1 FETCH (',
  '* STATUS ',
  '* QUOTA ',
  '* NAMESPACE ',
  ' UID 7',
  'UID 0',
  ' FLAGS (',
  'INTERNALDATE "',
  'RFC822.SIZE ',
  'BODY[',
  'BODY[] ',
  'BODY[]<0> {3}',
  '{3}',
  '{0}',
  '{3+}\r\n',
  '~{2}\r\nab',
  '{99999999999999}',
  'NIL',
  ' ',
  '\\Seen',
  'STORAGE',
  '""',
  '"\\""',
  '((',
  '))',
];

function read(bytes: readonly Buffer[]): {readonly responses: WireResponse[]; readonly failures: unknown[]} {
  const seen = {responses: [] as WireResponse[], failures: [] as unknown[]};
  const frames = new Framing({
    response: response => seen.responses.push(response),
    literal: () => undefined,
    hold: () => undefined,
    release: () => undefined,
    failed: error => seen.failures.push(error),
  });
  for (const piece of bytes) frames.push(piece);
  return seen;
}

const shown = ({responses: all, failures}: ReturnType<typeof read>) => ({
  all: all.map(({lines, literals}) => [
    lines,
    literals.map((each: Literal) => each.bytes.toString('latin1')),
  ]),
  failures: failures.map(String),
});

function framing({bytes, random}: Input): void {
  const whole = read([bytes]);
  must(same(shown(read(pieces(bytes, random))), shown(whole)), 'cut elsewhere, it says something else');
  for (const error of whole.failures) {
    must(error instanceof FramingError, `framing fails with ${String(error)}`);
    mustBeClean(error.message, 'the error');
  }
  must(whole.failures.length <= 1, 'it fails more than once');
}

const isCount = (value: number | undefined, most = 2 ** 32 - 1) =>
  value === undefined || (Number.isSafeInteger(value) && value >= 0 && value <= most);

function answers({bytes}: Input): void {
  for (const response of read([bytes]).responses) {
    const [line = ''] = response.lines;
    orOwn(() => readValues(response, 0), RangeError);
    const fetched = orOwn(() => readFetch(response), RangeError);
    if (fetched !== undefined) {
      must(isCount(fetched.uid) && fetched.uid > 0, `UID ${fetched.uid}`);
      must(isCount(fetched.size), `size ${fetched.size}`);
      must(
        (fetched.flags ?? []).every(flag => typeof flag === 'string'),
        'a flag is no text',
      );
    }
    // Two blanks mean the same, and no line with them is read at a glance.
    const spaced = line.replace(' FETCH (', ' FETCH  (');
    must(
      same(
        orOwn(() => readFetch({...response, lines: [spaced, ...response.lines.slice(1)]}), RangeError),
        fetched,
      ),
      'a message is read otherwise at a glance',
    );
    const statuses = new Map<string, MailboxStatus>();
    orOwn(() => readStatus(response, statuses), RangeError);
    for (const {messages, uidNext, uidValidity, bytes: size} of statuses.values())
      must(
        isCount(messages) && isCount(uidNext) && isCount(uidValidity) && isCount(size, 2 ** 40),
        `status ${messages} ${uidNext} ${uidValidity} ${size}`,
      );
    const free = orOwn(() => readQuota(response), RangeError);
    must(free === undefined || free >= 0, `quota ${free}`);
    const names = orOwn(() => readNamespaces(response), RangeError);
    must(names === undefined || typeof names.prefix === 'string', 'a namespace without prefix');
    const size = orOwn(() => readSize(line), RangeError);
    must(
      same(
        orOwn(() => readSize(spaced), RangeError),
        size,
      ),
      'a size is read otherwise at a glance',
    );
    must(
      size === undefined || (isCount(size.uid) && size.uid > 0 && isCount(size.size)),
      'a size out of bounds',
    );
    for (const uid of orOwn(() => [...uidsFound(line)], RangeError) ?? [])
      must(isCount(uid) && uid > 0, `UID ${uid} found`);
    aboutBefore(line);
    must(isDate(arrivalIn(line)), 'a date that is none');
    const bounds = new ListBounds('source');
    orOwn(() => bounds.add(line, '/'), FramingError);
  }
}

const isDate = (ms: number | undefined) => ms === undefined || Number.isFinite(new Date(ms).getTime());

const structure =
  '(("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 12 1 NIL NIL NIL NIL)("message" "rfc822" NIL NIL NIL "7bit" 400 ("Thu" "s" NIL NIL NIL NIL NIL NIL NIL "<1@b>") ("text" "html" NIL NIL NIL "base64" 3 1) 20 NIL NIL NIL NIL) "mixed" ("boundary" "x") NIL NIL NIL)';

export const wireTargets: readonly Target[] = [
  {
    name: 'wire.framing',
    samples: responses,
    words,
    hurts: [['x', ' {1}\r\ny', '\r\n']],
    check: framing,
  },
  {
    name: 'wire.responses',
    samples: responses,
    words,
    hurts: [['* 1 FETCH (', ' FLAGS (', 'BODY[] {3}\r\nabc)\r\n']],
    check: answers,
  },
  {
    name: 'wire.structure',
    samples: [structure, structure.repeat(3)],
    words: ['("message" "rfc822" ', '("text" ', '"mixed"', '(', ')', 'NIL', ' 99 ', '"\\"'],
    check({latin1}) {
      const found = readStructure(latin1, 0);
      if (found === undefined) return;
      for (const [name, value] of Object.entries(found)) must(isCount(value, 2 ** 53), `${name} ${value}`);
    },
  },
  {
    name: 'wire.uids',
    samples: ['1:3,5,7:8', '4294967295', '181:200,305', '8:1'],
    words: [':', ',', '1', '4294967295', '5000000'],
    check({latin1}) {
      const uids = readUidSet(latin1);
      must(uids.length <= 5_000_001, `${uids.length} UIDs`);
      must(
        uids.every(uid => Number.isSafeInteger(uid) && uid >= 0),
        'a UID that is none',
      );
      const few = [...new Set(uids.slice(0, 2000))].sort((one, other) => one - other);
      must(same(uidSets(few).flatMap(readUidSet), few), 'a set is not read back as it was written');
    },
  },
  {
    name: 'wire.names',
    samples: ['INBOX/Entw&APw-rfe', '&ZeVnLIqe-', 'Q&-A', 'Fødselsdage/日本語', 'a\ud800b', '&2D3eAA-'],
    words: ['&', '-', '&-', '&AAA-', '&2AA-', ',', '/'],
    check({latin1, text}) {
      must(decodeMailbox(encodeMailbox(text)) === text, 'a name does not come back as it was');
      const name = decodeMailbox(latin1);
      must(decodeMailbox(encodeMailbox(name)) === name, 'a name from a server does not come back as it was');
      for (const sent of [mailbox(text), mailbox(name), quoted(latin1)])
        must(/^"(?:[^"\\\r\n\0]|\\["\\])*"$/.test(sent), `sent as ${JSON.stringify(sent)}`);
      must(/^[\x20-\x7e]*$/.test(mailbox(text)), 'a name is sent with what is no ASCII');
    },
  },
  {
    name: 'wire.dates',
    samples: [
      '17-Jul-1996 02:44:25 -0700',
      ' 5-Jun-2019 07:08:09 +0200',
      '31-Feb-0000 99:99:99 +9999',
      '01-Jan-9999 00:00:00 -9999',
    ],
    words: ['Jan', '-', ':', '+', '0000', '99', ' '],
    check({latin1}) {
      must(isDate(internalDateMs(latin1)), `${JSON.stringify(latin1)} is no date`);
    },
  },
  {
    name: 'wire.refusals',
    samples: [
      '[OVERQUOTA] full',
      'Request is throttled. Suggested Backoff Time: 299609 milliseconds',
      '[AUTHENTICATIONFAILED] AADSTS50126: invalid',
      'Session invalidated - AccessTokenExpired',
      'Maximum size of appendable message has been exceeded',
    ],
    words: ['Backoff Time', ': ', '[', ']', 'AADSTS', '999999999999', 'NO ', 'APPENDUID 1 1:9'],
    check({text, random}) {
      const tagged = readTagged(random.pick(['', 'NO ', 'ok ']) + text);
      must(text.endsWith(tagged.text), 'the words of an answer are not its own');
      const wait = backoffTime(text);
      must(wait === undefined || (wait >= 0 && wait <= 86_400_000), `a wait of ${wait} ms`);
      const end = random.pick(['source', 'destination'] as const);
      const error = random.pick([
        new ServerRefused(end, 'NO', text, 'APPEND'),
        new ServerRefused(end, 'BAD', text, 'SELECT'),
        new ConnectionLost(end, 'EConnectionClosed', 'The server closed the connection', text),
        Object.assign(new Error(text), {
          code: text,
          responseText: text,
          serverResponseCode: text,
          throttleReset: 1e308,
        }),
      ]);
      const during = random.pick([
        'connect',
        'sign-in',
        'list',
        'create',
        'fetch',
        'append',
        'other',
      ] as const);
      const said = problemFromError(error, {
        end,
        login: text,
        server: text,
        during,
        folder: text,
        greeting: text,
      });
      for (const words of [said.sentence, said.nextStep ?? '', said.detail ?? '', said.link ?? ''])
        mustBeClean(words, said.code);
      must(said.sentence.length < 3000, `a sentence of ${said.sentence.length} characters`);
    },
  },
  {
    name: 'wire.otherwise',
    samples: [JSON.stringify(fetched)],
    json: true,
    check({text}) {
      let items: unknown;
      try {
        items = JSON.parse(text);
      } catch {
        return;
      }
      const read = messageOf(asNodes(items), 9);
      if (read === undefined) return;
      must(read.uid === 9 && read.size === read.body?.length, 'a message that is not whole');
      must(
        read.flags.every(flag => typeof flag === 'string' && flag !== ''),
        'a flag that is none',
      );
      must(typeof read.internalDate === 'string', 'a date that is none');
    },
  },
];
