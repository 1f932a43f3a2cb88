import {expect, test} from 'vitest';
import {detailWords} from '../../source/engine/problem-detail.ts';

test('a server is quoted only for what a server has said', () => {
  expect(detailWords({code: 'sign-in-refused', detail: 'NO no.'})).toBe('The server says: NO no.');
  for (const code of ['ledger-locked', 'disk-full', 'host-unknown', 'connection-refused', 'tls-name-wrong'])
    expect(detailWords({code, detail: 'getaddrinfo'})).toBe('In detail: getaddrinfo');
  expect(detailWords({code: 'sign-in-refused'})).toBeUndefined();
});
