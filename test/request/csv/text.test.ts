import {describe, expect, test} from 'vitest';
import {decodeCsv, delimiterOf, lineEndOf} from '../../../source/request/csv/text.ts';

const text = 'Source user id,Destination folder\r\njohn,Größe\r\n';
const utf16be = (of: string) => new Uint8Array(Buffer.from(of, 'utf16le').swap16());
const utf16le = (of: string) => new Uint8Array(Buffer.from(of, 'utf16le'));
const utf8 = (of: string) => new Uint8Array(Buffer.from(of));
const latin1 = (of: string) => new Uint8Array(Buffer.from(of, 'latin1'));

describe('encodings', () => {
  test.each([
    ['UTF-8', utf8(text), 'utf-8', false],
    ['UTF-8 with a mark', utf8(`\ufeff${text}`), 'utf-8', true],
    ['UTF-16 LE', utf16le(text), 'utf-16', false],
    ['UTF-16 LE with a mark', utf16le(`\ufeff${text}`), 'utf-16', true],
    ['UTF-16 BE', utf16be(text), 'utf-16', false],
    ['UTF-16 BE with a mark', utf16be(`\ufeff${text}`), 'utf-16', true],
    ['Windows-1252', latin1(text), 'windows-1252', false],
  ])('%s', (_, bytes, encoding, mark) => {
    expect(decodeCsv(bytes)).toEqual({ok: true, text, encoding, mark});
  });

  const bad = (bytes: Uint8Array) => {
    const decoded = decodeCsv(bytes);
    return decoded.ok ? [] : decoded.bad.map(({line, sentence}) => [line, /Byte (\d+) /.exec(sentence)?.[1]]);
  };

  test('what no encoding explains is found by line and byte, whatever ends the lines', () => {
    // 0x81 is nothing in Windows-1252.
    for (const end of ['\n', '\r\n', '\r'])
      expect(bad(latin1(['a,b', 'c,d', 'e,\u00fc\u0081', 'f,g'].join(end)))).toEqual([[3, '3']]);
  });

  test('lines of UTF-8 beside lines of something else are a damaged file', () => {
    expect(bad(Buffer.concat([utf8('a,b\nc,ü\n'), latin1('d,ü\n')]))).toEqual([[3, '3']]);
  });

  test('a file with a UTF-8 mark is not taken for Windows-1252', () => {
    expect(bad(Buffer.concat([utf8('\ufeffa,b\n'), latin1('d,ü\n')]))).toEqual([[2, '3']]);
  });

  test('UTF-16 that is cut off is found by line', () => {
    const decoded = decodeCsv(utf16le(text).subarray(0, -5));
    expect(decoded.ok ? [] : decoded.bad).toMatchObject([{line: 2}]);
    expect(JSON.stringify(decoded)).toContain('half a character');
  });
});

test.each([
  ['a,b;c,d', ',', 0],
  ['a;b,c;d', ';', 0],
  ['a\tb', '\t', 0],
  ['"a,b,c,d";e;f', ';', 0],
  ['sep=;\r\na,b,c', ';', 7],
  ['"sep=\t"\na,b', '\t', 8],
])('%j is separated by %j', (header, delimiter, skip) => {
  expect(delimiterOf(header)).toEqual({delimiter, skip});
});

test('a name of megabytes in the header is nothing to fail over', () => {
  expect(delimiterOf(`"${'a,""b""'.repeat(2_000_000)}";b\n`)).toEqual({delimiter: ';', skip: 0});
  expect(delimiterOf(`"${'a,b'.repeat(4_000_000)}";b\n`)).toEqual({delimiter: ';', skip: 0});
});

test('what counts of the header is what stands outside quotes, closed ones, in the first line that is not empty', () => {
  const delimiters = (...texts: string[]) => texts.map(text => delimiterOf(text).delimiter).join('');
  expect(delimiters('\r\n\na;b\nc,d,e,f', '\n\n', '', 'a;b;c', 'a;b;c\rd,e,f,g')).toBe(';,,;;');
  expect(delimiters('"a,b,c,d";e;f', 'a"b;c;d,e', '"a;b";c,d"e,f', 'a;"b,""c,""d,";e')).toBe(';;,;');
});

test('lines end as the first one does', () => {
  expect(['a\r\nb\n', 'a\rb', 'a\n', 'a'].map(lineEndOf)).toEqual(['\r\n', '\r', '\n', '\n']);
});
