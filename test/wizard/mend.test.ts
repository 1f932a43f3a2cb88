import {expect, test} from 'vitest';
import {fieldToMend} from '../../source/wizard/mend.ts';

test.each([
  ['source', 'host-unknown', 'sourceServer'],
  ['destination', 'host-unreachable', 'destinationServer'],
  ['source', 'tls-wrong-name', 'sourceServer'],
  ['destination', 'connection-refused', 'destinationPort'],
  ['destination', 'connect-timed-out', 'destinationPort'],
  ['source', 'starttls-missing', 'sourceSecurity'],
  ['source', 'tls-self-signed', 'sourceSecurity'],
  ['source', 'sign-in-refused', 'sourceSecret'],
  ['source', undefined, 'sourceSecret'],
] as const)('at the %s %s is mended at %s', (end, code, field) => {
  expect(fieldToMend(end, code, true)).toBe(field);
});

test('where no password is asked for, the user id comes first', () => {
  expect(fieldToMend('source', 'token-refused', false)).toBe('sourceUserId');
});
