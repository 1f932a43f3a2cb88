import {Text} from 'ink';
import stringWidth from 'string-width';
import {afterEach, describe, expect, it} from 'vitest';
import {exact, short} from '../../source/ui/cells.ts';
import {fitFooter} from '../../source/ui/footer.tsx';
import {Frame} from '../../source/ui/frame.tsx';
import type {Binding} from '../../source/ui/keys.ts';
import {cleanup, misfits, renderScreen} from '../helpers/render.tsx';

afterEach(cleanup);

const bindings: readonly Binding[] = [
  {action: 'next', keys: ['enter'], label: 'next', footer: 1, help: 'Goes to the next step.'},
  {action: 'save', keys: ['ctrl+s'], label: 'save as profile', footer: 3, help: 'Saves the answers.'},
  {action: 'back', keys: ['esc'], label: 'back', footer: 2},
  {action: 'hidden', keys: ['x'], label: 'hidden', help: 'Only here.'},
];

describe('fitFooter', () => {
  it('drops the least important hint first and keeps the order', () => {
    expect(fitFooter(bindings, 80).map(hint => hint.label)).toEqual(['next', 'save as profile', 'back']);
    expect(fitFooter(bindings, 25).map(hint => hint.label)).toEqual(['next', 'back']);
    expect(fitFooter(bindings, 12).map(hint => hint.label)).toEqual(['next']);
  });
});

describe('cut and fit', () => {
  it('count cells, not characters', () => {
    expect(short('日本語のフォルダ', 7)).toBe('日本語…');
    expect(stringWidth(exact('日本', 7))).toBe(7);
    expect(short('john.longname@baya.com', 11, 'middle')).toBe('john.…a.com');
    expect(exact('42', 5, {align: 'right'})).toBe('   42');
    expect(short('abc', 0)).toBe('');
  });
});

describe('Frame', () => {
  const tall = Array.from({length: 80}, (_, line) => `line ${line} ${'wide '.repeat(60)}`).join('\n');

  for (const [columns, rows] of [
    [60, 20],
    [80, 24],
    [120, 30],
    [200, 60],
  ] as const) {
    it(`never outgrows ${columns} x ${rows}`, () => {
      const {frame} = renderScreen(
        <Frame columns={columns} rows={rows} title={'t'.repeat(300)} right="right" bindings={bindings}>
          <Text>{tall}</Text>
        </Frame>,
        {columns, rows},
      );
      expect(misfits(frame(), columns, rows)).toEqual([]);
      expect(frame().split('\n').at(-1)).toMatch(/enter next .* \? help/);
    });
  }

  it('says so where the window is too small', () => {
    const {frame} = renderScreen(
      <Frame columns={30} rows={10} title="new request" bindings={bindings}>
        <Text>body</Text>
      </Frame>,
      {columns: 30, rows: 10},
    );
    expect(frame()).toContain('too small');
    expect(frame()).not.toContain('body');
    expect(misfits(frame(), 30, 10)).toEqual([]);
  });

  it('gives the sentences of the help a second line as long as there is room', () => {
    const long =
      'Takes what is written here over into the field, and goes on to the next one that is not right.';
    const many = Array.from({length: 8}, (_, index) => ({
      ...{action: `a${index}`, keys: [`f${index}`], label: 'take', help: `${index} ${long}`},
    }));
    const shown = (rows: number) => {
      const screen = renderScreen(
        <Frame columns={60} rows={rows} title="" bindings={many} help>
          <Text>body</Text>
        </Frame>,
        {columns: 60, rows},
      );
      expect(misfits(screen.frame(), 60, rows)).toEqual([]);
      return screen.frame();
    };
    const whole = (frame: string) => frame.match(/not right\./g)?.length ?? 0;
    expect(whole(shown(26))).toBe(8);
    const some = shown(20);
    expect(whole(some)).toBeGreaterThan(2);
    expect(some).toContain('f7  7 Takes');
    expect(some.split('\n').filter(line => line.includes('…'))).toHaveLength(8 - whole(some));
  });

  it('lists every key in the help', () => {
    const {frame} = renderScreen(
      <Frame columns={80} rows={24} title="new request" bindings={bindings} help>
        <Text>body</Text>
      </Frame>,
    );
    expect(frame()).toContain('ctrl+s  Saves the answers.');
    expect(frame()).toContain('Only here.');
    expect(frame()).not.toContain('body');
  });
});
