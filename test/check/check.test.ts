// What the check says of many mailboxes: the table, the causes, the sums, the files and the exit code.
import {parse} from 'csv-parse/sync';
import {describe, expect, test} from 'vitest';
import {causesOf} from '../../source/check/causes.ts';
import {detailLines} from '../../source/check/details.ts';
import {checkColumns, checkCsv, checkJson, checkMessagesCsv} from '../../source/check/files.ts';
import {unbroken} from '../../source/check/one-line.ts';
import {adviceOf, type Checked, exitCodeOf, rowOf, totalsOf} from '../../source/check/row.ts';
import {adviceLines, causeLines, closingLines, tableLines} from '../../source/check/table.ts';
import {problem} from '../../source/engine/problems/problems.ts';
import {cellWidth} from '../../source/format/fit.ts';
import {loginOf, ready, unreached} from './sample.ts';

const expired = (user: string) => problem('app-secret-expired', {...loginOf(user), number: 7000222});
const large = problem('messages-too-large', {messages: 3, limit: 36e6, assumed: true, login: 'ann@baya.com'});
const missing = problem('source-folder-not-found', {folder: 'Nowhere', near: []});
const advice = problem('exchange-source-settings', {login: 'user0@baya.com'});

/** Three hundred, of which twelve cannot be copied for two reasons. */
const many: readonly Checked[] = Array.from({length: 300}, (_, index) => {
  const user = `user${index}`;
  if (index % 30 === 7) return unreached(index, user, expired(user));
  if (index === 100 || index === 200) return ready(index, user, [missing]);
  return ready(index, user, index === 5 ? [large, advice] : [advice]);
});
const rows = many.map(rowOf);

test('the exit code is the one of the contract', () => {
  const code = (all: readonly Checked[]) => exitCodeOf(totalsOf(all.map(rowOf), 4));
  const bad = unreached(1, 'eve', expired('eve'));
  const invalid = ready(2, 'bob', [missing]);
  expect(code([ready(0, 'ann')])).toBe(0);
  expect(code([invalid])).toBe(2);
  expect(code([ready(0, 'ann'), bad])).toBe(3);
  expect(code([ready(0, 'ann'), invalid])).toBe(3);
  expect(code([invalid, bad])).toBe(3);
  expect(code([bad, bad])).toBe(4);
});

test('a note stops nobody, and what is said once for all marks no mailbox', () => {
  expect(rowOf(ready(0, 'ann', [large]))).toMatchObject({state: 'ready', excluded: 2, messages: 10});
  expect(rowOf(ready(0, 'ann', [advice])).problems).toEqual([]);
  expect(adviceOf(many)).toEqual([advice]);
  const other = problem('exchange-source-settings', {login: 'bob@baya.com'});
  const [both] = adviceOf([ready(0, 'ann', [advice]), ready(1, 'bob', [other])]);
  expect(both?.nextStep).toMatch(/'user0@baya\.com'.*\. The same for 1 other mailbox of this list\.$/);
});

test('each folder of --include and --exclude that nobody has is a cause of its own', () => {
  const unknown = (option: string, folder: string) => problem('choice-not-found', {option, folder, near: []});
  const both = [unknown('--include', 'Nix'), unknown('--exclude', 'Nox')];
  const causes = causesOf([ready(0, 'ann', both), ready(1, 'bob', both)].map(rowOf));
  expect(causes.map(({problem: {sentence}, mailboxes}) => [sentence, mailboxes.length])).toEqual(
    both.map(({sentence}) => [sentence, 2]),
  );
});

test('the twelve of three hundred stand out, put together by cause, what stops first', () => {
  const causes = causesOf(rows);
  expect(causes.map(({code, stops, mailboxes}) => [code, stops, mailboxes.length])).toEqual([
    ['app-secret-expired', true, 10],
    ['source-folder-not-found', true, 2],
    ['messages-too-large', false, 1],
  ]);
  const [first] = causes;
  const text = first === undefined ? '' : causeLines(first, 100).join('\n');
  expect(text).toContain('10 mailboxes');
  expect(text).toContain('Certificates & secrets');
  expect(text).toContain('https://login.microsoftonline.com/error?code=7000222');
  for (const index of [7, 37, 277]) expect(text).toContain(`user${index}@baya.com`);
  expect(closingLines(totalsOf(rows, 4), 4, 500).join('\n')).toMatch(
    /^288 of 300 mailboxes can be copied: 2,880 messages, .* with 4 at once\. 12 cannot: see above\. Nothing was copied/,
  );
});

test('one cause of five hundred mailboxes stays short and says where the others are', () => {
  const all = Array.from({length: 500}, (_, index) => unreached(index, `u${index}`, expired(`u${index}`)));
  const [cause] = causesOf(all.map(rowOf));
  const lines = cause === undefined ? [] : causeLines(cause, 80);
  expect(lines.length).toBeLessThan(15);
  expect(lines.join(' ')).toContain('and 488 more: see check.csv');
});

test.each([40, 60, 80, 100, 120, 200])('no line is wider than %i columns, each mailbox has one', width => {
  const lines = tableLines(rows, width);
  expect(lines.filter(line => /^[✓✗!] /.test(line))).toHaveLength(300);
  const long = [
    ...lines,
    ...causesOf(rows).flatMap(cause => causeLines(cause, width)),
    ...adviceLines({problem: advice}, width),
    ...closingLines(totalsOf(rows, 4), 4, width),
  ].filter(line => cellWidth(line) > width && !/^ {4}https:\S+$/.test(line));
  expect(long).toEqual([]);
});

test.each([60, 80, 120])('at %i columns the whole reason is told beside or below its mailbox', width => {
  const lost = unreached(0, 'eve', expired('eve'));
  const reason = lost.inspection.problems[0]?.sentence ?? '';
  const longName = unreached(1, 'a.very.long.name.that.leaves.no.room', expired('eve'));
  for (const each of [lost, longName]) {
    const words = tableLines([rowOf(ready(2, 'ann')), rowOf(each)], width)
      .slice(2)
      .map(line => line.trim())
      .join(' ');
    expect(words.replaceAll(/\s+/g, ' ')).toContain(reason);
  }
});

test.each([60, 80, 120])('one mailbox is told in at most %i columns, broken between words', width => {
  const one = ready(0, 'ann', [large, advice]);
  const lines = detailLines(one, width);
  const long = lines.filter(line => cellWidth(line) > width && !line.trim().startsWith('https:'));
  expect(long).toEqual([]);
  const text = lines.join(' ').replaceAll(/\s+/g, ' ');
  for (const each of [large, advice]) expect(text).toContain(`note: ${each.sentence} ${each.nextStep ?? ''}`);
});

test.each([40, 60, 80, 120])('the longest step is told to its end at %i columns', width => {
  const long = problem('microsoft-token-refused', {...loginOf('firstname.surname')});
  const step = long.nextStep ?? '';
  expect(step.length).toBeGreaterThan(400);
  const one = unreached(0, 'ann', long);
  const [cause] = causesOf([rowOf(one)]);
  for (const lines of [detailLines(one, width), cause === undefined ? [] : causeLines(cause, width)])
    expect(lines.join(' ').replaceAll(/\s+/g, ' ')).toContain(step.slice(-60));
});

describe('where standard output is no terminal', () => {
  const listed = problem('messages-too-large', {
    messages: 3,
    limit: 36e6,
    assumed: true,
    login: 'bob@baya.com',
  });
  const lost = unreached(2, 'eve', expired('eve'));

  test('a finding of one mailbox is one line, with what to do and where more is written', () => {
    for (const checked of [ready(0, 'ann', [large, advice]), lost])
      for (const {sentence, nextStep = '', link = ''} of checked.inspection.problems) {
        const about = detailLines(checked, unbroken).filter(line => line.includes(sentence));
        expect(about).toHaveLength(1);
        expect(about[0]).toContain(nextStep);
        expect(about[0]).toContain(link);
      }
  });

  test('a cause of several is one line with its mailboxes, and each mailbox has one', () => {
    const all = [ready(0, 'ann', [large]), ready(1, 'bob', [listed]), lost].map(rowOf);
    const table = tableLines(all, unbroken);
    expect(table).toHaveLength(4);
    expect(table[3]).toContain(lost.inspection.problems[0]?.sentence);
    for (const cause of causesOf(all)) {
      const lines = causeLines(cause, unbroken);
      expect(lines).toHaveLength(1);
      expect(lines[0]).toContain(cause.problem.nextStep);
      for (const {row} of cause.mailboxes) expect(lines[0]).toContain(row.source);
    }
  });
});

test('hostile text cannot move the cursor or start a formula', () => {
  const evil = ready(0, 'ann', [
    {...large, sentence: '\u001b[2Jgone\r\n=1+1', nextStep: '=cmd()', detail: '\u202edetail'},
  ]);
  const text = [
    ...tableLines([rowOf(evil)], 100),
    ...causesOf([rowOf(evil)]).flatMap(cause => causeLines(cause, 100)),
  ];
  expect(text.join('')).not.toMatch(/[\u0000-\u001f\u202e]/);
  expect([...checkCsv([evil])].join('')).toContain(",'=cmd()");
});

test('check.csv has a row a mailbox and problem, check.json the whole of it', () => {
  const two = ready(1, 'bob', [missing, large]);
  const records: string[][] = parse([...checkCsv([ready(0, 'ann'), two])].join(''), {bom: true});
  expect(records[0]).toEqual([...checkColumns]);
  expect(records.map(record => [record[0], record[4], record[14]])).toEqual([
    ['request', 'state', 'code'],
    ['1', 'ready', ''],
    ['2', 'stopped', 'source-folder-not-found'],
    ['2', 'stopped', 'messages-too-large'],
  ]);
  const json = JSON.parse([...checkJson(many, {from: 'users.csv', checkedAt: 0, atOnce: 4})].join(''));
  expect(json).toMatchObject({
    version: 1,
    exitCode: 3,
    totals: {requests: 300, ready: 288, stopped: 2, unreached: 10},
  });
  expect(json.requests[7]).toMatchObject({
    request: 8,
    source: 'user7@baya.com',
    state: 'unreached',
    problems: [{code: 'app-secret-expired', link: expect.stringContaining('7000222')}],
  });
  expect(JSON.stringify(json)).not.toContain('accepted');
});

describe('the messages that will be refused', () => {
  const named = (subject: string, code: 'message-too-large' | 'message-too-deep') => ({
    folder: 'INBOX',
    message: {uid: 7, subject, date: Date.UTC(2020, 9, 1, 12), size: 41_200_000},
    problem:
      code === 'message-too-large'
        ? problem(code, {size: 41_200_000, limit: 37_748_736})
        : problem(code, {depth: 31, most: 30}),
  });
  const checked = (count: number, inAll = count): Checked => {
    const base = ready(0, 'john');
    const foreseen = [
      ...Array.from({length: count - 1}, (_, index) =>
        named(`=large\u001b[31m ${index}`, 'message-too-large'),
      ),
      named('deep', 'message-too-deep'),
    ];
    return {
      ...base,
      inspection: {...base.inspection, foreseen, ...(inAll === count ? {} : {foreseenInAll: inAll})},
    };
  };

  test('are named one by one with what to do, inside the width, and cleaned', () => {
    for (const width of [60, 80, 120]) {
      const text = detailLines(checked(3), width).join('\n');
      expect(text).toContain('3 messages that the destination will refuse:');
      expect(text).toMatch(/INBOX +(2020-10-01 +)?41\.2 MB +=large/);
      expect(text).toContain('-MaxReceiveSize');
      expect(text).not.toContain('\u001b');
      const list = text.slice(text.indexOf('that the destination'));
      for (const line of list.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    }
  });

  test('are a line each with the reason where standard output is no terminal, the folder whole', () => {
    const base = checked(1);
    const folder = 'Projects of the year 2020/Northern division';
    const foreseen = (base.inspection.foreseen ?? []).map(each => ({...each, folder}));
    const [{problem: why} = {problem: undefined}] = foreseen;
    const text = detailLines({...base, inspection: {...base.inspection, foreseen}}, unbroken);
    const about = text.filter(line => line.includes(folder));
    expect(about).toHaveLength(1);
    expect(about[0]).toContain('deep');
    expect(about[0]).toContain(why?.sentence);
  });

  test('where there are more than are listed, that is said', () => {
    const text = detailLines(checked(200, 1204), 100).join('\n');
    expect(text).toContain('1,204 messages that the destination will refuse:');
    expect(text).toContain('and 1,184 more: see check-messages.csv, which names the first 200');
    expect(rowOf(checked(200, 1204)).refused).toBe(1204);
  });

  test('have a row each in check-messages.csv, with no cell that is a formula', () => {
    const [head, first, ...rest] = [...checkMessagesCsv([checked(3)])];
    expect(head).toContain('source folder,source uid,date,size');
    expect(first).toContain(`INBOX,7,2020-10-01T12:00:00Z,41200000,,'=large`);
    expect(rest).toHaveLength(2);
  });
});
