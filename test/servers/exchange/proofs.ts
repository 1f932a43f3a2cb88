// For every quirk of the list: the code that handles it, and the test that fails when that code is taken out. Where nothing
// has to be handled, since the client never does what the quirk is about, the change makes it do it. proofs.test.ts keeps
// the table true; `npm run torture -- --only quirks` takes out one after the other.

import type {Proof} from './proof.ts';
import {firstProofs} from './proofs-first.ts';
import {furtherProofs} from './proofs-further.ts';

export const proofs: readonly Proof[] = [...firstProofs, ...furtherProofs];
