import {expect, test} from 'vitest';
import {detailWords} from '../../../source/engine/problems/detail.ts';
import {problemCodes} from '../../../source/engine/problems/problems.ts';

test('a server is quoted only for what a server has said', () => {
  expect(detailWords({code: 'sign-in-refused', detail: 'NO no.'})).toBe('The server says: NO no.');
  const ours = problemCodes.filter(code =>
    detailWords({code, detail: 'getaddrinfo'})?.startsWith('In detail: getaddrinfo'),
  );
  const families = problemCodes.filter(code => /^(ledger|host|connect|tls|connection)-/.test(code));
  const others = ['disk-full', 'file-not-allowed', 'out-of-memory', 'internal-error', 'name-lookup-failed'];
  expect([...ours].sort()).toEqual([...families, ...others, 'proxy-failed'].sort());
  expect(detailWords({code: 'sign-in-refused'})).toBeUndefined();
});
