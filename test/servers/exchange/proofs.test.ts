// The table of proofs is true: each quirk has one, and the code and the tests it names are there.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import type {Proof} from './proof.ts';
import {proofs} from './proofs.ts';

const root = join(import.meta.dirname, '../../..');
const name = ({fact, about}: Proof) => `${fact}: ${about}`;
const read = (path: string) => readFileSync(join(root, path), 'utf8');

it('holds every item of the list, the identity provider too', () => {
  const facts = new Set(proofs.map(({fact}) => fact));
  expect([...facts].sort((a, b) => a - b)).toEqual(Array.from({length: 30}, (_, index) => index + 1));
});

it('names code that is there once, and a test of that title', () => {
  // Whoever changes such a line names the new one, so that `npm run torture -- --only quirks` can take it out.
  const untrue = proofs.flatMap(proof => {
    const {file, code, instead} = proof.change;
    const times = read(`source/${file}`).split(code).length - 1;
    const titled = read(`test/${proof.test}`).includes(proof.title);
    return times === 1 && titled && code !== instead
      ? []
      : [`${name(proof)}: code ${times} times, test ${titled}`];
  });
  expect(untrue).toEqual([]);
});
