import {afterEach, describe, expect, it} from 'vitest';
import {chosenAfter} from '../../source/ui/choice-state.ts';
import {SecretField} from '../../source/ui/secret-field.tsx';
import {piecesOf, TextField} from '../../source/ui/text-field.tsx';
import {editLine, insertText, type Line, lineOf, longestText} from '../../source/ui/text-field-state.ts';
import {cleanup, renderScreen} from '../helpers/render.tsx';

afterEach(cleanup);

/** The text after the keys, with the cursor as |. */
function after(text: string, ...keys: string[]): string {
  const cursor = text.indexOf('|');
  const line = keys.reduce<Line>((now, key) => editLine(now, key) ?? insertText(now, key), {
    text: text.replace('|', ''),
    cursor,
  });
  return `${line.text.slice(0, line.cursor)}|${line.text.slice(line.cursor)}`;
}

describe('editLine', () => {
  it('moves by whole letters', () => {
    expect(after('ab|', 'left')).toBe('a|b');
    expect(after('|ab', 'left', 'right')).toBe('a|b');
    expect(after('x👨‍👩‍👧|y', 'left')).toBe('x|👨‍👩‍👧y');
    expect(after('a|b', 'home')).toBe('|ab');
    expect(after('a|b', 'end')).toBe('ab|');
  });

  it('deletes by letter, word and line', () => {
    expect(after('ab|c', 'backspace')).toBe('a|c');
    expect(after('|abc', 'backspace')).toBe('|abc');
    expect(after('e\u0301|c', 'backspace')).toBe('|c');
    expect(after('a|bc', 'delete')).toBe('a|c');
    expect(after('outlook.office365.com|', 'ctrl+w')).toBe('outlook.office365.|');
    expect(after('/home/john/|x', 'ctrl+w')).toBe('/home/|x');
    expect(after('abc|de', 'ctrl+u')).toBe('|de');
    expect(after('abc|de', 'ctrl+k')).toBe('abc|');
  });

  it('inserts at the cursor, up to a bound', () => {
    expect(after('a|c', 'b')).toBe('ab|c');
    expect(insertText(lineOf('x'), 'y'.repeat(longestText + 5)).text).toHaveLength(longestText);
  });

  it('leaves other keys to the screen', () => {
    expect(editLine(lineOf('a'), 'tab')).toBeUndefined();
    expect(editLine(lineOf('a'), 'ctrl+s')).toBeUndefined();
  });
});

describe('TextField', () => {
  it('scrolls so that the cursor is in sight', () => {
    expect(piecesOf(lineOf('abcdefghij'), 6)).toEqual({before: '…ghij', at: ' ', after: ''});
    expect(piecesOf({text: 'abcdefghij', cursor: 0}, 6)).toEqual({before: '', at: 'a', after: 'bcdef'});
    expect(piecesOf({text: 'abc', cursor: 1}, 10)).toEqual({before: 'a', at: 'b', after: 'c'});
  });

  it('obeys no control character in its text', () => {
    const {frame} = renderScreen(<TextField line={lineOf('a\u001B[31mb\u202Ec')} columns={30} focused />);
    expect(frame()).toBe('a?[31mb?c');
  });

  it('shows the default where nothing is typed', () => {
    const {frame} = renderScreen(
      <TextField line={lineOf('')} columns={30} focused placeholder="outlook.office365.com" />,
    );
    expect(frame()).toBe('outlook.office365.com');
  });
});

describe('SecretField', () => {
  const shown = (text: string, focused: boolean) =>
    renderScreen(<SecretField line={lineOf(text)} columns={30} focused={focused} />).frame();

  it('never shows the secret, and its length only while it is typed', () => {
    expect(shown('hunter2', true)).toBe('•••••••');
    expect(shown('hunter2', false)).toBe(shown('a much longer secret', false));
    expect(shown('hunter2', false)).toMatch(/^•+$/);
  });

  it('shows where a secret comes from', () => {
    expect(shown('env:SOURCE_PASSWORD', false)).toBe('env:SOURCE_PASSWORD');
  });
});

describe('chosenAfter', () => {
  const options = ['tls', 'starttls', 'none'].map(value => ({value, label: value}));

  it('goes round the ends', () => {
    expect(chosenAfter(options, 'none', 1)).toBe('tls');
    expect(chosenAfter(options, 'tls', -1)).toBe('none');
    expect(chosenAfter(options, 'unknown', 1)).toBe('tls');
  });
});
