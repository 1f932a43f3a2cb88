import {describe, expect, test} from 'vitest';
import {answersOf, buildRequest} from '../../source/request/build-request.ts';
import {checkField} from '../../source/request/check-field.ts';
import type {FieldRules} from '../../source/request/field-rules.ts';
import type {Answers} from '../../source/request/fields.ts';
import type {SecretReference} from '../../source/request/secret.ts';
import {
  isCommandReference,
  isSecretReference,
  secretPlaces,
  secretReferenceOf,
  textOfSecretReference,
} from '../../source/request/secret-text.ts';

const rules: FieldRules = {passwordPolicy: 'advise', allowPlaintext: false};

const toImap: Answers = {
  type: 'O365-IMAP',
  sourceUserId: 'john',
  sourceDomain: 'baya.com',
  destinationUserId: 'vault',
  destinationServer: 'vault.example',
};

function built(answers: Answers) {
  const result = buildRequest(answers, rules);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.request;
}

test('every place that a secret may be in is written and read the same way, and named in messages', () => {
  const places: readonly SecretReference[] = [
    {kind: 'env', name: 'PW'},
    {kind: 'file', path: '~/pw'},
    {kind: 'command', command: 'pass show x'},
    {kind: 'keychain', name: 'vault'},
  ];
  for (const place of places) {
    const text = textOfSecretReference(place);
    expect(secretReferenceOf(text)).toEqual(place);
    expect(isSecretReference(text)).toBe(true);
    expect(secretPlaces).toContain(text.slice(0, text.indexOf(':') + 1));
  }
  expect(isSecretReference('hunter2')).toBe(false);
});

test('a blank before or behind a place makes no password of it', () => {
  for (const text of [' env:PW', 'env:PW ', '\t env:PW', '\u00a0env:PW']) {
    expect([text, secretReferenceOf(text)]).toEqual([text, {kind: 'env', name: 'PW'}]);
    expect([text, isSecretReference(text)]).toEqual([text, true]);
    expect(answersOf(built({...toImap, sourceSecret: text})).sourceSecret).toBe('env:PW');
  }
  // Who takes over a list with commands in it is asked, whatever stands before them.
  expect([' cmd:pass show x', ' env:PW', 'x cmd:y'].map(isCommandReference)).toEqual([true, false, false]);
  expect(isSecretReference('x env:PW')).toBe(false);
});

describe('passwords of a request', () => {
  const secret = (text: string, policy: FieldRules['passwordPolicy']) =>
    checkField('sourceSecret', {...toImap, sourceSecret: text}, {...rules, passwordPolicy: policy});

  test('control characters and line breaks are refused whatever the policy', () => {
    for (const policy of ['off', 'advise', 'strict'] as const) {
      for (const text of ['a\nb', 'a\u0000', 'a\u007f', 'a\r'])
        expect(secret(text, policy)?.severity).toBe('error');
    }
  });

  test('a strong password is never refused unless the policy is strict, and is never repeated', () => {
    const strong = 'k"9|x $&ü–漢';
    expect(secret(strong, 'off')).toBeUndefined();
    expect(secret(strong, 'advise')?.severity).toBe('advice');
    expect(secret(strong, 'strict')?.severity).toBe('error');
    expect(JSON.stringify([secret(strong, 'advise'), secret(strong, 'strict')])).not.toContain('k"9');
    expect(secret('Correct-Horse_9!', 'strict')).toBeUndefined();
  });

  test('references are kept apart from secrets, and broken ones refused', () => {
    expect(secret('env:SOURCE PASSWORD', 'strict')?.severity).toBe('error');
    expect(secret('keychain:', 'strict')?.severity).toBe('error');
    expect(secret(`keychain:${'x'.repeat(101)}`, 'strict')?.severity).toBe('error');
    expect(built({...toImap, sourceSecret: 'keychain: my vault'}).source.secret).toEqual({
      kind: 'keychain',
      name: 'my vault',
    });
    expect(secret('file:', 'strict')?.severity).toBe('error');
    expect(secret('cmd: ', 'strict')?.severity).toBe('error');
    expect(secret('cmd:pass show "john" | head -1', 'strict')).toBeUndefined();
    expect(built({...toImap, sourceSecret: 'file:~/pw'}).source.secret).toEqual({kind: 'file', path: '~/pw'});
  });

  test('a place in other letters is no password, and the word for it holds nothing of one', () => {
    for (const text of ['ENV:SOURCE_PASSWORD', 'File:~/pw', 'CMD:pass show x', ' Keychain:vault', 'eNV:x']) {
      const finding = secret(text, 'off');
      const place = text.trim().slice(0, text.trim().indexOf(':')).toLowerCase();
      expect([text, finding]).toEqual([
        text,
        {
          severity: 'error',
          sentence: `Write ${place}: in small letters. A password that begins like that itself is given as ${secretPlaces}.`,
        },
      ]);
      expect([isSecretReference(text), isCommandReference(text)]).toEqual([false, false]);
    }
    expect(secret('Profile:x', 'off')).toBeUndefined();
  });

  test('a request never shows its secret, and gives its answers without it', () => {
    const request = built({...toImap, sourceSecret: 'hunter2', destinationSecret: 'env:VAULT_PASSWORD'});
    const {secret} = request.source;
    expect(secret.kind === 'value' && secret.secret.reveal()).toBe('hunter2');
    expect(JSON.stringify(request)).not.toContain('hunter2');
    const answers = answersOf(request);
    expect(answers.sourceSecret).toBeUndefined();
    expect(answers.destinationSecret).toBe('env:VAULT_PASSWORD');
    expect(answersOf(built(answers))).toEqual(answers);
  });
});
