import {inspect} from 'node:util';
import {expect, test} from 'vitest';
import {Secret} from '../../source/request/secret.ts';

test.each([
  ['text', (secret: Secret) => `${secret}`],
  ['JSON', (secret: Secret) => JSON.stringify({secret}).slice(11, -2)],
  ['what a log would show', (secret: Secret) => inspect(secret)],
  ['what a deep log would show', (secret: Secret) => inspect([secret], {showHidden: true}).slice(2, 8)],
])('a secret as %s is a mask', (_, shown) => {
  expect(shown(new Secret('hunter2'))).toBe('••••••');
});

test('a secret has nothing that could be copied', () => {
  const secret = new Secret('hunter2');
  expect([Reflect.ownKeys(secret), {...secret}]).toEqual([[], {}]);
  expect(secret.reveal()).toBe('hunter2');
});
