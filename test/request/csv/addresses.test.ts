// Lists that name mailboxes by whole addresses: whoever stands before the @ is still there when they are mended.
import fc from 'fast-check';
import {expect, test} from 'vitest';
import {createChecker} from '../../../source/request/csv/check.ts';
import {mendSheet} from '../../../source/request/csv/mend.ts';
import {sheetBytes} from '../../../source/request/csv/save.ts';
import {readSheet} from '../../../source/request/csv/sheet.ts';
import type {FieldRules} from '../../../source/request/field-rules.ts';

const rules: FieldRules = {passwordPolicy: 'off', allowPlaintext: false};

function mended(...lines: readonly string[]) {
  const read = readSheet(new TextEncoder().encode(`${lines.join('\n')}\n`), 'users.csv');
  if (!read.ok) throw new Error(read.problems[0]?.sentence);
  const {sheet, reading} = mendSheet(read.sheet, createChecker(rules, {}));
  const errors = reading.problems.filter(({severity}) => severity === 'error');
  return {lines: new TextDecoder().decode(sheetBytes(sheet)).trimEnd().split('\n'), errors};
}

const words = ['Email', 'E-Mail', 'email_address', 'Mail', 'Address', 'Mailbox', 'Login', 'UPN'];

test.each(words)('a column "%s" holds user ids, and an address in it is split', word => {
  const {lines, errors} = mended(
    `Source ${word},Source Password,Source Server,Destination ${word},Destination folder`,
    'john.smith@baya.com,pw,imap.baya.com,smith@new.example,Old',
  );
  expect(lines).toEqual([
    'Source user id,Source user password,Source Server,Destination user id,Destination folder,Source domain,Destination domain',
    'john.smith,pw,imap.baya.com,smith,Old,baya.com,new.example',
  ]);
  expect(errors).toEqual([]);
});

test('an address in the place of the domain goes to an empty user id too, and leaves nobody out unasked', () => {
  const domain = (...cells: readonly string[]) =>
    mended('Source user id,Source domain,Title', ...cells).lines.slice(1);
  expect(domain(',john@baya.com,x')).toEqual(['john,baya.com,x']);
  expect(domain('john,john@baya.com,x')).toEqual(['john,baya.com,x']);
  expect(domain('john@baya.com,john@baya.com,x')).toEqual(['john,baya.com,x']);
  expect(domain('ann,@baya.com,x')).toEqual(['ann,baya.com,x']);
  for (const row of ['ann,john@baya.com,x', ',jo hn@baya.com,x']) expect(domain(row)).toEqual([row]);
  expect(mended('Source domain,Title', 'john@baya.com,x').lines).toEqual([
    'Source domain,Title,Source user id',
    'baya.com,x,john',
  ]);
});

test('nobody is gone from a list that was mended, wherever an address stood in it', () => {
  const names = [
    ...[
      'Source user id',
      'Source domain',
      'Source Email',
      'Sorce domian',
      'Source usr',
      'Old Username',
      'Old Server name',
    ],
    ...[
      'Destination user id',
      'Destination domain',
      'Destination Mail',
      'Destinaton server',
      'New Username',
      '',
    ],
    ...['Title', 'Destination folder', 'Request type', 'Source Server', 'source_domain'],
  ];
  const users = fc.constantFrom('john', 'ann', 'j.smith', 'bob');
  const cell = fc.oneof(
    fc
      .tuple(users, fc.constantFrom('baya.com', 'BAYA.com', 'new.example', 'no'))
      .map(([user, at]) => `${user}@${at}`),
    users,
    fc.constantFrom('', 'baya.com', 'imap.example.com', 'O365-IMAP', 'blank', ' john@baya.com '),
  );
  const tables = fc.uniqueArray(fc.constantFrom(...names), {minLength: 1, maxLength: 8}).chain(header =>
    fc.tuple(
      fc.constant(['Since', ...header]),
      fc.array(fc.array(cell, {minLength: header.length, maxLength: header.length}), {
        minLength: 1,
        maxLength: 4,
      }),
    ),
  );
  fc.assert(
    fc.property(tables, ([header, rows]) => {
      const {lines} = mended(header.join(','), ...rows.map(cells => ['2019-01-01', ...cells].join(',')));
      for (const [index, cells] of rows.entries())
        for (const text of cells.filter(each => each.includes('@')))
          expect(lines[index + 1]).toContain(text.trim().split('@')[0]);
    }),
    {numRuns: 500},
  );
});
