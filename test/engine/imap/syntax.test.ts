import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {backoffTime, ServerRefused} from '../../../source/engine/imap/errors.ts';
import {dateTimeOf, internalDateMs} from '../../../source/engine/imap/internal-date.ts';
import {Literal} from '../../../source/engine/imap/literal.ts';
import {decodeMailbox, encodeMailbox} from '../../../source/engine/imap/modified-utf7.ts';
import {aboutBefore, mailbox} from '../../../source/engine/imap/responses.ts';
import {readUidSet, uidSets} from '../../../source/engine/imap/uid-set.ts';
import {numberOf, readValues} from '../../../source/engine/imap/values.ts';

// Not unit: 'binary', which takes seconds to be made.
const anyText = (maxLength: number) =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...'()"\\{}[]&-+ 1\r\n'),
        fc.nat(0xffff).map(code => String.fromCharCode(code)),
      ),
      {
        maxLength,
      },
    )
    .map(characters => characters.join(''));

const values = (line: string, ...rest: string[]) =>
  readValues(
    {
      lines: [line, ...rest],
      literals: rest.map((_, index) => new Literal([Buffer.from(`literal ${index}`)])),
    },
    0,
  );

describe('values of a response', () => {
  it('reads atoms, strings, literals, lists and NIL', () => {
    expect(values('UID 12 FLAGS (\\Seen $Label1) X NIL "a \\"b\\" \\\\ c" BODY[] {9}', ' TAIL')).toEqual([
      'UID',
      '12',
      'FLAGS',
      ['\\Seen', '$Label1'],
      'X',
      null,
      'a "b" \\ c',
      'BODY[]',
      new Literal([Buffer.from('literal 0')]),
      'TAIL',
    ]);
  });

  it('takes a section with blanks for one name, and a keyword with a bracket for a keyword', () => {
    expect(values('(BODY[HEADER.FIELDS (FROM "TO")] "x" FLAGS (a[b c))')).toEqual([
      ['BODY[HEADER.FIELDS (FROM "TO")]', 'x', 'FLAGS', ['a[b', 'c']],
    ]);
  });

  it('takes only what ends a line for the size of a literal', () => {
    expect(values('{1} ~{2}b {3}', ' TAIL')).toEqual([
      '{1}',
      '~{2}b',
      new Literal([Buffer.from('literal 0')]),
      'TAIL',
    ]);
  });

  it('keeps a TAB in a name that Exchange sends unquoted', () => {
    expect(values('(\\HasNoChildren) "/" INBOX/Da\tOggetto')).toEqual([
      ['\\HasNoChildren'],
      '/',
      'INBOX/Da\tOggetto',
    ]);
  });

  it('bounds depth, and never hangs or crashes on anything else', () => {
    expect(() => values('('.repeat(1000))).toThrow(RangeError);
    fc.assert(
      fc.property(fc.array(anyText(60), {minLength: 1, maxLength: 4}), lines => {
        const [first = '', ...rest] = lines;
        try {
          values(first, ...rest);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });

  it('takes only whole numbers that JavaScript can hold', () => {
    expect(['12', '0', '9007199254740991'].map(numberOf)).toEqual([12, 0, 9007199254740991]);
    for (const wrong of ['9007199254740992', '99999999999999999', '-1', '1.5', '0x10', '', null, undefined])
      expect(numberOf(wrong)).toBeUndefined();
  });
});

describe('mailbox names', () => {
  it('are modified UTF-7 as RFC 3501 and Exchange write it', () => {
    expect(encodeMailbox('Q&A')).toBe('Q&-A');
    expect(encodeMailbox('Kalender/Fødselsdage')).toBe('Kalender/F&APg-dselsdage');
    expect(encodeMailbox('~peter/mail/台北/日本語')).toBe('~peter/mail/&U,BTFw-/&ZeVnLIqe-');
    expect(mailbox('say "hi" \\ 😀')).toBe('"say \\"hi\\" \\\\ &2D3eAA-"');
  });

  it('come back as they were, whatever they hold', () => {
    fc.assert(
      fc.property(anyText(60), name => {
        expect(decodeMailbox(encodeMailbox(name))).toBe(name);
      }),
    );
  });

  it('stay as sent where they are not valid', () => {
    expect(decodeMailbox('a&b')).toBe('a&b');
    expect(decodeMailbox('a&A-b')).toBe('a&A-b');
  });
});

describe('UID sets', () => {
  it('compress runs and stay below the length where Exchange hangs up', () => {
    expect(uidSets([1, 2, 3, 5, 7, 8])).toEqual(['1:3,5,7:8']);
    const odd = Array.from({length: 20_000}, (_, index) => index * 2 + 1);
    const sets = uidSets(odd);
    expect(Math.max(...sets.map(set => set.length))).toBeLessThan(8000);
    expect(sets.flatMap(readUidSet)).toEqual(odd);
  });

  it('are read back equal', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({min: 1, max: 4_294_967_295}), {maxLength: 200}), uids => {
        const sorted = uids.sort((one, other) => one - other);
        expect(uidSets(sorted).flatMap(readUidSet)).toEqual(sorted);
      }),
    );
  });

  it('are bounded', () => {
    expect(readUidSet('1:4294967295')).toEqual([]);
    expect(readUidSet('1:3,x')).toEqual([]);
  });
});

describe('what a server says when it refuses', () => {
  it('gives the wait it asks for, bounded to a day', () => {
    expect(backoffTime('Request is throttled. Suggested Backoff Time: 299609 milliseconds')).toBe(299_609);
    expect(backoffTime('Suggested Backoff Time: 999999999999 milliseconds')).toBe(86_400_000);
    expect(backoffTime('Try later')).toBeUndefined();
    expect(new ServerRefused('destination', 'NO', '[OVERQUOTA] full', 'APPEND').serverResponseCode).toBe(
      'OVERQUOTA',
    );
  });

  it('dates are read to the second with their zone', () => {
    expect(internalDateMs('17-Jul-1996 02:44:25 -0700')).toBe(Date.UTC(1996, 6, 17, 9, 44, 25));
    expect(internalDateMs(' 5-Jun-2019 07:08:09 +0200')).toBe(Date.UTC(2019, 5, 5, 5, 8, 9));
    expect(internalDateMs('2019-06-05')).toBeUndefined();
    expect(internalDateMs('x7-Jul-1996 02:44:25 -0700')).toBeUndefined();
    expect(internalDateMs('5-Jun-2019 7:08:09 GMT')).toBe(Date.UTC(2019, 5, 5, 7, 8, 9));
  });

  it.each([
    ['17-jul-1996 02:44:25 -0700', '17-jul-1996 02:44:25 -0700'],
    ['7-Jul-1996 02:44:25 -0700', ' 7-Jul-1996 02:44:25 -0700'],
    [' 7-Jul-1996  2:44:25 +05:30 (IST)', ' 7-Jul-1996 02:44:25 +0530'],
    ['7-Jul-1996 02:44:25 UT', ' 7-Jul-1996 02:44:25 +0000'],
    ['7-Jul-1996 02:44:25', undefined],
    ['7-Jul-96 02:44:25 -0700', undefined],
    ['32-Jul-1996 02:44:25 -0700', undefined],
    ['31-Jun-1996 02:44:25 -0700', undefined],
    ['29-Feb-1900 02:44:25 -0700', undefined],
    ['29-feb-2000 02:44:25 -0700', '29-feb-2000 02:44:25 -0700'],
    ['17-Foo-1996 02:44:25 -0700', undefined],
    ['17-Jul-1996 24:44:25 -0700', undefined],
    ['17-Jul-1996 02:44:25 EST', undefined],
    ['', undefined],
  ])('the date %j is sent on as %j', (text, sent) => {
    expect(dateTimeOf(text)).toBe(sent);
  });
});

it('what stands before a literal is read in one pass, also where flags begin and never end', () => {
  expect(aboutBefore(' FLAGS ('.repeat(400_000))).toBeUndefined();
  expect(aboutBefore('* 1 FETCH (FLAGS (\\Seen a]) INTERNALDATE "x" BODY[] {1}')).toEqual({
    flags: ['\\Seen', 'a]'],
    internalDate: 'x',
  });
});
