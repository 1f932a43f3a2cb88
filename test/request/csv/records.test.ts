import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {readRecords} from '../../../source/request/csv/records.ts';
import {anyCharacter} from '../../helpers/any-character.ts';

const read = (text: string) => readRecords(text, ',', 1);
const shown = (text: string) =>
  read(text).records.map(({line, cells, fault}) => [line, cells.join('|'), fault?.kind, fault?.cell]);
const fine = (line: number, cells: string) => [line, cells, undefined, undefined];

describe('quotes that are not closed', () => {
  test('in the last row', () => {
    expect(shown('a,b,c\n1,2,3\n4,"5,6\n')).toEqual([
      fine(1, 'a|b|c'),
      fine(2, '1|2|3'),
      [3, '4|5|6', 'open', 1],
    ]);
  });

  test('several, each by its line; the rows between and behind them are read', () => {
    const text = ['a,b,c', '1,"2,3', '4,5,6', '7,8,"9', 'x,y,z', '"p,q,r', 'u,v,w'].join('\r\n');
    expect(shown(text)).toEqual([
      fine(1, 'a|b|c'),
      [2, '1|2|3', 'open', 1],
      fine(3, '4|5|6'),
      [4, '7|8|9', 'open', 2],
      fine(5, 'x|y|z'),
      [6, 'p|q|r', 'open', 0],
      fine(7, 'u|v|w'),
    ]);
  });

  test('a row that is too large to be looked into is taken as it stands', () => {
    // The row is all of it but the header and the last line end.
    const text = (bytes: number) => {
      const ends = ['1,"2,3', '4,"5",6'];
      const fill = bytes - ends.join('\n').length - 3;
      return `a,b,c\n${ends[0]}\n${'x'.repeat(fill)},\n${ends[1]}\n`;
    };
    expect(read(text(150_000)).records).toHaveLength(4);
    expect(read(text(250_000)).records).toHaveLength(2);
  });

  test('a quote that a later quoted cell seems to close does not swallow that row', () => {
    expect(shown('a,b,c\n1,"2,3\n4,"5",6\n7,8,9')).toEqual([
      fine(1, 'a|b|c'),
      [2, '1|2|3', 'open', 1],
      fine(3, '4|5|6'),
      fine(4, '7|8|9'),
    ]);
  });

  test('a row that is too short with line breaks in a cell stays one row', () => {
    expect(shown('a,b,c\n1,"two\nlines"\n7,8,9')).toEqual([
      fine(1, 'a|b|c'),
      fine(2, '1|two\nlines'),
      fine(4, '7|8|9'),
    ]);
  });

  test('a quoted text that reads like rows stays one cell where its row is whole', () => {
    expect(shown('a,b,c\n1,"2,3\n4,5,6\n7,8",9\n')).toEqual([
      fine(1, 'a|b|c'),
      fine(2, '1|2,3\n4,5,6\n7,8|9'),
    ]);
  });

  test('a row that is too short stays one row where its first line or the others would be no better', () => {
    expect(shown('a,b,c\n1,"x\n4,5,6"\n')).toEqual([fine(1, 'a|b|c'), fine(2, '1|x\n4,5,6')]);
    expect(shown('a,b,c\n1,"2,3\nmore text"\n')).toEqual([fine(1, 'a|b|c'), fine(2, '1|2,3\nmore text')]);
  });

  test('is the one that opens a cell, not one inside it or one that is meant', () => {
    expect(shown('a,b,c\n5" disk,"2,3\n7,8,9')).toEqual([
      fine(1, 'a|b|c'),
      [2, '5" disk|2|3', 'open', 1],
      fine(3, '7|8|9'),
    ]);
    expect(shown('a,b,c\n1,"say ""hi,3\n7,8,9')).toEqual([
      fine(1, 'a|b|c'),
      [2, '1|say ""hi|3', 'open', 1],
      fine(3, '7|8|9'),
    ]);
  });

  test('are found also below empty lines', () => {
    expect(shown('\na,b,c\n1,"2,3\n4,"5",6\n7,8,9').slice(1)).toEqual([
      fine(2, 'a|b|c'),
      [3, '1|2|3', 'open', 1],
      fine(4, '4|5|6'),
      fine(5, '7|8|9'),
    ]);
  });

  test('too many of them: from where nothing was read is told', () => {
    const {records, unread} = read(`a,b,c\n${'1,"2,3\n'.repeat(101)}4,5,6\n`);
    expect(unread?.line).toBe((records.at(-1)?.lastLine ?? 0) + 1);
  });

  test('hundreds of them end', () => {
    const {records, unread} = read(`a,b,c\n${'1,"2,3\n'.repeat(301)}`);
    expect(records.length).toBeGreaterThan(20);
    expect(unread === undefined || unread.line > 20).toBe(true);
  });

  test('leave no line out, also where too many of them stand in what was taken for one row', () => {
    const oneTaken = '1,"x,3\n1,2,3\n1,2,3"\n';
    const {records, unread} = read(`a,b,c\n${oneTaken}${'1,"x,3\n1,2,3\n1,"x,3\n'.repeat(30)}`);
    expect(unread).toBeUndefined();
    let next = 1;
    for (const {line, lastLine} of records) {
      expect(line).toBe(next);
      next = lastLine + 1;
    }
  });
});

test('text behind a closing quote is a fault, a doubled quote is none', () => {
  expect(shown('a,b\n"x"y,1\n"x""y",2\n"""x""",3')).toEqual([
    fine(1, 'a|b'),
    [2, '"x"y|1', 'after', 0],
    fine(3, 'x"y|2'),
    fine(4, '"x"|3'),
  ]);
});

test('each record has the line that its first cell stands on, whatever is quoted before it', () => {
  const end = fc.constantFrom('\n', '\r\n', '\r');
  const cell = fc.oneof(
    fc.stringMatching(/^[a-z ;]{0,6}$/),
    fc.constantFrom('a\nb', 'a\r\nb', 'a\rb\rc', 'say "hi"', ',', '\n', '\r\n'),
  );
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), {minLength: 1, maxLength: 12}), end, (rows, eol) => {
      const text = ['"x","y"', ...rows.map(([left, right]) => `${quoted(left)},${quoted(right)}`)].join(eol);
      const {records} = read(text);
      expect(records.slice(1).map(record => record.cells)).toEqual(rows);
      let line = 2;
      for (const [index, row] of rows.entries()) {
        expect(records[index + 1]?.line).toBe(line);
        line += 1 + (row.join('').match(/\r\n|\r|\n/g)?.length ?? 0);
      }
    }),
    {numRuns: 300},
  );
});

test('no text crashes the reader or makes it hang, and no line comes twice', () => {
  const letters = fc.constantFrom('"', '"', ',', '\n', '\r', 'a', ' ', '\0', 'é');
  const texts = fc.oneof(
    fc.string({unit: letters, maxLength: 400}),
    fc.string({unit: anyCharacter, maxLength: 400}),
  );
  fc.assert(
    fc.property(texts, text => {
      const lines = read(text).records.map(record => record.line);
      expect(lines).toEqual([...new Set(lines)].sort((left, right) => left - right));
    }),
    {numRuns: 500},
  );
});
