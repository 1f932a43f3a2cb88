// What can be told of two messages that Exchange may have written anew: they are the same, they are not, or nobody knows.
import {expect, it} from 'vitest';
import {isOther, type Likeness, likenessOf} from '../../../source/engine/messages/likeness.ts';

const crlf = '\r\n';
const plain = (text: string, type = 'text/plain; charset=utf-8') =>
  `Content-Type: ${type}${crlf}${crlf}${text}${crlf}`;
const html = (text: string) => plain(text, 'text/html; charset=utf-8');
const base64 = (type: string, bytes: string) =>
  `Content-Type: ${type}${crlf}Content-Transfer-Encoding: base64${crlf}${crlf}${Buffer.from(bytes).toString('base64')}${crlf}`;
const parts = (subtype: string, ...inside: readonly string[]) =>
  `Content-Type: multipart/${subtype}; boundary=b${inside.length}${crlf}${crlf}${inside.map(part => `--b${inside.length}${crlf}${part}${crlf}`).join('')}--b${inside.length}--${crlf}`;

function told(one: string | Buffer, other: string | Buffer): 'same' | 'other' | 'nobody knows' {
  const [mine, theirs] = [one, other].map(text => likenessOf(Buffer.from(text))) as (Likeness | undefined)[];
  expect(isOther(theirs, mine)).toBe(isOther(mine, theirs));
  if (isOther(mine, theirs)) return 'other';
  return mine?.all !== undefined && mine.all === theirs?.all ? 'same' : 'nobody knows';
}

it.each([
  ['blanks and line breaks', plain('One two\r\nthree'), plain('One  two three \r\n\r\n')],
  [
    'what is around a text in HTML, and how its letters are written',
    html('<p title="a>b">Gr&uuml;&szlig;e,&nbsp;<b>1&nbsp;&lt;&nbsp;2</b></p>'),
    html(
      '<HTML><head><title>x</title><META content=y><style>p {color: red}</style></head><!-- z --><body>Grüße, 1 &#60; &#x32;</body></HTML>',
    ),
  ],
  [
    'the plain text beside one in HTML',
    parts('alternative', plain('Look: <http://a.example>'), html('<a href="http://a.example">Look</a>:')),
    parts('alternative', plain('Look:'), html('<p>Look:</p>')),
  ],
  [
    'the order of attachments, their names and types',
    parts('mixed', plain('See.'), base64('application/pdf', 'one'), base64('image/png', 'two')),
    parts(
      'mixed',
      plain('See.'),
      base64('application/octet-stream', 'two'),
      base64('application/pdf', 'one'),
    ),
  ],
  ['the charset', Buffer.from(plain('Grüße', 'text/plain; charset=iso-8859-1'), 'latin1'), plain('Grüße')],
])('the same, whatever %s', (_, one, other) => {
  expect(told(one, other)).toBe('same');
});

it.each([
  ['another word', plain('day 1'), plain('day 2')],
  ['another sign', plain('-5 %'), plain('+5 %')],
  ['another word in HTML', html('<p>day 1</p>'), html('<div>day 2</div>')],
  ['another letter beyond ASCII', plain('見積'), plain('草稿')],
  [
    'another attachment',
    parts('mixed', plain('See.'), base64('application/pdf', 'one')),
    parts('mixed', plain('See.'), base64('application/pdf', 'two')),
  ],
  ['an attachment more', parts('mixed', plain('See.'), base64('application/pdf', 'one')), plain('See.')],
  ['nothing to read', plain('See.'), plain('')],
])('another message: %s', (_, one, other) => {
  expect(told(one, other)).toBe('other');
});

const untold: readonly (readonly [string, (text: string) => string | Buffer])[] = [
  ['a meeting', text => parts('alternative', plain(text), plain(text, 'text/calendar'))],
  ['Outlook mail', text => parts('mixed', plain(text), base64('application/ms-tnef', text))],
  ['a report', text => parts('report', plain(text), plain(text, 'message/delivery-status'))],
  ['a message in it', text => parts('mixed', plain(text), plain(plain(text), 'message/rfc822'))],
  ['a file in the text', text => plain(`begin 644 a.txt${crlf}${text}${crlf}end`)],
  ['a charset that nobody knows', text => plain(text, 'text/plain; charset=x-own')],
  ['letters of a charset that is not named', text => Buffer.from(plain(`é ${text}`, 'text/plain'), 'latin1')],
  ['letters that are none of its charset', text => Buffer.from(plain(`é ${text}`), 'latin1')],
  ['an encoding that nobody knows', text => plain(text, `text/plain${crlf}Content-Transfer-Encoding: x-own`)],
];
it.each(untold)('nobody knows: %s', (_, make) => {
  expect(told(make('day 1'), make('day 2'))).toBe('nobody knows');
});

it('nobody knows: a plain text and one in HTML that do not read alike, or signs in HTML', () => {
  expect(told(plain('See a.example'), html('<a href="http://a.example">See</a>'))).toBe('nobody knows');
  expect(told(html('a &hearts; b'), html('a ♥ b'))).toBe('nobody knows');
  expect(told(html('1 &rarr; 2'), html('1 &rarr; 3'))).toBe('other');
});

it.each(['<!--', '<style>', '<a "', "<a '", '<', '&#', '<a b="'])(
  'hostile HTML costs no more than other: %s',
  open => {
    // Looked for from each of them again, its end takes minutes.
    expect(likenessOf(Buffer.from(html(open.repeat(400_000))))).toMatchObject({html: true});
  },
);
