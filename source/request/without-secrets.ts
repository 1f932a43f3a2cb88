// Answers as they may be kept and printed.
import type {Answers} from './fields.ts';
import {secretReferenceOf, textOfSecretReference} from './secret-text.ts';

/** Only what is answered. */
export function given(answers: Answers): Answers {
  return Object.fromEntries(Object.entries(answers).filter(([, text]) => text !== ''));
}

/** The same answers without any clear secret: what may be kept. */
export function withoutSecrets(answers: Answers): Answers {
  return given({
    ...answers,
    sourceSecret: textOfSecretReference(secretReferenceOf(answers.sourceSecret ?? '')),
    destinationSecret: textOfSecretReference(secretReferenceOf(answers.destinationSecret ?? '')),
  });
}
