import {expect, test} from 'vitest';
import {firstAnswers, isRemembered, nothingRemembered, withType} from '../../source/wizard/remembered.ts';
import {startState, wizardReducer} from '../../source/wizard/state.ts';
import {rules} from './fakes.ts';

const last = {
  type: 'IMAP-O365',
  answers: {
    'O365-IMAP': {type: 'O365-IMAP', sourceDomain: 'baya.com', destinationServer: 'vault.example'},
    'IMAP-O365': {
      type: 'IMAP-O365',
      title: 'John',
      sourceUserId: 'john',
      sourceServer: 'imap.example.com',
      sourceSecret: 'env:A',
      destinationDomain: 'baya.com',
      destinationSecret: 'keychain:x',
      since: '2019-01-01',
      before: '2019-02-01',
      sourceFolder: 'Old',
    },
  },
};

test('the type that was last, with its answers, but no secret, filter or title', () => {
  expect(firstAnswers(last)).toEqual({
    type: 'IMAP-O365',
    sourceUserId: 'john',
    sourceServer: 'imap.example.com',
    destinationDomain: 'baya.com',
  });
  expect(firstAnswers(nothingRemembered)).toEqual({type: 'O365-IMAP'});
  expect(firstAnswers({...last, type: 'O365-PIGEON'})).toMatchObject({
    type: 'O365-IMAP',
    sourceDomain: 'baya.com',
  });
  expect(isRemembered(firstAnswers(last), last)).toBe(true);
  expect(isRemembered({type: 'O365-GMAIL'}, last)).toBe(false);
});

test('another type brings its own; what was typed stays', () => {
  const typed = {...firstAnswers(last), sourceUserId: 'ann', title: 'Ann'};
  expect(withType(typed, 'O365-IMAP', last)).toEqual({
    type: 'O365-IMAP',
    sourceUserId: 'ann',
    title: 'Ann',
    sourceDomain: 'baya.com',
    destinationServer: 'vault.example',
  });
  expect(withType(typed, 'O365-GMAIL', last)).toEqual({
    type: 'O365-GMAIL',
    sourceUserId: 'ann',
    title: 'Ann',
  });
});

test('the list of types does so, and what the command line gives counts before', () => {
  const state = startState(rules, undefined, {sourceDomain: 'given.example'}, last);
  expect(state.answers).toMatchObject({
    type: 'IMAP-O365',
    sourceDomain: 'given.example',
    sourceUserId: 'john',
  });
  const chosen = wizardReducer(state, {type: 'choose', by: -1});
  expect(chosen.answers).toEqual({
    type: 'O365-IMAP',
    sourceDomain: 'given.example',
    destinationServer: 'vault.example',
  });
  // A saved profile is what it is.
  expect(startState(rules, {type: 'O365-IMAP'}, {}, last).answers).toEqual({type: 'O365-IMAP'});
});
