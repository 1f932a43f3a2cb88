// What an option asks for is done, and programs that read the output are told what they are promised.
import {type Defence, rowOf} from '../../helpers/defence.ts';

export const contract: readonly Defence[] = [
  rowOf('program/credentials', 'program/credentials')(
    'the strict policy holds for a password wherever it is kept',
    'sources, passwordPolicy, signal',
    'sources, undefined, signal',
    'the strict policy refuses a password %s, the others send it',
  ),
  rowOf('program/ask', 'program/ask')(
    'and where it is typed',
    'typedSecretRule(text, passwordPolicy)',
    "typedSecretRule(text, 'off')",
    'under the policy %s %s is refused where it is typed, and asked for again',
  ),
  {
    about: 'also on the screens',
    change: {
      file: 'wizard/csv-secrets.tsx',
      code: 'typedSecretRule(typed.text, passwordPolicy)',
      instead: "typedSecretRule(typed.text, 'off')",
    },
    test: 'wizard/csv-secrets.test.tsx',
    title: 'a typed password with characters the form forbids, under the policy %s',
  },
];
