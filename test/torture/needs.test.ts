// What the rig says where the machine lacks what it needs.
import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {expect, test} from 'vitest';
import {lackOf} from './needs.ts';
import {parts} from './parts.ts';

const kill = {name: 'kill'};
const fuzz = {name: 'fuzz', alone: true} as const;

test('nothing is missing where all is there, or where no part asks for it', () => {
  expect(lackOf(parts, () => true)).toBeUndefined();
  expect(lackOf([fuzz], () => false)).toBeUndefined();
});

test('what is missing is named once, with the parts that need it and how to get it', () => {
  expect(lackOf([kill], program => program !== 'dovecot')).toBe(
    'Not installed: dovecot, without which there are no servers for kill (on Debian: apt-get install dovecot-imapd).',
  );
  expect(lackOf([kill, fuzz], () => false)).toBe(
    'Not installed: dovecot and openssl, without which there are no servers for kill (on Debian: apt-get install dovecot-imapd openssl). The others do without: --only takes their names.',
  );
});

test('the rig says it before anything else, breaks nothing and ends with 2', () => {
  const file = fileURLToPath(new URL('run.ts', import.meta.url));
  // A PATH without openssl.
  const env = {...process.env, PATH: import.meta.dirname};
  const {status, stdout, stderr} = spawnSync(process.execPath, [file, '--only', 'kill', '--minutes', '1'], {
    env,
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^Not installed: .*openssl, without which .* kill .*\n$/);
  expect({status, stdout}).toEqual({status: 2, stdout: ''});
});
