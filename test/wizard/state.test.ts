import {describe, expect, it} from 'vitest';
import type {FieldRules} from '../../source/request/field-rules.ts';
import {
  firstError,
  focusedField,
  offeredFix,
  shownFinding,
  startState,
  type WizardAction,
  type WizardState,
  wizardReducer,
} from '../../source/wizard/state.ts';
import {stepFields} from '../../source/wizard/steps.ts';
import {rules} from './fakes.ts';

const run = (state: WizardState, ...actions: readonly WizardAction[]) => actions.reduce(wizardReducer, state);
const insert = (text: string): WizardAction => ({type: 'insert', text});
const edit = (key: string): WizardAction => ({type: 'edit', key});
const next: WizardAction = {type: 'next'};
const back: WizardAction = {type: 'back'};
const down: WizardAction = {type: 'move', by: 1};

const atSource = run(startState(rules), next);

const complete = {
  type: 'O365-IMAP',
  sourceUserId: 'john',
  sourceDomain: 'baya.com',
  sourceSecret: 'env:SOURCE',
  destinationUserId: 'john',
  destinationDomain: 'vault.example',
  destinationSecret: 'env:DESTINATION',
  destinationServer: 'vault.example',
};

describe('wizardReducer', () => {
  it('refuses to go on and focuses the first wrong field', () => {
    const state = run(atSource, insert('john'), next);
    expect(state.step).toBe('source');
    expect(state.focus).toBe('sourceDomain');
    expect(shownFinding('sourceDomain', state)?.severity).toBe('error');
  });

  it('leaves empty fields in peace until one has gone past them', () => {
    expect(shownFinding('sourceUserId', atSource)).toBeUndefined();
    expect(shownFinding('sourceUserId', run(atSource, down))?.severity).toBe('error');
  });

  it('says what is wrong while it is typed', () => {
    expect(shownFinding('sourceUserId', run(atSource, insert('jo hn')))?.severity).toBe('error');
  });

  it('splits an address into user id and domain', () => {
    const state = run(atSource, insert('john@baya.com'));
    expect(offeredFix(state)?.label).toBe('use john, baya.com');
    const fixed = run(state, {type: 'take-fix'});
    expect(fixed.answers).toMatchObject({sourceUserId: 'john', sourceDomain: 'baya.com'});
    expect(fixed.cursor).toBe(4);
    expect(offeredFix(fixed)).toBeUndefined();
  });

  it('keeps every answer on the way back and forth', () => {
    const filled = run(startState(rules, {...complete, since: '2019-01-01'}));
    const there = run({...filled, step: 'filters', quick: false}, back, back, back);
    expect(there.step).toBe('type');
    expect(there.answers).toEqual(filled.answers);
    expect(run(there, next, next, next, next).step).toBe('check');
  });

  it('needs a password before it signs in', () => {
    const state = run(atSource, insert('john'), down, insert('baya.com'), next);
    expect(state.step).toBe('source');
    expect(state.focus).toBe('sourceSecret');
    expect(run(state, insert('p w'), next).step).toBe('destination');
  });

  it('takes over a default to be changed', () => {
    const server: WizardState = {...atSource, focus: 'sourceServer', cursor: 0};
    expect(run(server, insert('x')).answers.sourceServer).toBe('x');
    const taken = run(server, edit('end'), edit('backspace'));
    expect(taken.answers.sourceServer).toBe('outlook.office365.co');
  });

  it('chooses with the keys and changes the fields that follow from it', () => {
    const state = run(startState(rules), {type: 'choose', by: 1});
    expect(state.answers.type).toBe('IMAP-O365');
    expect(stepFields('source', state.answers).map(field => field.key)).not.toContain('sourceAuth');
    expect(stepFields('destination', state.answers).map(field => field.key)).toContain('destinationAuth');
  });

  it('asks no password where the sign-in takes none', () => {
    const asked = (sourceAuth: string) =>
      stepFields('source', {...complete, sourceAuth, sourceSecret: ''}).map(field => field.short);
    expect(asked('oauth-browser')).toEqual(expect.arrayContaining(['Tenant', 'Client id', 'Sign-in user']));
    expect(asked('oauth-browser')).not.toContain('Password');
    expect(asked('oauth-app')).toContain('Client secret');
    expect(asked('password')).toContain('Password');
    expect(asked('password')).not.toContain('Client id');
  });

  it('opens a profile at its first missing password and then goes straight to the check', () => {
    const {sourceSecret: _, ...rest} = complete;
    const state = startState(rules, rest);
    expect([state.step, state.focus]).toEqual(['source', 'sourceSecret']);
    expect(run(state, insert('pw'), next).step).toBe('check');
    expect(startState(rules, complete).step).toBe('check');
  });

  it('moves within the fields of the step only', () => {
    const last = stepFields('source', atSource.answers).at(-1)?.key ?? 'type';
    const end = Array.from({length: 20}, () => down).reduce(wizardReducer, atSource);
    expect(focusedField(end)?.key).toBe(last);
    expect(run(atSource, {type: 'move', by: -1}).focus).toBe(atSource.focus);
  });

  it('finds the first error of a step', () => {
    expect(firstError('destination', startState(rules, {...complete, destinationServer: 'a b'}))).toBe(
      'destinationServer',
    );
  });
});

describe("the sign-in at Microsoft's own server", () => {
  const sitting = {...rules, personalSignIn: 'oauth-browser' as const};
  const environment = {hasProof: true, clientId: '11111111-2222-4333-8444-555555555555', tenant: 'baya.com'};
  const choose: WizardAction = {type: 'choose', by: 1};
  const chosenBy = (given: FieldRules) => run(startState(given), next).answers.sourceAuth;

  it('is never a password to begin with: the application of the environment, else a person', () => {
    expect(chosenBy({...sitting, microsoft: environment})).toBe('oauth-app');
    expect(chosenBy(sitting)).toBe('oauth-browser');
    expect(chosenBy({...sitting, personalSignIn: 'oauth-device'})).toBe('oauth-device');
  });

  it('is for the destination too, and not where the server is another', () => {
    const to = {
      type: 'IMAP-O365',
      sourceUserId: 'john',
      sourceSecret: 'env:S',
      sourceServer: 'imap.baya.com',
    };
    const state = run(startState(sitting, undefined, to), next, next);
    expect([state.step, state.answers.sourceAuth, state.answers.destinationAuth]).toEqual([
      'destination',
      undefined,
      'oauth-browser',
    ]);
  });

  it('follows the server as long as nobody has chosen', () => {
    const at = run(startState(sitting), next, {type: 'go', step: 'source', focus: 'sourceServer'});
    const gateway = run(at, insert('gateway.baya.com'));
    expect(gateway.answers.sourceAuth).toBeUndefined();
    const national = run(gateway, edit('ctrl+u'), insert('partner.outlook.cn'));
    expect(national.answers.sourceAuth).toBe('oauth-browser');
  });

  it('can be a password, which says before it tries that it will be refused', () => {
    const at = run(startState(sitting), next, {type: 'go', step: 'source', focus: 'sourceAuth'});
    const password = [1, 2, 3].reduce(
      state => (state.answers.sourceAuth === 'password' ? state : run(state, choose)),
      at,
    );
    expect(password.answers.sourceAuth).toBe('password');
    expect(shownFinding('sourceAuth', password)).toMatchObject({
      severity: 'advice',
      sentence: expect.stringContaining('refused passwords'),
    });
    // Chosen, it stays.
    expect(run(password, down, down).answers.sourceAuth).toBe('password');
  });
});
