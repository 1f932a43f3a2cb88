// Which messages are the same: what is compared, and how far.
import type {Defence} from '../../helpers/defence.ts';

const messages =
  (test: string) =>
  (about: string, file: string, code: string, instead: string, title: string): Defence => ({
    about,
    change: {file: `engine/messages/${file}.ts`, code, instead},
    test: `engine/messages/${test}.test.ts`,
    title,
  });
const read = messages('content');
const matched = messages('match');
const identity = messages('identity');
const likeness = messages('likeness');
const twins = messages('twins');

const deep = 'fields do not count in %s, down to the level where nobody looks any more';
const complete =
  'a destination that writes mail anew: complete by number is complete but for other messages, fewer are copied';
const boundary = 'a boundary is a whole line, or text would be taken for the end of a part';
const anewInPart =
  'a destination that has some of it, each written anew in its own way: what is missing comes, and only that';
const another = 'equal Message-ID with another date or sender is another message';

export const contents: readonly Defence[] = [
  read(
    'looks into so many parts',
    'content',
    '  if (leaves.length >= mostParts) return;\n',
    '',
    'so many parts are compared, and hostile mail ends there',
  ),
  read('looks so deep into parts', 'content', "boundary !== '' && depth < deepest", "boundary !== ''", deep),
  read(
    'and into messages',
    'content',
    "type === 'message/rfc822' && depth < deepest",
    "type === 'message/rfc822'",
    deep,
  ),
  read('a boundary begins a line', 'entity', 'if (lineStart && lineEnd)', 'if (lineEnd)', boundary),
  read('and ends one', 'entity', 'if (lineStart && lineEnd)', 'if (lineStart)', boundary),
  read(
    'reads so much of a header',
    'headers',
    'Math.min(block.byteLength, mostBytes)',
    'block.byteLength',
    'no more of a header is read than is ever fetched of one',
  ),
  matched(
    'merges nothing for its headers alone',
    'match',
    'if (!strong || several',
    'if (several',
    'without a Message-ID the body decides, whatever the number',
  ),
  matched(
    'looks where there are several',
    'match',
    'if (!strong || several',
    'if (!strong',
    'several of one key need the bodies, whatever the number',
  ),
  matched(
    'looks again at what was compared before',
    'match',
    ' || ends.compared?.has(key) === true',
    '',
    'where sizes tell, one of a key that is there twice needs the bodies, and stays in need of them',
  ),
  matched(
    'takes a rewritten group for whole only by its number',
    'by-content',
    'strict === true || destinationUids.length < sourceUids.length',
    'strict === true',
    complete,
  ),
  matched(
    'merges nothing for its Message-ID alone',
    'by-content',
    'if (strict === true || ',
    'if (',
    'equal Message-ID alone merges nothing: it is only a reason to look',
  ),
  matched(
    'gives each copy one message',
    'by-content',
    'const uid = same?.shift();',
    'const uid = same?.[0];',
    'contents are paired one to one; unknown content is copied',
  ),
  ...(
    [
      ['by Subject, sender and recipients', '  [head, head],\n'],
      ['by the lack of a Message-ID', '  [unnamed, head],\n'],
    ] as const
  ).map(([how, code]) =>
    twins(`tells messages of one content apart by their headers: ${how}`, 'by-headers', code, '', anewInPart),
  ),
  ...(
    [
      [
        'messages/by-headers',
        '  [sent, sent],\n',
        '',
        'of one content, what was sent at the same time belongs together before what has no time',
      ],
      [
        'messages/match',
        "['key', 'hint', 'key', 'second hint', 'key', 'undated', 'key']",
        "['key', 'hint', 'second hint', 'undated']",
        'where one of two with a key is found otherwise, the other is compared by number once more',
      ],
      [
        'copy/pair-looks',
        ' && !areApart(times, uid, copy)',
        '',
        'a copy that was sent at another time, and cannot be read, is no reason to hold a message back',
      ],
      [
        'copy/pair-looks',
        '...(row.hints === undefined ? {} : {hints: row.hints})',
        'hints: row.hints ?? []',
        'a row that knows no more of a message than its key is found by that',
      ],
      [
        'copy/compare-contents',
        '      for (const uid of uids) known.ungiven[end].add(uid);\n',
        '',
        'what a server does not send is asked for as often as in one comparison, however many there are',
      ],
    ] as const
  ).map(
    ([file, code, instead, title]): Defence => ({
      about: title,
      change: {file: `engine/${file}.ts`, code, instead},
      test: 'engine/copy/pair-looks.test.ts',
      title,
    }),
  ),
  twins('compares on the better grounds first', 'match', '        ground,\n', '', anewInPart),
  twins('reads a folded Date as it was', 'identity', ".replace(/[ \\t]+/g, ' ')", '', anewInPart),
  identity(
    'tells messages by their date',
    'identity',
    "digest(['id', messageId, date, from])",
    "digest(['id', messageId, from])",
    another,
  ),
  identity(
    'and by their sender',
    'identity',
    "digest(['id', messageId, date, from])",
    "digest(['id', messageId, date])",
    another,
  ),
  read(
    'knows what is no text with other line endings',
    'content',
    'const fed = isText ? bytes : withLineFeeds(bytes);',
    'const fed = bytes;',
    '%s in %s: loosely compared it is the same with other line endings, and not with other words',
  ),
  read(
    'keeps the digests of older ledgers',
    'content',
    "const content = hash('sha256', bytes, 'hex');",
    "const content = hash('sha256', withLineFeeds(bytes), 'hex');",
    'what a ledger keeps of a message is what it always was',
  ),
  {
    about: 'reads the source again where the digest that was kept is not enough',
    change: {
      file: 'engine/copy/compare-contents.ts',
      code: "await read(left, 'loose', reading, work, sessions);",
      instead: '',
    },
    test: 'engine/copy/without-memory.test.ts',
    title:
      'bare line feeds that the destination mends (%s): an answer is lost, then the ledger, and nothing is there twice',
  },
  {
    about: 'compares nothing that was sent again at another time',
    change: {
      file: 'engine/messages/match.ts',
      code: 'sentAt === undefined || times.has(undefined) || times.has(sentAt)',
      instead: 'times.size > 0 || sentAt === undefined',
    },
    test: 'engine/messages/match.test.ts',
    title: 'what was sent at another time is not compared; where the time is not known it is',
  },
  {
    about: 'takes what was sent again at another time for another message, also among others',
    change: {
      file: 'engine/messages/by-content.ts',
      code: 'if (sentAt !== undefined) return this.#of(sentAt) ?? this.#of(undefined);',
      instead: '',
    },
    test: 'engine/messages/twins.test.ts',
    title: 'sent again at another time it is another message, also beside one of which that is not known',
  },
  {
    about: 'compares as much of the text of what is not read whole, whatever its line endings are',
    change: {
      file: 'engine/copy/compare-contents.ts',
      code: ', {digests: beginning}]',
      instead: ']',
    },
    test: 'engine/copy/without-memory.test.ts',
    title:
      'bare line feeds that the destination mends (%s): an answer is lost, then the ledger, and nothing is there twice',
  },
  matched(
    'and only those that may be the same',
    'by-content',
    'rest.findIndex(each => !isOther(uid, each))',
    'rest.findIndex(() => true)',
    complete,
  ),
  ...(
    [
      [
        'sends what plainly is other mail',
        'compare-contents',
        'isOther(likeness.source.get(mine), likeness.destination.get(theirs))',
        'false',
        'into Exchange, other mail %s is sent',
      ],
      [
        'takes no other message for its Message-ID where nobody can tell',
        'compare-contents',
        'settleByNumber(without(left, same), areOther)',
        'settleByNumber(without(left, same).map(({strict: _, ...group}) => group), areOther)',
        'into Exchange, another message that cannot be told by its text is sent where its Message-ID has another %s',
      ],
      [
        'knows what was written anew',
        'compare-contents',
        '{digests: alike}, ',
        '',
        'into Exchange, what it has only written anew is not sent again',
      ],
      [
        'says what it could not tell',
        'pair-looks',
        '  tellUnlike(unlike, work);\n',
        '',
        'into Exchange, what nobody can tell from what is there is not sent, and its number is said',
      ],
    ] as const
  ).map(([about, file, code, instead, title]) => ({
    about,
    change: {file: `engine/copy/${file}.ts`, code, instead},
    test: 'engine/copy/exchange-others.test.ts',
    title,
  })),
  likeness(
    'compares attachments',
    'likeness',
    '  if (one.attachments !== other.attachments) return true;\n',
    '',
    'another message: %s',
  ),
  likeness(
    'compares no text with one in HTML',
    'likeness',
    '  if (one.html !== other.html) return false;\n',
    '',
    'nobody knows: a plain text and one in HTML that do not read alike, or signs in HTML',
  ),
  likeness(
    'compares nothing that Exchange makes an item of its own of',
    'likeness',
    'ownItems.test(type) || ',
    '',
    'nobody knows: %s',
  ),
  likeness(
    'looks for the end of hostile HTML once',
    'visible-text',
    'if (at === -1) missing.add(what);',
    '',
    'hostile HTML costs no more than other: %s',
  ),
  {
    about: 'compares what has another size in a small folder',
    change: {file: 'engine/messages/match.ts', code: 'unlike.length <= mostRewritten', instead: 'false'},
    test: 'engine/copy/other-sizes.test.ts',
    title: 'where it says another thing it is another message: the one of the source is copied',
  },
  {
    about: 'takes there what may have been written anew',
    change: {
      file: 'engine/copy/pair-looks.ts',
      code: "rewritten ? ('stored' as const) : anew",
      instead: 'anew',
    },
    test: 'engine/copy/other-sizes.test.ts',
    title: 'where it cannot be told what it says, it counts as there, and that is said',
  },
];
