import {afterEach, describe, expect, it, vi} from 'vitest';
import type {Request} from '../../../source/request/schema.ts';
import {CsvFlow} from '../../../source/wizard/csv/flow.tsx';
import {cleanup, misfits, renderScreen} from '../../helpers/render.tsx';
import {fakeFiles, fakeMicrosoft, fakeProfiles, inspection, rules} from '../fakes.ts';

afterEach(cleanup);

const header =
  'Source user id,Source domain,Source user password,Destination user id,Destination domain,Destination user password,Destination server,Destination folder,Request type';
const row = (user: string, folder = `Data ${user}`, password = 'hunter2') =>
  `${user},baya.com,${password},${user},vault.example,s3cret,vault.example,${folder},O365-IMAP`;

const file = '/desk/users.csv';

function open(text: string, {columns = 80, rows = 24} = {}) {
  const files: Record<string, string> = {[file]: text};
  const onLeave = vi.fn();
  const onStart = vi.fn<(requests: readonly Request[], from: string) => void>();
  const screen = renderScreen(
    <CsvFlow
      services={{inspect: async () => inspection, microsoft: fakeMicrosoft()}}
      forAll={{answers: {}, include: [], exclude: [], withJunk: false}}
      atOnce={4}
      files={fakeFiles(files)}
      profiles={fakeProfiles()}
      rules={rules}
      path="users.csv"
      columns={columns}
      rows={rows}
      onLeave={onLeave}
      onStart={onStart}
    />,
    {columns, rows},
  );
  return {screen, files, onLeave, onStart};
}

const lines = (text: string | undefined) => (text ?? '').trimEnd().split('\n');

describe('a CSV is mended on the screen', () => {
  it('leads to the lines with notes where none has an error', async () => {
    const {screen} = open([header, row('john'), row('ann'), row('eve'), row('ann')].join('\n'));
    await screen.waitFor('lines to look at');
    await screen.press('n');
    expect(screen.frame()).toMatch(/▸ +5 +! ann@/);
    await screen.press('f');
    expect(screen.frame()).toMatch(/▸ +5 +! ann@/);
    expect(screen.frame()).not.toContain('eve@');
    expect(screen.frame()).toContain('f all lines');
  });

  it('what is offered with one key, back with another', async () => {
    const {screen} = open([header, row('john'), row('ann@baya.com')].join('\n'));
    await screen.waitFor('1 line with errors');
    await screen.press('tab');
    // The address goes on to the next field with the same fault.
    await screen.press('tab');
    await screen.waitFor('✓ no errors');
    expect(screen.frame()).toContain('changed, not saved');
    await screen.press('u', 'u');
    expect(screen.frame()).toContain('use ann, baya.com');
    expect(screen.frame()).not.toContain('changed, not saved');
  });

  it('all that is plain with one key, and all of it back with one', async () => {
    const text = [
      header.replace('Destination folder', 'Destinaton folder'),
      row('john@baya.com').replace('john@baya.com,vault.example', 'john,vault.example'),
      row('eve', 'Data//eve'),
      row('bob', 'Archive'),
    ].join('\n');
    const {screen} = open(text);
    // What stands in a column that is not read yet is told when it is.
    await screen.waitFor('2 lines with errors');
    await screen.press('a');
    await screen.waitFor('3 places mended. u takes them back.');
    expect(screen.frame()).toContain('1 line with errors');
    await screen.press('u');
    await screen.waitFor('2 lines with errors');
  });

  it('one place, which u takes back as one', async () => {
    const {screen} = open([header, row('john'), row('eve', 'Data//eve')].join('\n'));
    await screen.waitFor('1 line with errors');
    await screen.press('a');
    await screen.waitFor('1 place mended. u takes it back.');
  });

  it('a cell, checked as it is typed, with the fix one Tab away', async () => {
    const {screen, files} = open([header, row('john'), row('ann', 'Data//x')].join('\n'));
    await screen.waitFor('1 line with errors');
    await screen.press('e');
    await screen.waitFor('Line 3');
    expect(screen.frame()).toMatch(/▸ Destination folder +Data\/\/x/);
    expect(screen.frame()).toContain('tab: use Data/x');
    await screen.press('ctrl+u');
    await screen.type('Drafts');
    await screen.waitFor('is a reserved folder name');
    await screen.press('tab');
    expect(screen.frame()).toMatch(/Destination folder +Migrated\/Drafts/);
    await screen.press('up', 'up', 'up');
    expect(screen.frame()).toMatch(/▸ Destination domain/);
    await screen.type('x@');
    await screen.waitFor('The domain is the part after the @');
    await screen.press('backspace', 'backspace', 'enter');
    await screen.waitFor('✓ no errors');
    expect(screen.frames.join('')).not.toMatch(/hunter2|s3cret/);
    // A password is changed unseen.
    await screen.press('e', 'down', 'down');
    await screen.type('42');
    await screen.press('enter', 'ctrl+s');
    await screen.waitFor('Save the mended file');
    await screen.press('enter');
    await screen.waitFor('There is such a file. Enter again replaces it.');
    expect(lines(files[file])[2]).toBe(row('ann', 'Data//x'));
    await screen.press('enter');
    await screen.waitFor('Saved as users.csv.');
    expect(lines(files[file])).toEqual([header, row('john'), row('ann', 'Migrated/Drafts', 'hunter242')]);
    expect(screen.frames.join('')).not.toMatch(/hunter2|s3cret/);
  });

  it('leaves a line as it was on Esc', async () => {
    const {screen} = open([header, row('john')].join('\n'));
    await screen.waitFor('no errors');
    await screen.press('e');
    await screen.type('xyz');
    await screen.press('esc');
    await screen.waitFor('✓ no errors');
    expect(screen.frame()).not.toContain('changed');
    expect(screen.frame()).not.toContain('xyz');
  });

  it('gives one answer for all lines where the header lacks a column', async () => {
    const short = [header, row('john'), row('ann')].map(line => line.split(',').toSpliced(6, 1).join(','));
    const {screen, files} = open(short.join('\n'));
    await screen.waitFor('There is no column "Destination server"');
    await screen.press('e');
    await screen.waitFor('One answer for every line that gives none');
    expect(screen.frame()).toMatch(/▸ Destination server/);
    await screen.type('vault.example');
    await screen.press('enter');
    await screen.waitFor('✓ no errors');
    // Going on asks to save first: a run that goes on later reads the file.
    await screen.press('enter');
    await screen.waitFor('Save the mended file');
    await screen.press('backspace', 'backspace', 'backspace', 'backspace');
    await screen.type('2.csv');
    await screen.press('enter');
    await screen.waitFor('Enter starts copying.');
    expect(lines(files['/desk/users2.csv'])).toEqual([
      `${short[0]},Destination server`,
      `${short[1]},vault.example`,
      `${short[2]},vault.example`,
    ]);
    expect(lines(files[file])).toEqual(short);
  });

  it('the cells of a row that are too many or too few, without showing what may be a password', async () => {
    const text = [header, row('john', 'Data', 'hun,ter2'), row('ann').split(',').slice(0, 7).join(',')];
    const {screen, files} = open(text.join('\n'));
    await screen.waitFor('2 lines with errors');
    await screen.press('e');
    await screen.waitFor('The cells of line 2');
    expect(screen.frame()).toContain('1 too many');
    await screen.press('down', 'down');
    expect(screen.frame()).toMatch(/▸ 3 Source user password/);
    await screen.type(',ter2');
    await screen.press('down', 'ctrl+x');
    await screen.waitFor('9 cells, as many as columns. Enter takes them.');
    await screen.press('enter');
    await screen.waitFor('1 line with errors');
    // Two that are missing at the end may be left empty.
    await screen.press('n', 'tab');
    await screen.waitFor('2 requests   ✓ no errors');
    await screen.press('d');
    await screen.waitFor('1 request   ✓ no errors');
    await screen.press('ctrl+s', 'enter', 'enter');
    await screen.waitFor('Saved as users.csv.');
    expect(lines(files[file])).toEqual([header, row('john', 'Data', '"hun,ter2"')]);
    expect(screen.frames.join('')).not.toMatch(/hun|ter2|s3cret/);
  });

  it('nor what stands in a column that it does not know', async () => {
    const unknown = header.replace('Source user password', 'Kennwort');
    const {screen} = open([unknown, `${row('john')},more`, row('ann').replace(',O365-IMAP', '')].join('\n'));
    await screen.waitFor('3 lines with errors');
    for (const line of [2, 3]) {
      await screen.press('down', 'e');
      await screen.waitFor(`The cells of line ${line}`);
      expect(screen.frame()).toContain('3 Kennwort');
      await screen.press('esc');
      await screen.waitFor('3 lines with errors');
    }
    expect(screen.frames.join('')).not.toMatch(/hunter2|s3cret/);
  });

  it('does not drop changes unasked', async () => {
    const {screen, onLeave} = open([header, row('john@baya.com')].join('\n'));
    await screen.waitFor('1 line with errors');
    await screen.press('tab', 'esc');
    expect(screen.frame()).toContain('Your changes are not saved.');
    await screen.press('r');
    expect(screen.frame()).toContain('Your changes are not saved.');
    await screen.press('r');
    await screen.waitFor('use john, baya.com');
    expect(screen.frame()).not.toContain('changed, not saved');
    await screen.press('esc', 'esc');
    expect(onLeave).toHaveBeenCalledOnce();
  });

  it('saves over no file that somebody has changed since it was read', async () => {
    const {screen, files} = open([header, row('john@baya.com')].join('\n'));
    await screen.waitFor('1 line with errors');
    await screen.press('tab', 'ctrl+s');
    await screen.waitFor('Save the mended file');
    const theirs = [header, row('ann')].join('\n');
    files[file] = theirs;
    await screen.press('enter', 'enter');
    await screen.waitFor('Somebody has changed users.csv since it was read here.');
    // However often: what both have written is kept.
    await screen.press('esc', 'ctrl+s', 'enter', 'enter');
    await screen.waitFor('Somebody has changed users.csv since it was read here.');
    expect(files[file]).toBe(theirs);
    expect(screen.frame()).toContain('users.mine.csv');
    await screen.press('enter');
    await screen.waitFor('Saved as users.mine.csv.');
    expect(files[file]).toBe(theirs);
    expect(lines(files['/desk/users.mine.csv'])[1]).toMatch(/^john,baya\.com,/);
    // Of the new one, it is known what is in it.
    await screen.press('e');
    await screen.type('ny');
    await screen.press('enter', 'ctrl+s', 'enter', 'enter');
    await screen.waitFor('Saved as users.mine.csv.');
    expect(lines(files['/desk/users.mine.csv'])[1]).toMatch(/ny,/);
  });

  it.each(['./users.csv', '../desk/users.csv', '/desk//users.csv'])(
    'sees that %s is the file that was read, and saves over nothing of somebody else there either',
    async spelled => {
      const {screen, files} = open([header, row('john@baya.com')].join('\n'));
      await screen.waitFor('1 line with errors');
      await screen.press('tab', 'ctrl+s');
      await screen.waitFor('Save the mended file');
      const theirs = [header, row('ann')].join('\n');
      files[file] = theirs;
      await screen.press('ctrl+u');
      await screen.type(spelled);
      await screen.press('enter');
      await screen.waitFor('There is such a file.');
      await screen.press('enter');
      await screen.waitFor('Somebody has changed users.csv since it was read here.');
      expect(files[file]).toBe(theirs);
    },
  );

  it('says why a file cannot be written', async () => {
    const {screen, files} = open([header, row('john@baya.com')].join('\n'));
    await screen.waitFor('1 line with errors');
    await screen.press('tab', 'ctrl+s');
    Object.freeze(files);
    await screen.type('x');
    await screen.press('enter');
    await screen.waitFor('The file could not be written');
  });

  for (const [columns, rows] of [
    [60, 20],
    [80, 24],
    [120, 30],
  ] as const)
    it(`in frames that fit ${columns} x ${rows}, three hundred rows of which twelve are bad`, async () => {
      const all = Array.from({length: 300}, (_, at) =>
        at % 25 === 24 ? row(`user${at}`, 'Data//x') : row(`user${at}`),
      );
      const {screen} = open([header, ...all].join('\n'), {columns, rows});
      await screen.waitFor('12 lines with errors');
      await screen.press('f', 'down', 'e', 'tab', 'enter');
      await screen.waitFor('11 lines with errors');
      await screen.press('?', 'esc', 'a');
      await screen.waitFor('11 places mended');
      await screen.press('ctrl+s', 'enter');
      await screen.waitFor('Enter again replaces it');
      for (const frame of screen.frames) expect(misfits(frame, columns, rows)).toEqual([]);
    });
});
