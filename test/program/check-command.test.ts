// What `mailferry check` prints where standard output is a file or a pipe.
import {expect, test} from 'vitest';
import {closedPort} from '../cli/closed-port.ts';
import {newPlace, requestRow} from '../cli/place.ts';

test.each([1, 3])('of %i mailboxes each finding is one line, whatever its length', async mailboxes => {
  const place = newPlace();
  const nobody = {host: '127.0.0.1', imapPort: await closedPort()};
  const users = ['ann', 'bob', 'eve'].slice(0, mailboxes);
  const file = place.csv(users.map(user => requestRow(nobody, nobody, user)));
  const {code, stdout} = await place.here(['check', file, '--no-input']);
  expect(code).toBe(4);
  const said = stdout.split('\n').filter(line => line.includes('Check the server name'));
  // Each of the two ends, or the cause that all have.
  expect(said).toHaveLength(mailboxes === 1 ? 2 : 1);
  for (const line of said) {
    expect(line.length).toBeGreaterThan(120);
    expect(line).toMatch(/Nothing answers at 127\.0\.0\.1:.*: 993 for tls, 143 for starttls\./);
  }
});

test('quiet says nothing at all of what need not change', async () => {
  const place = newPlace();
  const nobody = {host: '127.0.0.1', imapPort: await closedPort()};
  const file = place.csv([requestRow(nobody, nobody, 'ann', {'Source user password': 'p;w'})]);
  const [plain, quiet] = [
    await place.here(['check', file]),
    await place.here(['check', file, '--output', 'quiet']),
  ];
  expect(plain.stderr).toContain('nothing needs to change');
  expect(quiet).toMatchObject({code: 4, stdout: '', stderr: ''});
});
