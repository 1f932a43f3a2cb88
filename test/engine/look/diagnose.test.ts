// What many mailboxes together tell of a refusal without a reason.
import {expect, test} from 'vitest';
import {diagnose} from '../../../source/engine/look/diagnose.ts';
import {problem} from '../../../source/engine/problems/problems.ts';
import {loginOf, ready, request, tokenRefused, unreached} from '../../check/sample.ts';

const codes = (all: ReturnType<typeof diagnose>) => all.map(({inspection}) => inspection.problems[0]?.code);

test('where the app opens other mailboxes, it is the mailbox', () => {
  const all = diagnose([ready(0, 'ann'), unreached(1, 'eve', tokenRefused('eve'))]);
  expect(codes(all)).toEqual([undefined, 'imap-off-or-address']);
  expect(all[1]?.inspection.failed?.source?.problem).toBe(all[1]?.inspection.problems[0]);
  expect(all[1]?.inspection.problems[0]?.nextStep).toContain("Get-CASMailbox -Identity 'eve@baya.com'");
  expect(all[1]?.inspection.problems[0]?.detail).toBe('AUTHENTICATE failed.');
});

test('a sign-in that was accepted without opening the mailbox proves the app too', () => {
  const right = problem('full-access-missing', loginOf('bob'));
  expect(
    codes(diagnose([unreached(0, 'bob', right, true), unreached(1, 'eve', tokenRefused('eve'))])),
  ).toEqual(['full-access-missing', 'imap-off-or-address']);
});

test('where it opens none of several, the app is not registered in Exchange, most likely', () => {
  const all = diagnose(
    ['ann', 'bob', 'eve'].map((user, index) => unreached(index, user, tokenRefused(user))),
  );
  expect(codes(all)).toEqual(Array(3).fill('app-not-in-exchange'));
  expect(all[0]?.inspection.problems[0]).toMatchObject({
    sentence: expect.stringContaining('none of the 3 mailboxes'),
    nextStep: expect.stringContaining('New-ServicePrincipal -AppId app-1 -ObjectId object-1'),
  });
});

test('one alone tells no more, and another server or a password proves nothing', () => {
  const lone = unreached(0, 'ann', tokenRefused('ann'));
  expect(codes(diagnose([lone]))).toEqual(['microsoft-token-refused']);
  const elsewhere = {...ready(1, 'bob'), what: request('bob', {server: 'partner.outlook.cn'})};
  const password = {...ready(2, 'cleo'), what: request('cleo', {auth: 'password'})};
  expect(codes(diagnose([lone, elsewhere, password]))[0]).toBe('microsoft-token-refused');
});
