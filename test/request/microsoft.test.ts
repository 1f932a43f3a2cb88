// What a Microsoft sign-in needs to know, in the form and in a CSV.
import {describe, expect, test} from 'vitest';
import {fieldsFor} from '../../source/request/asked-fields.ts';
import {answersOf, buildRequest} from '../../source/request/build-request.ts';
import {checkField} from '../../source/request/check-field.ts';
import type {FieldRules} from '../../source/request/field-rules.ts';
import {type Answers, authChoices, type FieldKey} from '../../source/request/fields.ts';

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

function severity(key: FieldKey, answers: Answers) {
  return checkField(key, answers, rules)?.severity;
}

describe('sign-in', () => {
  test("a password at Microsoft's own server is advised against, not refused", () => {
    const result = buildRequest(toImap, rules);
    expect(result.ok && result.advice.map(({key}) => key)).toEqual(['sourceAuth']);
    expect(severity('sourceAuth', {...toImap, sourceServer: '127.0.0.1'})).toBeUndefined();
  });

  test("at Microsoft's own server the other ways are one Tab away, until a password was chosen", () => {
    const fix = (answers: Answers, microsoft: FieldRules['microsoft'] = {}) =>
      checkField('sourceAuth', answers, {...rules, microsoft})?.fix?.answers;
    expect(fix(toImap)).toEqual({sourceAuth: 'oauth-browser'});
    expect(fix(toImap, {hasProof: true})).toEqual({sourceAuth: 'oauth-app'});
    expect(fix({...toImap, sourceAuth: 'password'})).toBeUndefined();
  });

  const clientId = '11111111-2222-4333-8444-555555555555';

  test.each([
    ['no password, the settings in the environment', {}, {clientId, hasProof: true}, 'oauth-app'],
    ['no password, no settings', {}, {}, 'password'],
    ['no password, a client id alone', {}, {clientId}, 'password'],
    [
      'its own client id, the secret in the environment',
      {sourceClientId: clientId},
      {hasProof: true},
      'oauth-app',
    ],
    ['its own client id and secret', {sourceClientId: clientId, sourceSecret: 'env:APP'}, {}, 'oauth-app'],
    ['a password', {sourceSecret: 'env:PASSWORD'}, {clientId, hasProof: true}, 'password'],
    ['the choice made', {sourceAuth: 'password'}, {clientId, hasProof: true}, 'password'],
    ['another host', {sourceServer: '127.0.0.1'}, {clientId, hasProof: true}, 'password'],
  ] as const)('a row that names no way to sign in: %s', (_, answers, microsoft, auth) => {
    const result = buildRequest({...toImap, ...answers}, {...rules, microsoft: {...microsoft}});
    expect(result.ok && [result.request.source.auth, result.request.destination.auth]).toEqual([
      auth,
      'password',
    ]);
  });

  const withApp = {
    ...toImap,
    sourceAuth: 'oauth-app',
    sourceSecret: 'env:APP_SECRET',
    sourceClientId: clientId,
  };

  test('every way to sign in is offered, and taken with what it needs', () => {
    for (const {value} of authChoices)
      expect(
        severity('sourceAuth', {...toImap, sourceServer: '127.0.0.1', sourceAuth: value}),
      ).toBeUndefined();
    const offered = fieldsFor('O365-IMAP', 'source').find(field => field.key === 'sourceAuth')?.choices;
    expect(offered?.map(choice => choice.value)).toEqual(authChoices.map(({value}) => value));
    expect(built({...withApp, sourceTenant: 'Contoso.com'}).source).toMatchObject({
      auth: 'oauth-app',
      tenant: 'Contoso.com',
      clientId,
      secret: {kind: 'env', name: 'APP_SECRET'},
    });
    const shared = {
      ...toImap,
      sourceAuth: 'oauth-device',
      sourceClientId: clientId,
      sourceSignInUser: 'ann@baya.com',
    };
    expect(built(shared).source).toMatchObject({signInUser: 'ann@baya.com', secret: {kind: 'ask'}});
    expect(answersOf(built(shared))).toMatchObject({
      sourceClientId: clientId,
      sourceSignInUser: 'ann@baya.com',
    });
  });

  test('the environment stands in for what a request does not say, and is held to the same rules', () => {
    const bare = {...toImap, sourceAuth: 'oauth-app', sourceSecret: ''};
    const keys = ['sourceTenant', 'sourceClientId', 'sourceSecret'] as const;
    const found = (microsoft: FieldRules['microsoft']) =>
      keys.map(key => checkField(key, bare, {...rules, ...(microsoft && {microsoft})})?.severity);
    expect(found(undefined)).toEqual([undefined, 'error', 'error']);
    expect(found({clientId, hasProof: true})).toEqual([undefined, undefined, undefined]);
    expect(found({clientId: 'my app', tenant: 'common', hasProof: true})).toEqual([
      'error',
      'error',
      undefined,
    ]);
  });

  test.each([
    ['sourceClientId', 'the-name-of-the-app'],
    ['sourceTenant', 'organizations'],
    ['sourceTenant', 'a b'],
    ['sourceSecret', 'Qx8~clear'],
  ] as const)('%s does not take %s', (key, text) => {
    const finding = checkField(key, {...withApp, [key]: text}, rules);
    expect(finding?.severity).toBe('error');
    expect(finding?.sentence).not.toContain('Qx8');
  });

  test("the one who signs in is a whole address; several directories are a person's choice only", () => {
    const person = {...withApp, sourceAuth: 'oauth-browser'};
    expect(severity('sourceSignInUser', {...person, sourceSignInUser: 'ann'})).toBe('error');
    expect(severity('sourceSignInUser', {...person, sourceSignInUser: 'ann@baya.com'})).toBeUndefined();
    expect(severity('sourceTenant', {...person, sourceTenant: 'organizations'})).toBeUndefined();
  });

  test('Microsoft sign-in is for Office 365', () => {
    const finding = checkField('destinationAuth', {...toImap, destinationAuth: 'oauth-app'}, rules);
    expect(finding).toMatchObject({severity: 'error', fix: {answers: {destinationAuth: 'password'}}});
    expect(severity('sourceAuth', {...toImap, sourceAuth: 'kerberos'})).toBe('error');
  });
});
