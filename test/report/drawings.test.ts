import {parse} from 'csv-parse/sync';
import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {showPath} from '../../source/engine/folders/path.ts';
import {emptySnapshot, reduce} from '../../source/progress/reduce.ts';
import type {Snapshot} from '../../source/progress/snapshot.ts';
import {csvLine, foldersCsv, requestsCsv} from '../../source/report/csv.ts';
import {reportOf} from '../../source/report/data.ts';
import {reportHtml} from '../../source/report/html.ts';
import {summaryJson} from '../../source/report/json.ts';
import {escapeText} from '../../source/report/markup.ts';
import {anyCharacter} from '../helpers/any-character.ts';
import {at, folder, problem, runStarted} from '../progress/events.ts';
import {events, info, signInProblem, snapshotOf} from './sample.ts';

const snapshot = snapshotOf(events);
const report = reportOf(info, snapshot);

describe('csv', () => {
  test.each([
    ['=1+1', "'=1+1"],
    ['+49 89', "'+49 89"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "' x"],
    ['\rx', "' x"],
    ['  =1', "'  =1"],
    ['\u202e=1', "'=1"],
    ['＝1', "'＝1"],
    ['plain', 'plain'],
    ['a;=1;+2', "a;'=1;'+2"],
    ['a; =1', "a;' =1"],
    ['a;;-1; b', "a;;'-1; b"],
    ['a;"=1"', '"a;\'""=1"""'],
    ['a;＝1', "a;'＝1"],
    ['x'.repeat(2001), `${'x'.repeat(1997)}...`],
    ['a\u001b[2Jb', 'ab'],
  ])('cell %j is %j', (cell, safe) => expect(csvLine([cell])).toBe(`${safe}\r\n`));

  test('is RFC 4180 for any text, and never a formula', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({unit: fc.oneof(anyCharacter, fc.constantFrom(...',;=+-@" ')), maxLength: 20}), {
          minLength: 1,
          maxLength: 5,
        }),
        cells => {
          const parsed = parse(csvLine(['x', ...cells]), {record_delimiter: '\r\n'})[0] ?? [];
          expect(parsed).toHaveLength(cells.length + 1);
          for (const cell of parsed) expect(cell).not.toMatch(/^\s*[=+\-@\t\r]/);
          // As a spreadsheet reads the line where lists are separated by semicolons.
          for (const cell of csvLine(['x', ...cells])
            .trimEnd()
            .split(';'))
            expect(cell).not.toMatch(/^[\s"]*[=+\-@]/);
        },
      ),
    );
  });

  test('keeps what can be printed, and guards where a formula could begin', () => {
    for (const each of Array.from({length: 95}, (_, index) => String.fromCharCode(0x20 + index))) {
      const guard = '=+-@'.includes(each) ? "'" : '';
      const line = csvLine(['', `${each}1`, `a${each}`, undefined]);
      expect(parse(line, {record_delimiter: '\r\n'})[0]).toEqual(['', `${guard}${each}1`, `a${each}`, '']);
    }
  });

  test('requests and folders carry the numbers, left-out folders their reason', () => {
    const requests = parse([...requestsCsv(report)].join(''), {columns: true, bom: true}) as Record<
      string,
      string
    >[];
    expect(
      requests.map(row => [row['source'], row['state'], row['selected'], row['copied'], row['code']]),
    ).toEqual([
      ['john@baya.com', 'Processed', '4328', '3326', ''],
      ['ann@baya.com', 'Processed', '900', '900', ''],
      // Never opened: 0 selected would look like an answer.
      ['eve@baya.com', 'Failed', '', '', 'sign-in-refused'],
    ]);
    const text = [...foldersCsv(report)].join('');
    expect(text.startsWith('\ufeff')).toBe(true);
    const folders = parse(text, {columns: true, bom: true}) as Record<string, string>[];
    expect(folders[2]).toMatchObject({
      'source folder': 'Calendar',
      included: 'no',
      reason: 'not mail',
      selected: '0',
    });
    expect(folders[3]?.['source folder']).toBe('\'=HYPERLINK("x")');
  });
});

test('summary.json has the fields of the contract', () => {
  const summary = JSON.parse(summaryJson(report));
  expect(summary).toMatchObject({
    version: 1,
    run: info.run,
    exitCode: 3,
    totals: {selected: 5228, copied: 4226, alreadyPresent: 1000, skipped: 1, failed: 1, bytes: 211e6},
  });
  expect(summary.requests[0]).toMatchObject({
    title: 'Request 0',
    type: 'O365-IMAP',
    source: 'john@baya.com',
    destination: 'john@vault.example',
    destinationFolder: 'Data17012018',
    state: 'Processed',
    selected: 4328,
    copied: 3326,
    alreadyPresent: 1000,
    skipped: 1,
    failed: 1,
    bytes: 166e6,
    notes: [{sentence: 'Two keywords are not kept.'}],
  });
  expect(summary.requests[0].folders[2]).toMatchObject({
    source: 'Calendar',
    included: false,
    reason: 'not mail',
  });
  expect(summary.requests[2].problem).toEqual(signInProblem);
});

test('summary.json moves no cursor and turns no text', () => {
  const name = 'a\u009b31m\u202egpj';
  const hostile = [
    runStarted(1),
    at({type: 'folders-planned', request: 0, folders: [folder(0, {source: name})]} as const, 1),
  ].reduce(reduce, emptySnapshot);
  const text = summaryJson(reportOf(info, hostile));
  expect(text).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/);
  expect(JSON.parse(text).requests[0].folders[0].source).toBe(name);
});

test('summary.json holds the names of folders as they are', () => {
  const levels = ['Top', 'back\\slash', 'AC/DC', 'end\\'];
  const planned = [
    runStarted(1),
    at({type: 'folders-planned', request: 0, folders: [folder(0, {source: showPath(levels)})]} as const, 1),
  ].reduce(reduce, emptySnapshot);
  const [shown] = JSON.parse(summaryJson(reportOf(info, planned))).requests[0].folders;
  expect(shown).toMatchObject({source: 'Top/back\\slash/AC\\/DC/end\\', levels});
});

test('the sum of a folder that broke off is right too', () => {
  const broken = [
    runStarted(1),
    at({type: 'folders-planned', request: 0, folders: [folder(0), folder(1)]} as const, 1),
    at({type: 'messages-copied', request: 0, folder: 0, messages: 4, bytes: 1} as const, 1),
    at({type: 'folder-state', request: 0, folder: 0, state: 'failed', problem} as const, 1),
    at({type: 'folder-state', request: 0, folder: 1, state: 'stopped'} as const, 1),
  ].reduce(reduce, emptySnapshot);
  const folders = (snapshot: Snapshot) => reportOf(info, snapshot).requests[0]?.folders;
  expect(folders(broken)?.[0]).toMatchObject({selected: 10, copied: 4, failed: 0});
  const ended = reduce(broken, at({type: 'request-state', request: 0, state: 'Failed'} as const, 2));
  expect(folders(ended)).toMatchObject([
    {selected: 10, copied: 4, failed: 6},
    {selected: 10, skipped: 10},
  ]);
});

describe('report.html', () => {
  const page = reportHtml(report);

  test('says the verdict first, names what failed and what to do', () => {
    expect(page.indexOf('<h1>')).toBeLessThan(page.indexOf('<table>'));
    expect(page).toContain(
      '2 of 5,228 selected messages and 1 mailbox as a whole are not at the destination',
    );
    for (const text of [
      problem.sentence,
      problem.nextStep,
      signInProblem.sentence,
      signInProblem.nextStep,
      'left out: not mail (311 messages)',
    ]) {
      expect(page).toContain(text);
    }
  });

  test('needs nothing from elsewhere and runs nothing', () => {
    expect(page).toContain(
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    );
    expect(page).toContain('<meta name="referrer" content="no-referrer">');
    expect(page).not.toMatch(/<script|<link|<img|<iframe|url\(|\son\w+=|https?:/i);
  });

  test('escapes what strangers wrote', () => {
    expect(page).toContain('Plans &lt;b&gt;&quot;2026&quot;&lt;/b&gt;');
    expect(page).toContain('&lt;a@baya.com&gt;');
    const nasty = '"><script>alert(1)</script>\u001b[31m\u202e';
    const hostile = JSON.parse(
      JSON.stringify(events).replaceAll('INBOX', JSON.stringify(nasty).slice(1, -1)),
    );
    const bad = reportHtml(reportOf({...info, from: nasty, run: nasty}, snapshotOf(hostile)));
    expect(bad).not.toMatch(/<script|\u001b|\u202e/);
  });

  test('shows each character of what strangers wrote as it is, and no more than a page bears', () => {
    expect(escapeText('a &lt; b <i title="x" class=\'y\'>')).toBe(
      'a &amp;lt; b &lt;i title=&quot;x&quot; class=&#39;y&#39;&gt;',
    );
    expect(escapeText('<'.repeat(3000))).toBe(`${'&lt;'.repeat(1997)}...`);
  });

  test('draws the whole curve of a long run', () => {
    const messages = Array.from({length: 240}, (_, index) => 1000 + index);
    const drawn = reportHtml({...report, timeline: {from: info.startedAt, every: 60_000, messages}});
    const points = /<polyline[^>]* points="([^"]*)"/.exec(drawn)?.[1]?.split(' ') ?? [];
    expect(points).toHaveLength(241);
    for (const point of points) expect(point).toMatch(/^[\d.]+,[\d.]+$/);
    expect(points.at(-1)?.split(',')[0]).toBe('1028.0');
  });

  test('stays readable whatever the run', () => {
    let large: Snapshot = reduce(emptySnapshot, runStarted(3000));
    for (let request = 0; request < 400; request += 1) {
      const folders = Array.from({length: 40}, (_, index) => folder(index));
      large = reduce(large, at({type: 'folders-planned', request, folders}, 1));
      for (let uid = 0; uid < 3; uid += 1) {
        large = reduce(large, at({type: 'message-failed', request, folder: 0, message: {uid}, problem}, 1));
      }
    }
    for (let request = 0; request < 300; request += 1)
      large = reduce(large, at({type: 'note', request, problem}, 1));
    const long = reportHtml(reportOf(info, large));
    expect(long.length).toBeLessThan(2_000_000);
    // With the heads of 52 tables.
    expect(long.match(/<tr[ >]/g)).toHaveLength(1000 + 60 + 2000 + 52);
    expect(long.match(/: The message is larger than the destination takes\. Raise/g)).toHaveLength(200);
    expect(long).toContain('100 more notes: see summary.json.');
    expect(long).toContain('2,000 more requests: see requests.csv.');
    expect(long).toContain('1,140 more messages: see messages.csv.');
  });
});
