// Who signs in to Microsoft, and how one comes to another sign-in where the first one opens nothing.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const kept = rowOf('engine/auth/msal', 'engine/auth/kept-sign-ins');
const held = rowOf('engine/auth/sign-ins', 'engine/auth/kept-sign-ins');
const app = rowOf('engine/auth/msal', 'engine/auth/app-secret');
const store = rowOf('engine/auth/token-store', 'engine/auth/kept-sign-ins');
const damaged = 'is of no matter where it is damaged, %s: a person is asked, and what they answer is kept';
const saysNothing = 'a provider that %s says nothing of the secret';
const forgotten = 'is forgotten where somebody is to sign in anew';
const anew = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: `wizard/${file}`, code, instead},
  test: 'wizard/sign-in-anew.test.tsx',
  title,
});

export const people: readonly Defence[] = [
  kept(
    'who is to sign in anew is kept nowhere',
    'for (const account of await cache.getAllAccounts()) await cache.removeAccount(account);',
    'await cache.getAllAccounts();',
    forgotten,
  ),
  held('nor in memory', '      keeper.expired();\n', '', forgotten),
  kept(
    'and chooses the account, whatever the browser knows',
    "...(this.#forgotten ? {prompt: 'select_account'} : {}),",
    '',
    'lets whoever signs in anew in the browser choose an account',
  ),
  rowOf('request/secret-text', 'request/secret-text')(
    'a place in capitals is not sent as a password',
    'otherLettersRule(secret) ?? ',
    '',
    'a place in other letters is no password, and the word for it holds nothing of one',
  ),
  anew(
    'a mailbox that does not open for who has signed in can be signed in to as somebody else',
    'check-keys.ts',
    '...(mayAnew ? [signInAnew] : []),',
    '',
    'is signed in to anew from the check at ',
  ),
  anew(
    'one of a list too',
    'csv/keys.ts',
    '...only<Binding<CheckAllKey>>(mayAnew, signInAnew),',
    '',
    'of a list is signed in to anew too, at ',
  ),
  anew(
    'which waits until the one before is forgotten',
    'sign-in.tsx',
    'forgotten.then(() => microsoft.needed(requests, stop.signal))',
    'microsoft.needed(requests, stop.signal)',
    'is signed in to anew from the check at ',
  ),
  anew(
    'a look again forgets nobody',
    'check-screen.tsx',
    'needsPerson([request])) return onSignIn([]);',
    'needsPerson([request])) return onSignIn(unopenedEnds);',
    'is looked into again by r with the same sign-in: the right may have come meanwhile',
  ),
  app(
    'an application’s secret is fetched once, while somebody is there to unlock it',
    'known ??= await proof(signal);',
    'known = await proof(signal);',
    'a token is renewed hours after the place of the secret was locked',
  ),
  app(
    'and kept where the provider is away',
    '  if (error instanceof SignInUnreachable) return true;\n',
    '',
    saysNothing,
  ),
  app(
    'or out of order',
    "return problemOfRefusal(error.oauthError, error.aadsts) === 'identity-provider-busy';",
    'return false;',
    saysNothing,
  ),
  app('or nobody waits for it', '!signal.aborted && ', '', 'nor does a renewal that is called off'),
  app(
    'but not where it was refused',
    '      if (!signal.aborted && !isPassing(error)) known = undefined;\n',
    '',
    'a secret that was refused is fetched again, since it may have been changed',
  ),
  store(
    'a kept sign-in that cannot be read is as if there were none, also when the next one is written',
    "        tokenCache.deserialize('{}');\n",
    '',
    damaged,
  ),
  store(
    'also where it is found only in writing',
    '        tokenCache.serialize();\n      } catch',
    '      } catch',
    damaged,
  ),
];
