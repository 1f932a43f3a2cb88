import {expect, test} from 'vitest';
import {formatForecast} from '../../source/format/duration.ts';
import {buildRequest} from '../../source/request/build-request.ts';
import {forecastOf, forecastTogether} from '../../source/request/forecast.ts';
import type {Request} from '../../source/request/schema.ts';

function requestAt(sourceServer: string): Request {
  const built = buildRequest(
    {
      type: 'O365-IMAP',
      sourceUserId: 'john',
      sourceDomain: 'baya.com',
      sourceServer,
      destinationUserId: 'john',
      destinationServer: 'vault.example',
    },
    {passwordPolicy: 'off', allowPlaintext: false},
  );
  if (!built.ok) throw new Error(built.findings[0]?.finding.sentence);
  return built.request;
}
const office365 = requestAt('outlook.office365.com');
const gateway = requestAt('gateway.example');
const words = (request: Request, messages: number, bytes?: number) => {
  const {low, high} = forecastOf(request, {messages, ...(bytes === undefined ? {} : {bytes})});
  return formatForecast(low, high);
};

test('Office 365 takes 1 to 4 messages a second, and half to two megabytes', () => {
  expect(words(office365, 1200)).toBe('about 5 to 21 minutes');
  expect(words(office365, 100, 1.8e9)).toBe('about 15 to 61 minutes');
  expect(words(office365, 16_302, 2.9e9)).toBe('about 1 to 5 hours');
});

test('what an end is goes by its server, and others are faster', () => {
  expect(words(gateway, 1200)).toBe('about 5 to 75 seconds');
  expect(forecastOf(gateway, {messages: 0})).toEqual(forecastOf(office365, {messages: 0}));
});

test('many mailboxes take as long as the longest, or as all shared out', () => {
  const hour = {low: 3600, high: 7200};
  expect(forecastTogether([hour, {low: 1, high: 2}], 4)).toEqual(hour);
  expect(
    forecastTogether(
      Array.from({length: 8}, () => hour),
      4,
    ),
  ).toEqual({low: 7200, high: 14_400});
  expect(forecastTogether([], 4)).toEqual({low: 0, high: 0});
});
