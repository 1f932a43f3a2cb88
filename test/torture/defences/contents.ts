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

const deep = 'fields do not count in %s, down to the level where nobody looks any more';
const boundary = 'a boundary is a whole line, or text would be taken for the end of a part';
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
    'if (!strong || uneven',
    'if (uneven',
    'without a Message-ID the body decides, whatever the number',
  ),
  matched(
    'looks where one end has more copies',
    'match',
    'if (!strong || uneven',
    'if (!strong',
    'as many copies at both ends are settled; a different number needs the bodies',
  ),
  matched(
    'looks again at what was compared before',
    'match',
    ' || ends.compared?.has(key) === true',
    '',
    'where sizes tell, only several of one key need the bodies, and stay in need of them',
  ),
  matched(
    'takes a rewritten group for whole only by its number',
    'by-content',
    'digests.rewrites === true && group.destinationUids.length >= group.sourceUids.length',
    'digests.rewrites === true',
    'a destination that rewrites bodies: complete by number is complete, fewer are copied',
  ),
  matched(
    'merges nothing for its Message-ID alone',
    'by-content',
    'const complete = digests.rewrites === true && ',
    'const complete = ',
    'equal Message-ID alone merges nothing: it is only a reason to look',
  ),
  matched(
    'gives each copy one message',
    'by-content',
    "free.get(digests.source.get(uid) ?? '')?.shift()",
    "free.get(digests.source.get(uid) ?? '')?.[0]",
    'contents are paired one to one; unknown content is copied',
  ),
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
      code: "await read(left, 'loose', known.read, work, sessions);",
      instead: '',
    },
    test: 'engine/copy/without-memory.test.ts',
    title:
      'bare line feeds that the destination mends: an answer is lost, then the ledger, and nothing is there twice',
  },
];
