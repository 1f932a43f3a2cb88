// The table of proofs is true: each quirk has one, and the code and the tests it names are there.
import {expect, it} from 'vitest';
import {untrue} from '../../helpers/defence.ts';
import {proofs} from './proofs.ts';

it('holds every item of the list, the identity provider too', () => {
  const facts = new Set(proofs.map(({fact}) => fact));
  expect([...facts].sort((a, b) => a - b)).toEqual(Array.from({length: 30}, (_, index) => index + 1));
});

it('names code that is there once, and a test of that title', () => {
  expect(untrue(proofs)).toEqual([]);
});
