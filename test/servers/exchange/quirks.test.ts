import {expect, it} from 'vitest';
import {hardQuirks, quirkNames, quirks, readQuirk, usualQuirks} from './quirks.ts';

it('covers every item of the list but the identity provider', () => {
  const facts = new Set(quirkNames.map(name => quirks[name].fact));
  expect([...facts].sort((a, b) => a - b)).toEqual(Array.from({length: 29}, (_, index) => index + 1));
});

it('says of each in a sentence what it does', () => {
  for (const name of quirkNames) expect(quirks[name].about, name).toMatch(/^[A-Z\\].*\.$/);
});

it('reads values from text, and says what is wrong with others', () => {
  expect(readQuirk('throttle=BAD')).toEqual({throttle: 'BAD'});
  expect(readQuirk('marked=off')).toEqual({marked: false});
  expect(readQuirk('chatter')).toEqual({chatter: true});
  expect(readQuirk('throttleMs=5000')).toEqual({throttleMs: 5000});
  expect(() => readQuirk('throttle=maybe')).toThrow('"maybe" is no value of throttle: it takes off|NO|BAD');
  expect(() => readQuirk('toString=on')).toThrow('There is no quirk "toString"');
  expect(usualQuirks()).not.toEqual(hardQuirks());
});
