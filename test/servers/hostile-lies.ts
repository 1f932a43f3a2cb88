// What a server says to hurt: a table of lies, each for one kind of reply. Pure but for the endless ones, which come
// piece by piece. Strings are latin1, as they go on the wire.
import {setTimeout as wait} from 'node:timers/promises';
import {encodeMailbox} from '../../source/engine/imap/modified-utf7.ts';
import {type Exchanged, fallSilent, type Hostility, hangUp, type Lie} from './hostile.ts';
import {acts, awfulNames, brokenNames, evil, utf8} from './hostile-text.ts';

export type Attack = {
  readonly name: string;
  /** For either end, where it makes sense there. */
  readonly ends: readonly ('source' | 'destination')[];
  readonly lies: Hostility;
  /** Costs time-outs, and nothing else. */
  readonly waits?: boolean;
};

const on =
  (which: RegExp, lie: (exchanged: Exchanged) => Lie): Hostility =>
  exchanged =>
    which.test(exchanged.command) ? lie(exchanged) : undefined;

/** The kinds of replies, by the command that they answer. */
export const replies = {
  greeting: /^$/,
  login: /^LOGIN /,
  id: /^ID /,
  list: /^LIST /,
  namespace: /^NAMESPACE/,
  status: /^STATUS /,
  examine: /^EXAMINE /,
  select: /^SELECT /,
  create: /^CREATE /,
  sizes: /^UID FETCH \S+ \(UID RFC822.SIZE\)/,
  headers: /^UID FETCH .*HEADER/,
  bodies: /^UID FETCH .*BODY\.PEEK\[\]/,
  search: /^UID SEARCH/,
  append: /^APPEND /,
} as const;
export type ReplyKind = keyof typeof replies;
const reading: readonly ReplyKind[] = ['list', 'namespace', 'examine', 'sizes', 'bodies'];
const writing: readonly ReplyKind[] = ['list', 'namespace', 'create', 'select', 'append', 'status'];

const megabyte = 'x'.repeat(1024 * 1024);

function* endless(piece: string): Generator<string> {
  for (;;) yield piece;
}

async function* dripping(piece: string, ms: number): AsyncGenerator<string> {
  for (;;) {
    yield piece;
    await wait(ms, undefined, {ref: false});
  }
}

function* then(...parts: (string | Iterable<string> | typeof hangUp | typeof fallSilent)[]) {
  for (const part of parts) {
    if (typeof part === 'string' || typeof part === 'symbol') yield part;
    else yield* part;
  }
}

const tagged = ({tag}: Exchanged, text: string) => `${tag === '' ? '*' : tag} ${text}\r\n`;
const before = (text: string) => (exchanged: Exchanged) => text + exchanged.reply;

/** What can be said in place of any reply. */
const anywhere: Readonly<Record<string, (exchanged: Exchanged) => Lie>> = {
  'a line without end': () => endless(megabyte),
  'a line of 10 MB': exchanged => then('* OK ', ...Array(10).fill(megabyte), '\r\n', exchanged.reply),
  'lines without end': () => endless('* 1 EXISTS\r\n'.repeat(5000)),
  'a word now and then': () => dripping('* OK still here\r\n', 40),
  'a byte now and then': () => dripping('x', 40),
  silence: () => fallSilent,
  'a goodbye with escapes': () => then(`* BYE ${utf8(evil)}\r\n`, hangUp),
  'a goodbye and no end': () => then('* BYE later\r\n', fallSilent),
  'a hang-up in the middle': ({reply}) => then(reply.slice(0, Math.max(1, reply.length >> 1)), hangUp),
  'a tag of nobody': exchanged => `F999999 OK done\r\nA OK done\r\n${exchanged.reply}`,
  'a refusal with escapes': exchanged => tagged(exchanged, `NO [${utf8(evil)}] ${utf8(evil)}`),
  'a refusal of 10 MB': exchanged => then(`${exchanged.tag} NO `, ...Array(10).fill(megabyte), '\r\n'),
  'a BAD': exchanged => tagged(exchanged, 'BAD no'),
  'a literal never finished': () => then('* LIST () "/" {1000}\r\nabc', fallSilent),
  'a literal of 93 GB': () => then('* LIST () "/" {99999999999}\r\n', endless(megabyte)),
  'a literal beyond all numbers': before('* OK {999999999999999999999999}\r\n'),
  'literals without end': () => endless('* LIST () "/" {1}\r\nx'.slice(0, -3) + '{3}\r\nabc '.repeat(1000)),
  'a thousand parentheses': before(`* LIST ${'('.repeat(100_000)}\r\n`),
  'a nested structure': before(`* 1 FETCH (BODYSTRUCTURE ${'('.repeat(10_000)}${')'.repeat(10_000)})\r\n`),
  continuations: () => endless('+ UGFzc3dvcmQ6\r\n'.repeat(1000)),
  'answers before the question': ({reply, tag}) => {
    const next = /^([A-Z]*)(\d+)$/.exec(tag);
    const ahead =
      next === null ? ['1', '2', 'F1', 'F2'] : [1, 2, 3].map(more => `${next[1]}${Number(next[2]) + more}`);
    return reply + ahead.map(each => `${each} OK done\r\n`).join('');
  },
  garbage: exchanged => `\0\xff\xfe"\\{}[]()\r\n* \r\n*\r\n\r\n+\r\n${exchanged.reply}`,
};

/** Those of them that keep the client waiting. */
const waiting = new Set([
  'a word now and then',
  'a byte now and then',
  'silence',
  'a goodbye and no end',
  'a literal never finished',
]);

const quote = (wire: string) => `"${wire.replace(/["\\]/g, '\\$&')}"`;
const listing = (names: Iterable<string>) =>
  [...names].map(name => `* LIST (\\HasNoChildren) "/" ${quote(name)}\r\n`).join('');
/** In front of the tagged line. */
const adding = (text: string) => (exchanged: Exchanged) => {
  const tail = exchanged.reply.lastIndexOf(`\r\n${exchanged.tag} `);
  const at = tail === -1 ? 0 : tail + 2;
  return exchanged.reply.slice(0, at) + text + exchanged.reply.slice(at);
};
const changing = (what: RegExp, to: string) => (exchanged: Exchanged) => exchanged.reply.replace(what, to);
const instead = (text: string) => (exchanged: Exchanged) => `${text}${exchanged.tag} OK done\r\n`;

const numbers = [
  '0',
  '-1',
  '4294967296',
  '9007199254740993',
  '99999999999999999999',
  '007',
  '1e9',
  'NaN',
  '',
];

const both = ['source', 'destination'] as const;
const source = ['source'] as const;
const destination = ['destination'] as const;
type Row = readonly [string, readonly ('source' | 'destination')[], ReplyKind, (exchanged: Exchanged) => Lie];

const special: readonly Row[] = [
  ['a greeting with escapes', both, 'greeting', () => `* OK ${utf8(evil)}\r\n`],
  [
    'capabilities without end',
    both,
    'greeting',
    () => then('* OK [CAPABILITY IMAP4rev1', endless(' X'.repeat(100_000))),
  ],
  [
    '100,000 capabilities',
    both,
    'login',
    ({tag}) =>
      `${tag} OK [CAPABILITY IMAP4rev1 ${Array.from({length: 100_000}, (_, i) => `X${i}`).join(' ')}] in\r\n`,
  ],
  [
    'capabilities with escapes',
    both,
    'login',
    ({tag}) =>
      `${tag} OK [CAPABILITY IMAP4rev1 ID APPENDLIMIT=-5 APPENDLIMIT=99999999999999999999 X${utf8(acts.replaceAll(/[\r\n\]\s]/g, ''))}] in\r\n`,
  ],
  ['passwords asked for without end', both, 'greeting', ({reply}) => reply],
  [
    'an ID with escapes',
    both,
    'id',
    adding(`* ID ("name" "${utf8(evil.replaceAll(/[\r\n"\\]/g, ''))}")\r\n`),
  ],
  [
    'names meant to hurt',
    both,
    'list',
    adding(
      listing([
        ...awfulNames.map(encodeMailbox),
        ...awfulNames.map(name => utf8(name.replaceAll(/[\r\n]/g, ''))),
        ...brokenNames,
      ]),
    ),
  ],
  ['100,000 folders', both, 'list', adding(listing(Array.from({length: 100_000}, (_, i) => `f${i}`)))],
  ['folders without end', both, 'list', () => folders()],
  ['a folder 100,000 levels deep', both, 'list', adding(listing(['a/'.repeat(100_000)]))],
  ['a folder name of 10 MB', both, 'list', adding(listing([megabyte.repeat(10)]))],
  [
    'names that differ in case and form',
    both,
    'list',
    adding(
      listing(
        Array.from({length: 500}, (_, i) =>
          encodeMailbox(`${i % 2 ? 'É' : 'E\u0301'}${i % 3 ? 'a' : 'A'}${i % 5}`),
        ),
      ),
    ),
  ],
  ['a delimiter that is an escape', both, 'list', changing(/"\/"/g, '"\x1b"')],
  ['a delimiter that is a letter', both, 'list', changing(/"\/"/g, '"N"')],
  ['no delimiter', both, 'list', changing(/"\/"/g, 'NIL')],
  [
    'a namespace with escapes',
    both,
    'namespace',
    instead(`* NAMESPACE (("${utf8(acts.replaceAll(/[\r\n"\\]/g, ''))}" "/")) (("" "/")) ((NIL NIL))\r\n`),
  ],
  [
    'a namespace of everybody',
    both,
    'namespace',
    instead('* NAMESPACE (("" "/")) (("I" "/")) (("N" "/"))\r\n'),
  ],
  ['a quota with escapes', destination, 'greeting', ({reply}) => reply],
  ...numbers.flatMap((number): Row[] => [
    [
      `STATUS numbers ${number}`,
      both,
      'list',
      changing(/(MESSAGES|UIDNEXT|UIDVALIDITY|SIZE) \d+/g, `$1 ${number}`),
    ],
    [
      `EXAMINE numbers ${number}`,
      source,
      'examine',
      exchanged =>
        exchanged.reply
          .replace(/\* \d+ EXISTS/, `* ${number} EXISTS`)
          .replace(/(UIDNEXT|UIDVALIDITY) \d+/g, `$1 ${number}`),
    ],
    [
      `SELECT numbers ${number}`,
      destination,
      'select',
      exchanged =>
        exchanged.reply
          .replace(/\* \d+ EXISTS/, `* ${number} EXISTS`)
          .replace(/(UIDNEXT|UIDVALIDITY) \d+/g, `$1 ${number}`),
    ],
    [`UID ${number}`, source, 'sizes', changing(/UID 1\b/, `UID ${number}`)],
    [`SIZE ${number}`, source, 'sizes', changing(/SIZE \d+/g, `SIZE ${number}`)],
    [`a literal of ${number}`, source, 'bodies', changing(/\{\d+\}/, `{${number}}`)],
    [`APPENDUID ${number}`, destination, 'append', changing(/APPENDUID (\d+) \d+/, `APPENDUID $1 ${number}`)],
  ]),
  ['EXISTS of 4 billion', both, 'examine', changing(/\* \d+ EXISTS/, '* 4294967295 EXISTS')],
  ['flags without end', both, 'examine', () => then('* FLAGS (', endless('\\Seen '.repeat(10_000)))],
  [
    'flags with escapes',
    both,
    'select',
    changing(/PERMANENTFLAGS \([^)]*\)/, `PERMANENTFLAGS (\\* ${utf8(acts.replaceAll(/[\r\n)\s]/g, ''))})`),
  ],
  ['messages without end', source, 'sizes', () => messages()],
  [
    'each message twice',
    source,
    'sizes',
    ({reply, tag}) => reply.replace(`${tag} OK`, `${reply.slice(0, reply.lastIndexOf(`${tag} `))}${tag} OK`),
  ],
  [
    'each body twice',
    source,
    'bodies',
    ({reply, tag}) => reply.slice(0, reply.lastIndexOf(`\r\n${tag} `) + 2) + reply,
  ],
  [
    'bodies nobody asked for',
    source,
    'bodies',
    adding('* 9 FETCH (UID 999 FLAGS () INTERNALDATE "17-Jul-1996 02:44:25 -0700" BODY[] {5}\r\nstray)\r\n'),
  ],
  ['bodies without UID', source, 'bodies', changing(/UID \d+ ?/g, '')],
  ['bodies that vanish', source, 'bodies', adding('* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n* 0 EXISTS\r\n')],
  ['a body longer than its literal', source, 'bodies', changing(/\{\d+\}/, '{20}')],
  ['a body shorter than its literal', source, 'bodies', changing(/\{\d+\}/, '{5000}')],
  [
    'a body of NIL',
    source,
    'bodies',
    ({reply, tag}) =>
      `* 1 FETCH (UID ${1} FLAGS () INTERNALDATE "17-Jul-1996 02:44:25 -0700" BODY[] NIL)\r\n${reply.slice(reply.lastIndexOf(`${tag} `))}`,
  ],
  ['bodies of 8 MB that were announced small', source, 'bodies', exchanged => swollen(exchanged)],
  [
    'dates of nonsense',
    source,
    'bodies',
    changing(/INTERNALDATE "[^"]*"/g, 'INTERNALDATE "99-Foo-0000 99:99:99 +9999"'),
  ],
  [
    'dates of the year 9999',
    source,
    'bodies',
    changing(/INTERNALDATE "[^"]*"/g, 'INTERNALDATE "31-Dec-9999 23:59:59 +0000"'),
  ],
  [
    '100,000 flags',
    source,
    'bodies',
    changing(
      /FLAGS \([^)]*\)/g,
      `FLAGS (${'\\Seen $a '.repeat(50_000)}${utf8(acts.replaceAll(/[\r\n)\s]/g, ''))})`,
    ),
  ],
  ['UIDs found without end', both, 'search', () => found()],
  ['UIDs found beyond 2^32', both, 'search', instead('* SEARCH 0 4294967296 99999999999999 -1 1 1 1\r\n')],
  [
    'APPENDUID of everything',
    destination,
    'append',
    changing(/APPENDUID (\d+) \d+/, 'APPENDUID $1 1:4294967295'),
  ],
  [
    'APPENDUID of another folder',
    destination,
    'append',
    changing(/APPENDUID \d+ \d+/, 'APPENDUID 4294967295 4294967295'),
  ],
  [
    'APPENDUID of one message for all',
    destination,
    'append',
    changing(/APPENDUID (\d+) \d+/, 'APPENDUID $1 1'),
  ],
  ['an APPEND answered twice', destination, 'append', ({reply}) => reply + reply],
];

function* folders(): Generator<string> {
  for (let number = 0; ; number += 1000)
    yield listing(Array.from({length: 1000}, (_, i) => `folder ${number + i}`));
}

function* messages(): Generator<string> {
  for (let number = 1; ; number += 1000)
    yield Array.from(
      {length: 1000},
      (_, i) => `* ${number + i} FETCH (UID ${(number + i) % 4_294_967_295} RFC822.SIZE 1000)\r\n`,
    ).join('');
}

function* found(): Generator<string> {
  for (let number = 1; ; number += 10_000)
    yield `* SEARCH ${Array.from({length: 10_000}, (_, i) => (number + i) % 4_294_967_295).join(' ')}\r\n`;
}

function* swollen({reply, tag}: Exchanged): Generator<string> {
  for (const [, uid] of reply.matchAll(/UID (\d+)/g)) {
    yield `* 1 FETCH (UID ${uid} FLAGS () INTERNALDATE "17-Jul-1996 02:44:25 -0700" BODY[] {${8 * megabyte.length}}\r\n`;
    for (let part = 0; part < 8; part++) yield megabyte;
    yield ')\r\n';
  }
  yield `${tag} OK done\r\n`;
}

/** Challenges without end behind a SASL sign-in. */
const challenges: Attack = {
  name: 'passwords asked for without end',
  ends: both,
  lies: ({command, reply}) => {
    if (command === '') return reply.replace('* OK', '* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN]');
    return /^AUTHENTICATE/.test(command) ? endless('+ UGFzc3dvcmQ6\r\n') : undefined;
  },
};

const quota: Attack = {
  name: 'quota roots meant to hurt',
  ends: destination,
  lies: ({command, reply, tag}) => {
    if (/^LOGIN /.test(command)) return reply.replace('CAPABILITY ', 'CAPABILITY QUOTA ');
    if (!/^GETQUOTAROOT/.test(command)) return undefined;
    const root = utf8(acts.replaceAll(/[\r\n"\\]/g, ''));
    return `* QUOTAROOT INBOX "${root}"\r\n* QUOTA "${root}" (STORAGE 99999999999999999999 -5 STORAGE 9007199254740991 0 STORAGE 1)\r\n* QUOTA\r\n${tag} OK done\r\n`;
  },
};

/** All of them: the special ones, and for each kind of reply what can be said anywhere. */
export const attacks: readonly Attack[] = [
  challenges,
  quota,
  ...special
    .filter(([name]) => name !== challenges.name && name !== 'a quota with escapes')
    .map(
      ([name, ends, kind, lie]): Attack => ({name: `${name} (${kind})`, ends, lies: on(replies[kind], lie)}),
    ),
  ...Object.entries(anywhere).flatMap(([name, lie]) =>
    (['greeting', 'login', ...new Set([...reading, ...writing])] as ReplyKind[]).map((kind): Attack => {
      const ends = both.filter(
        end => ['greeting', 'login'].includes(kind) || (end === 'source' ? reading : writing).includes(kind),
      );
      // A greeting that is none is waited for.
      const waits = waiting.has(name) || (kind === 'greeting' && name === 'a BAD');
      return {name: `${name} (${kind})`, ends, lies: on(replies[kind], lie), waits};
    }),
  ),
];
