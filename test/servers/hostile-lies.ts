// What a server says to hurt: a table of lies, each for one kind of reply. Pure but for the endless ones, which come
// piece by piece. Strings are latin1, as they go on the wire.
import {encodeMailbox} from '../../source/engine/imap/modified-utf7.ts';
import {type Exchanged, fallSilent, hangUp, type Lie} from './hostile.ts';
import {misled} from './hostile-misled.ts';
import {
  type Attack,
  adding,
  before,
  both,
  changing,
  destination,
  dripping,
  endless,
  inOrder,
  instead,
  listing,
  megabyte,
  on,
  type ReplyKind,
  type Row,
  replies,
  source,
  tagged,
} from './hostile-says.ts';
import {acts, awfulNames, brokenNames, evil, utf8} from './hostile-text.ts';

const reading: readonly ReplyKind[] = ['list', 'namespace', 'examine', 'sizes', 'bodies'];
const writing: readonly ReplyKind[] = ['list', 'namespace', 'create', 'select', 'append', 'status'];
const looking: readonly ReplyKind[] = ['search', 'headers'];

/** What can be said in place of any reply. */
const anywhere: Readonly<Record<string, (exchanged: Exchanged) => Lie>> = {
  'a line without end': () => endless(megabyte),
  'a line of 10 MB': exchanged => inOrder('* OK ', ...Array(10).fill(megabyte), '\r\n', exchanged.reply),
  'lines without end': () => endless('* 1 EXISTS\r\n'.repeat(5000)),
  'a word now and then': () => dripping('* OK still here\r\n', 40),
  'a byte now and then': () => dripping('x', 40),
  silence: () => fallSilent,
  'a goodbye with escapes': () => inOrder(`* BYE ${utf8(evil)}\r\n`, hangUp),
  'a goodbye and no end': () => inOrder('* BYE later\r\n', fallSilent),
  'a hang-up in the middle': ({reply}) => inOrder(reply.slice(0, Math.max(1, reply.length >> 1)), hangUp),
  'a tag of nobody': exchanged => `F999999 OK done\r\nA OK done\r\n${exchanged.reply}`,
  'a refusal with escapes': exchanged => tagged(exchanged, `NO [${utf8(evil)}] ${utf8(evil)}`),
  'a refusal of 10 MB': exchanged => inOrder(`${exchanged.tag} NO `, ...Array(10).fill(megabyte), '\r\n'),
  'a BAD': exchanged => tagged(exchanged, 'BAD no'),
  'a literal never finished': () => inOrder('* LIST () "/" {1000}\r\nabc', fallSilent),
  'a literal of 93 GB': () => inOrder('* LIST () "/" {99999999999}\r\n', endless(megabyte)),
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

const special: readonly Row[] = [
  ['a greeting with escapes', both, 'greeting', () => `* OK ${utf8(evil)}\r\n`],
  [
    'capabilities without end',
    both,
    'greeting',
    () => inOrder('* OK [CAPABILITY IMAP4rev1', endless(' X'.repeat(100_000))),
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
  ['the sign-in said back', both, 'login', ({tag, command}) => `${tag} BAD Unknown command: ${command}\r\n`],
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
  ['EXISTS of 4 billion', destination, 'select', changing(/\* \d+ EXISTS/, '* 4294967295 EXISTS')],
  ['flags without end', both, 'examine', () => inOrder('* FLAGS (', endless('\\Seen '.repeat(10_000)))],
  ['flags without end', destination, 'select', () => inOrder('* FLAGS (', endless('\\Seen '.repeat(10_000)))],
  [
    'flags with escapes',
    destination,
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
  at: /^AUTHENTICATE/,
  lies: ({command, reply}) => {
    if (command === '') return reply.replace('* OK', '* OK [CAPABILITY IMAP4rev1 AUTH=LOGIN]');
    return /^AUTHENTICATE/.test(command) ? endless('+ UGFzc3dvcmQ6\r\n') : undefined;
  },
};

const quota: Attack = {
  name: 'quota roots meant to hurt',
  ends: destination,
  at: /^GETQUOTAROOT/,
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
    .map(([name, ends, kind, lie]): Attack => attackOf(name, ends, kind, lie)),
  ...misled.map(
    ([name, ends, kind, lie]): Attack => ({
      ...attackOf(name, ends, kind, lie),
      name: `${name} (${kind}, half is there)`,
      held: true,
    }),
  ),
  ...Object.entries(anywhere).flatMap(([name, lie]) =>
    (['greeting', 'login', ...new Set([...reading, ...writing, ...looking])] as ReplyKind[]).map(kind => {
      const held = looking.includes(kind);
      const ends = both.filter(
        end =>
          held ||
          ['greeting', 'login'].includes(kind) ||
          (end === 'source' ? reading : writing).includes(kind),
      );
      // A greeting that is none is waited for.
      const waits = waiting.has(name) || (kind === 'greeting' && name === 'a BAD');
      return {...attackOf(name, ends, kind, lie), waits, held};
    }),
  ),
];

function attackOf(
  name: string,
  ends: Attack['ends'],
  kind: ReplyKind,
  lie: (exchanged: Exchanged) => Lie,
): Attack {
  return {name: `${name} (${kind})`, ends, at: replies[kind], lies: on(replies[kind], lie)};
}
