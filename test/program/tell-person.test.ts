import {expect, test} from 'vitest';
import {tellPerson} from '../../source/program/tell-person.ts';

function told(text: string, columns?: number): string[] {
  let all = '';
  const write = (part: string) => {
    all += part;
    return true;
  };
  tellPerson(text, {
    stderr: {
      isTTY: columns !== undefined,
      columns: columns ?? 0,
      write: write as NodeJS.WriteStream['write'],
    },
  });
  return all.split('\n').slice(0, -1);
}

const path = `/home/anna/${'a-folder-with-a-long-name/'.repeat(4)}users.csv`;
const sentence = `users.csv:2: error: column 2 (Source user id): the file ${path} must not contain the domain. Type the part before the @.`;

test('in a terminal a line is broken between words, further in, and no word is cut', () => {
  const lines = told(`First.\n${sentence}\n\n  indented`, 60);
  expect([lines[0], ...lines.slice(-2)]).toEqual(['First.', '', '  indented']);
  const middle = lines.slice(1, -2);
  expect(middle.length).toBeGreaterThan(2);
  expect(middle.map(line => line.trim()).join(' ')).toBe(sentence);
  expect(middle.filter(line => line.length > 60)).toEqual([`  ${path}`]);
  for (const line of middle.slice(1)) expect(line).toMatch(/^ {2}\S/);
});

test('in a file each line is whole', () => {
  expect(told(`${sentence}\nSecond.`)).toEqual([sentence, 'Second.']);
});
