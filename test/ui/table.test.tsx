import {Box, Text} from 'ink';
import stringWidth from 'string-width';
import {afterEach, describe, expect, it} from 'vitest';
import {columnWidths, Table, tableHeight} from '../../source/ui/table.tsx';
import {useAsciiSymbols} from '../../source/ui/theme.ts';
import {cleanup, misfits, renderScreen} from '../helpers/render.tsx';

afterEach(cleanup);

const columns = [{title: ' '}, {title: 'Source'}, {title: 'Messages', align: 'right'}] as const;
const rows = [
  ['Mailbox', 'john@baya.com', '16,302'],
  ['Folder', '日本語のフォルダ', '7'],
  ['Family', '👨‍👩‍👧‍👦 and e\u0301', ''],
];

describe('Table', () => {
  it('draws straight borders round wide, joined and empty cells', () => {
    const {frame} = renderScreen(
      <Box flexDirection="column">
        <Table columns={columns} rows={rows} width={60} />
        <Text>end</Text>
      </Box>,
      {columns: 60, rows: 20},
    );
    const lines = frame().split('\n').slice(0, -1);
    expect(lines).toHaveLength(tableHeight(rows.length));
    expect(new Set(lines.map(line => stringWidth(line))).size).toBe(1);
    expect(lines[3]).toBe('│ Mailbox │ john@baya.com    │   16,302 │');
    expect(lines[5]).toBe('│ Folder  │ 日本語のフォルダ │        7 │');
  });

  it('has borders of ASCII where only that may be shown', () => {
    useAsciiSymbols(true);
    const {frame} = renderScreen(<Table columns={columns} rows={[['x', 'y', 'z']]} width={60} />, {
      columns: 60,
    });
    const drawn = frame();
    useAsciiSymbols(false);
    expect(drawn).toMatch(/^[\x20-\x7e\n]+$/);
    expect(drawn.split('\n').slice(-2)).toEqual(['| x | y      |        z |', '+---+--------+----------+']);
  });

  it('shrinks the widest column first and never outgrows its width', async () => {
    const long = [['Mailbox', 'a'.repeat(200), 'b'.repeat(40)]];
    expect(columnWidths(columns, long, 60)).toEqual([7, 21, 22]);
    for (const width of [60, 80, 120]) {
      const {frame} = renderScreen(<Table columns={columns} rows={long} width={width} />, {columns: width});
      expect(misfits(frame(), width, 24)).toEqual([]);
      expect(stringWidth(frame().split('\n')[0] ?? '')).toBe(width);
    }
  });

  it('takes a new width and new rows', async () => {
    const screen = renderScreen(<Table columns={columns} rows={rows} width={60} />, {columns: 60});
    await screen.rerender(<Table columns={columns} rows={[['x', 'y', 'z']]} width={30} />);
    expect(screen.frame()).toContain('│ x │ y      │        z │');
  });
});
