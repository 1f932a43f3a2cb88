import {expect, test} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {forAllOf, readCa, rulesOf, withProfile} from '../../source/program/run-options.ts';

function optionsOf(...argv: string[]) {
  const parsed = parseCommandLine(argv);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed;
}
const own = {
  mailboxes: 7,
  connections: 2,
  memory: 99,
  passwordPolicy: 'strict',
  ca: '/etc/own.pem',
  allowPlaintext: true,
  include: ['Archive'],
  withJunk: true,
} as const;

test("a profile's options count where the command line gives none", () => {
  const {options, given} = optionsOf('run', 'monthly');
  const chosen = withProfile(options, given, own);
  expect(chosen).toMatchObject({
    mailboxes: 7,
    connections: 2,
    memory: 99,
    ca: '/etc/own.pem',
    withJunk: true,
  });
  expect(rulesOf(chosen, {})).toEqual({passwordPolicy: 'strict', allowPlaintext: true});
  expect(withProfile(options, given, {})).toEqual(options);
});

test('the command line counts before the profile, and the folders of both', () => {
  const {options, given} = optionsOf(
    ...[
      'run',
      'monthly',
      '--mailboxes',
      '3',
      '--password-policy',
      'off',
      '--include',
      'Old',
      '--since',
      '2019-01-01',
    ],
  );
  const chosen = withProfile(options, given, own);
  expect(chosen).toMatchObject({mailboxes: 3, passwordPolicy: 'off', connections: 2});
  expect(forAllOf(chosen)).toEqual({
    answers: {since: '2019-01-01'},
    fill: {},
    include: ['Archive', 'Old'],
    exclude: [],
    withJunk: true,
  });
});

test('a certificate file that is none is told by what is wrong with it', () => {
  expect(() => readCa({ca: '/nowhere/ca.pem'})).toThrow('There is no certificate file /nowhere/ca.pem.');
  expect(() => readCa({ca: import.meta.dirname})).toThrow('is a folder. Give --ca the PEM file in it.');
  expect(() => readCa({ca: import.meta.filename})).toThrow('holds no PEM certificate');
});

test.skipIf(process.platform === 'win32')(
  'of an endless certificate file no more is read than there can be',
  () => {
    expect(() => readCa({ca: '/dev/zero'})).toThrow('/dev/zero is too large for a file of certificates.');
  },
);
