import {describe, expect, it} from 'vitest';
import type {StoredMessage} from '../helpers/mail.ts';
import {missedTooOften} from './kill-missed.ts';
import {type MessageLine, miscounted, misnamed, mistakesOf, type RequestEnd} from './kill-report.ts';

const mail = (...uids: readonly number[]) =>
  uids.map(
    (uid): StoredMessage => ({
      ...{uid, flags: [], internalDate: '', size: 1, sha256: String(uid)},
      bytes: Buffer.alloc(0),
    }),
  );
const source = new Map([
  ['INBOX', mail(1, 2)],
  ['Sent', mail(1)],
]);
const line = (folder: string, uid: number, result: string): MessageLine => ({
  ...{request: '1', result, 'source folder': folder, 'source uid': String(uid), 'destination uid': ''},
});
const end: RequestEnd = {
  state: 'Processed',
  ...{selected: 3, copied: 1, alreadyPresent: 1, skipped: 0, failed: 1},
};
const lines = [line('INBOX', 1, 'copied'), line('INBOX', 2, 'failed'), line('Sent', 1, 'already present')];
const expected = {source, skipped: 0, failed: 1};
const mistakes = (requests: readonly RequestEnd[], messages: readonly MessageLine[]) =>
  mistakesOf('it', {requests, messages}, 0, expected, false);

describe('a report', () => {
  it('that names each message once and adds up is right, whatever lines of others are in it', () => {
    const others = [
      {...line('INBOX', 1, 'copied'), request: '2'},
      line('', 0, 'other'),
      line('', 0, 'earlier'),
    ];
    expect(mistakes([end], [...lines, ...others])).toEqual([]);
  });

  it('is wrong where the counts do not add up', () => {
    expect(miscounted({requests: [{...end, selected: 4}], messages: lines}, 0)).toEqual([
      '1 + 1 + 0 + 1 are not 4',
    ]);
    expect(mistakes([], lines)).toEqual(['it does not name it']);
  });

  it('is wrong where a message is named nowhere, twice, with another result, or is of nobody', () => {
    expect(misnamed(lines.slice(1), 0, source)).toEqual(['messages.csv names INBOX 1 nowhere']);
    expect(misnamed([...lines, line('Sent', 1, 'failed')], 0, source)).toEqual([
      'messages.csv names Sent 1 too often',
    ]);
    expect(misnamed([...lines, line('Sent', 9, 'copied')], 0, source)).toEqual([
      'messages.csv names Sent 9 too often',
    ]);
    expect(mistakes([end], [...lines.slice(1), line('INBOX', 1, 'failed')])).toEqual([
      'it: messages.csv names 0 as copied, not 1',
      'it: messages.csv names 2 as failed, not 1',
    ]);
  });
});

describe('kills that do not come', () => {
  it.each([
    ['none of them', 5, 0, false],
    ['one of few', 4, 1, false],
    ['a tenth', 30, 3, false],
    ['more than a tenth', 30, 4, true],
    ['two of few', 4, 2, true],
    ['the only one', 1, 1, true],
  ])('%s', (_, tried, missed, told) => {
    const said = missedTooOften(new Map([['at any byte', {tried, missed}]]));
    expect(said).toEqual(told ? [`the kill did not come in ${missed} of ${tried} tries: at any byte`] : []);
  });
});
