// How far a message is looked into when it is compared, and what lies between two boundaries.
import {expect, it} from 'vitest';
import {contentDigest, contentDigests} from '../../../source/engine/messages/content.ts';
import {partsOf} from '../../../source/engine/messages/entity.ts';
import {parseHeaders} from '../../../source/engine/messages/headers.ts';
import {mended} from '../../../source/engine/messages/mend.ts';

/** A message in a message, so many levels deep; the innermost has this field more. */
function nested(levels: number, field: string): Buffer {
  return Buffer.from(`${'Content-Type: message/rfc822\r\n\r\n'.repeat(levels)}${field}\r\n\r\ntext\r\n`);
}

/** A part in a part. */
function inParts(levels: number, field: string): Buffer {
  const open = Array.from(
    {length: levels},
    (_, level) => `Content-Type: multipart/mixed; boundary=b${level}x\r\n\r\n--b${level}x\r\n`,
  );
  return Buffer.from(`${open.join('')}${field}\r\n\r\ntext\r\n`);
}

it.each([
  ['messages', nested],
  ['parts', inParts],
])('fields do not count in %s, down to the level where nobody looks any more', (_, make) => {
  expect(contentDigest(make(20, 'X-One: 1'))).toBe(contentDigest(make(20, 'X-Two: 2')));
  expect(contentDigest(make(40, 'X-One: 1'))).not.toBe(contentDigest(make(40, 'X-Two: 2')));
});

it('so many parts are compared, and hostile mail ends there', () => {
  const message = (other: number) => {
    const part = (number: number) => `--in\r\n\r\n${number === other ? 'other' : 'part'} ${number}\r\n`;
    const inner = (from: number) =>
      `--out\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n${Array.from({length: 600}, (_, at) => part(from + at)).join('')}--in--\r\n`;
    return Buffer.from(
      `Content-Type: multipart/mixed; boundary=out\r\n\r\n${inner(0)}${inner(600)}--out--\r\n`,
    );
  };
  expect(contentDigest(message(900))).not.toBe(contentDigest(message(-1)));
  expect(contentDigest(message(1100))).toBe(contentDigest(message(-1)));
});

it('a boundary is a whole line, or text would be taken for the end of a part', () => {
  const parts = (text: string) => partsOf(Buffer.from(text), 'b').map(part => part.toString());
  expect(parts('--b\r\none --b\r\ntwo\r\n--b--\r\n')).toEqual(['one --b\r\ntwo']);
  expect(parts('--b\r\none\r\n--bc\r\ntwo\r\n--b--\r\n')).toEqual(['one\r\n--bc\r\ntwo']);
});

it('no more of a header is read than is ever fetched of one', () => {
  const headers = parseHeaders(Buffer.from(`X-Long: ${'x'.repeat(300_000)}\r\nSubject: late\r\n\r\n`));
  expect([...headers.keys()]).toEqual(['x-long']);
});

it.each([
  ['application/pgp-signature', '7bit'],
  ['message/delivery-status', '7bit'],
  ['application/json', 'quoted-printable'],
])(
  '%s in %s: loosely compared it is the same with other line endings, and not with other words',
  (type, encoding) => {
    const message = (words: string) =>
      Buffer.from(
        `Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\n\nhello\nworld\n--b\nContent-Type: ${type}\nContent-Transfer-Encoding: ${encoding}\n\nline one\n${words}\n--b--\n`,
      );
    const crlf = Buffer.concat(mended(message('line two'), ['line-ends'])?.pieces ?? []);
    const [fed, whole, other] = [message('line two'), crlf, message('line 2')].map(contentDigests);
    expect(fed?.content).not.toBe(whole?.content);
    expect(fed?.loose).toBe(whole?.loose);
    expect(fed?.loose).not.toBe(other?.loose);
  },
);

it('what a ledger keeps of a message is what it always was', () => {
  const message = `Content-Type: application/json\r\n\r\n{\r\n}\r\n`;
  expect(contentDigest(Buffer.from(message))).toBe(
    '4871187f67ae8f8e5bfa5751b4f2a58fd86881af88abd41de2d25335fbb87e2e',
  );
});
