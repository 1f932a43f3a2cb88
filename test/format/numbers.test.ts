import {describe, expect, test} from 'vitest';
import {formatByteRate, formatBytes} from '../../source/format/bytes.ts';
import {countOf, formatCount, formatRate} from '../../source/format/count.ts';
import {formatIso, formatStamp} from '../../source/format/date.ts';
import {
  formatClock,
  formatCountdown,
  formatDuration,
  formatForecast,
  formatRange,
} from '../../source/format/duration.ts';

const minutes = (count: number) => count * 60_000;

describe('bytes', () => {
  test.each([
    [0, '0 B'],
    [-5, '0 B'],
    [Number.NaN, '0 B'],
    [512, '512 B'],
    [12_000, '12 kB'],
    [899_499_999, '899 MB'],
    [900_000_000, '0.9 GB'],
    [3_120_000_000, '3.1 GB'],
    [12_400_000, '12.4 MB'],
    [36_000_000, '36 MB'],
    [9_960_000, '10 MB'],
    [99_960_000, '100 MB'],
    [2e18, '2000 PB'],
  ])('%d is %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  test('a rate names its second', () => expect(formatByteRate(12_400_000)).toBe('12.4 MB/s'));
});

describe('counts', () => {
  test.each([
    [0, '0'],
    [999, '999'],
    [18_204, '18,204'],
    [1_234_567, '1,234,567'],
    [-1234, '-1,234'],
  ])('%d is %s', (count, text) => expect(formatCount(count)).toBe(text));

  test('come with their noun', () => {
    expect(countOf(1, 'message')).toBe('1 message');
    expect(countOf(2000, 'message')).toBe('2,000 messages');
    expect(countOf(2, 'mailbox', 'mailboxes')).toBe('2 mailboxes');
  });

  test('rates lose their decimals when large', () => {
    expect([0, 0.34, 2, 9.94, 68.4, 13_100].map(formatRate)).toEqual([
      '0',
      '0.3',
      '2',
      '9.9',
      '68',
      '13,100',
    ]);
  });
});

describe('durations', () => {
  test('clock', () => {
    expect(formatClock(872_000)).toBe('00:14:32');
    expect(formatClock(93_600_000 + 600_000)).toBe('1d 02:10:00');
    expect(formatClock(-1)).toBe('00:00:00');
  });

  test('a countdown ends at zero, not before', () => {
    expect(formatCountdown(221_000)).toBe('3:41');
    expect(formatCountdown(3_821_000)).toBe('1:03:41');
    expect(formatCountdown(1)).toBe('0:01');
    expect(formatCountdown(-10)).toBe('0:00');
  });

  test('words', () => {
    expect(
      [45_000, 872_000, minutes(185), minutes(60), minutes(24 * 60 * 2 + 240), minutes(24 * 60)].map(
        formatDuration,
      ),
    ).toEqual(['45 s', '14 min 32 s', '3 h 5 min', '1 h', '2 days 4 h', '1 day']);
  });

  test('ranges', () => {
    expect(formatRange(minutes(18.2), minutes(24.6))).toBe('18 to 25 min');
    expect(formatRange(31_000, 44_000)).toBe('30 to 45 s');
    expect(formatRange(minutes(3.1), minutes(3.9))).toBe('3 to 4 min');
    expect(formatRange(minutes(130), minutes(170))).toBe('2 to 3 h');
    expect(formatRange(minutes(4), minutes(4))).toBe('about 4 min');
    expect(formatRange(0, 0)).toBe('about 5 s');
    expect(formatForecast(minutes(20), minutes(35))).toBe('about 20 to 35 minutes');
    expect(formatForecast(minutes(2), minutes(2))).toBe('about 2 minutes');
  });
});

describe('dates', () => {
  const at = Date.UTC(2026, 10, 22, 14, 3, 9, 123);
  test('local stamp', () => {
    const offset = new Date(at).getTimezoneOffset() * 60_000;
    expect(formatStamp(at + offset)).toBe('2026-11-22 14:03:09');
  });
  test('iso in UTC, empty where unknown', () => {
    expect(formatIso(at)).toBe('2026-11-22T14:03:09Z');
    expect(formatIso(undefined)).toBe('');
    expect(formatIso(Number.POSITIVE_INFINITY)).toBe('');
  });
});
