import fc from 'fast-check';
import {expect, test} from 'vitest';
import {jsonPieces, jsonText} from '../../source/format/json.ts';
import {anyCharacter} from '../helpers/any-character.ts';

const terminal = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;

test('what a terminal or an eye falls for is escaped; the data stay the same', () => {
  const name = 'a\u009b31mb \u202egpj.exe \u2066x\u2069 \u001b[2J \u0085\u061c\u007f';
  expect(jsonText({name})).not.toMatch(terminal);
  expect(jsonText({name})).toContain('a\\u009b31mb \\u202egpj.exe');
  expect(JSON.parse(jsonText({name}))).toEqual({name});
});

test('any text survives, none is left that commands', () => {
  fc.assert(
    fc.property(fc.string({unit: anyCharacter}), text => {
      const written = jsonText({[text]: text});
      expect(written).not.toMatch(terminal);
      expect(JSON.parse(written)).toEqual({[text]: text});
    }),
  );
});

test('indented as asked, letters as they are', () => {
  expect(jsonText({a: 'grün 日本'}, 2)).toBe('{\n  "a": "grün 日本"\n}');
});

test('piece by piece it is the same text', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(4), fc.constantFrom(0, 2), (value, deep, indent) => {
      expect([...jsonPieces(value, deep, indent)].join('')).toBe(`${jsonText(value, indent)}\n`);
    }),
  );
  const absent = {a: undefined, b: [undefined, {c: undefined}]};
  expect([...jsonPieces(absent, 4)].join('')).toBe('{"b":[null,{}]}\n');
});

test('no piece of a long list is much longer than 64 K', () => {
  const pieces = [...jsonPieces({folders: Array.from({length: 10_000}, (_, folder) => ({folder}))}, 2)];
  expect(Math.max(...pieces.map(({length}) => length))).toBeLessThan(65 * 1024);
});
