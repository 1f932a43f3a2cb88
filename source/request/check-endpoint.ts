// What a person is told about one field of the source or the destination.
import {isIP} from 'node:net';
import {unseenCodes} from './copied.ts';
import {refusesPasswords} from './default-sign-in.ts';
import {answered, effective, providerAt, typeOf, usesSecret} from './endpoint.ts';
import type {FieldRules} from './field-rules.ts';
import {type Answers, authChoices, type End, type EndPart, keyOf, securityChoices} from './fields.ts';
import type {Finding, Fix} from './finding.ts';
import {advise, refuse} from './finding.ts';
import {
  appSecretSentences,
  appTenantRule,
  clientIdRule,
  signInUserRule,
  tenantRule,
} from './microsoft-rules.ts';
import {providers} from './providers/catalogue.ts';
import {domainRule, portRule, sameMailboxSentence, securityRule, serverRule, userIdRule} from './rules.ts';
import {
  blankAtAnEnd,
  copiedAdvice,
  holdsFormCharacter,
  isSecretReference,
  isSpreadsheetError,
  lostInExcel,
  placeMeant,
  policySentences,
  secretReferenceOf,
  secretReferenceRule,
} from './secret-text.ts';

function checkUserId(answers: Answers, end: End): Finding | undefined {
  const text = answered(answers, keyOf(end, 'UserId'));
  const at = text.lastIndexOf('@');
  if (text !== '' && at === -1 && userIdRule(text) === undefined) {
    return end === 'destination' ? checkSameMailbox(answers) : undefined;
  }
  if (at <= 0) return refuse(userIdRule(text));
  const userId = text.slice(0, at);
  const domain = text.slice(at + 1).toLowerCase();
  if (userIdRule(userId) !== undefined) return refuse(userIdRule(text));
  if (domain === '' || domainRule(domain, providers.imap) !== undefined) {
    return refuse(userIdRule(text), {label: `use ${userId}`, answers: {[keyOf(end, 'UserId')]: userId}});
  }
  return refuse(userIdRule(text), {
    label: `use ${userId}, ${domain}`,
    sure: true,
    answers: {[keyOf(end, 'UserId')]: userId, [keyOf(end, 'Domain')]: domain},
  });
}

/** A second run would find the first one's copies in the source, and copy them again. */
function checkSameMailbox(answers: Answers): Finding | undefined {
  const same = (['UserId', 'Domain', 'Server', 'Port'] as const).every(
    part =>
      effective(answers, keyOf('source', part)).toLowerCase() ===
      effective(answers, keyOf('destination', part)).toLowerCase(),
  );
  return refuse(same ? sameMailboxSentence : undefined);
}

function checkDomain(answers: Answers, end: End): Finding | undefined {
  const text = answered(answers, keyOf(end, 'Domain'));
  const provider = providerAt(answers, end);
  const after = text.slice(text.lastIndexOf('@') + 1).toLowerCase();
  const fixable = text.includes('@') && after !== '' && domainRule(after, provider) === undefined;
  return refuse(domainRule(text, provider), fixable ? withoutLocalPart(answers, end, after) : undefined);
}

/** What stands before the @ is somebody: it goes to the user id, or is there already, or a person lets it go. */
function withoutLocalPart(answers: Answers, end: End, domain: string): Fix {
  const text = answered(answers, keyOf(end, 'Domain'));
  const before = text.slice(0, text.lastIndexOf('@'));
  const userId = answered(answers, keyOf(end, 'UserId'));
  if (userId === '' && userIdRule(before) === undefined)
    return {
      label: `use ${before}, ${domain}`,
      sure: true,
      answers: {[keyOf(end, 'UserId')]: before, [keyOf(end, 'Domain')]: domain},
    };
  const isKept = before === '' || [before, text].some(each => each.toLowerCase() === userId.toLowerCase());
  return {label: `use ${domain}`, sure: isKept, answers: {[keyOf(end, 'Domain')]: domain}};
}

/** What was meant by an address bar's or a form's "imaps://host:993/", "host:993" or "[::1]". */
function serverInside(text: string): {server: string; port?: string} | undefined {
  const parts = /^(?:[a-z]+:\/\/)?(?:\[([^\]]+)\]|([^/:\s]+))(?::(\d+))?\/?$/i.exec(text);
  const server = parts?.[1] ?? parts?.[2];
  if (server === undefined || serverRule(server) !== undefined) return undefined;
  const port = parts?.[3];
  return port !== undefined && portRule(port) === undefined ? {server, port} : {server};
}

function checkServer(answers: Answers, end: End): Finding | undefined {
  const text = effective(answers, keyOf(end, 'Server'));
  const refusal = serverRule(text);
  if (refusal === undefined) return undefined;
  const inside = isIP(text) === 0 ? serverInside(text) : undefined;
  if (inside === undefined) return refuse(refusal);
  const {server, port} = inside;
  return refuse(refusal, {
    label: port === undefined ? `use ${server}` : `use ${server}, port ${port}`,
    sure: true,
    answers: {
      [keyOf(end, 'Server')]: server,
      ...(port === undefined ? {} : {[keyOf(end, 'Port')]: port}),
    },
  });
}

function checkSecurity(answers: Answers, end: End, rules: FieldRules): Finding | undefined {
  const security = effective(answers, keyOf(end, 'Security')).toLowerCase();
  if (!securityChoices.some(choice => choice.value === security)) {
    return refuse('Security is tls, starttls or none.');
  }
  const refusal = securityRule(security, effective(answers, keyOf(end, 'Server')), rules.allowPlaintext);
  if (refusal !== undefined) {
    return refuse(refusal, {label: 'use tls', answers: {[keyOf(end, 'Security')]: 'tls'}});
  }
  const port = effective(answers, keyOf(end, 'Port'));
  if (port === '993' && security !== 'tls') return advise('Port 993 usually takes TLS from the start.');
  if (port === '143' && security === 'tls') return advise('Port 143 usually takes starttls.');
  return undefined;
}

function checkAuth(answers: Answers, end: End, rules: FieldRules): Finding | undefined {
  const auth = effective(answers, keyOf(end, 'Auth')).toLowerCase();
  const choice = authChoices.find(each => each.value === auth);
  if (choice === undefined)
    return refuse(`Sign-in is one of ${authChoices.map(({value}) => value).join(', ')}.`);
  const provider = providerAt(answers, end);
  const usePassword = {label: 'use password', answers: {[keyOf(end, 'Auth')]: 'password'}};
  // Without a type nobody knows what this end is.
  if (choice.value !== 'password' && provider.id !== 'o365' && typeOf(answers) !== undefined) {
    return refuse(`Microsoft sign-in is for Office 365. ${provider.name} takes a password.`, usePassword);
  }
  if (choice.value !== 'password') return undefined;
  const advice = provider.passwordAdvice;
  if (advice === undefined || !refusesPasswords(answers, end)) return undefined;
  // Who chose the password may mean it; nobody has to know the other ways by name to get there.
  if (answered(answers, keyOf(end, 'Auth')) !== '') return advise(advice);
  const modern = rules.microsoft?.hasProof === true ? 'oauth-app' : (rules.personalSignIn ?? 'oauth-browser');
  const label = authChoices.find(({value}) => value === modern)?.label;
  return advise(advice, {label: `use ${label}`, answers: {[keyOf(end, 'Auth')]: modern}});
}

function authAt(answers: Answers, end: End): string {
  return effective(answers, keyOf(end, 'Auth')).toLowerCase();
}

function checkTenant(answers: Answers, end: End, rules: FieldRules): Finding | undefined {
  const auth = authAt(answers, end);
  const own = answered(answers, keyOf(end, 'Tenant'));
  const text = own === '' ? (rules.microsoft?.tenant ?? '') : own;
  if (auth === 'password' || text === '') return undefined;
  const refusal = (auth === 'oauth-app' ? appTenantRule : tenantRule)(text);
  return refuse(refusal !== undefined && own === '' ? `MAILFERRY_TENANT: ${refusal}` : refusal);
}

function checkClientId(answers: Answers, end: End, rules: FieldRules): Finding | undefined {
  if (authAt(answers, end) === 'password') return undefined;
  const own = answered(answers, keyOf(end, 'ClientId'));
  const text = own === '' ? (rules.microsoft?.clientId ?? '') : own;
  if (text === '')
    return refuse(
      'The client id is missing. Give the application (client) id of the app registration here, or set MAILFERRY_CLIENT_ID.',
    );
  const refusal = clientIdRule(text);
  return refuse(refusal !== undefined && own === '' ? `MAILFERRY_CLIENT_ID: ${refusal}` : refusal);
}

function checkSignInUser(answers: Answers, end: End): Finding | undefined {
  const text = answered(answers, keyOf(end, 'SignInUser'));
  if (text === '' || usesSecret(authAt(answers, end))) return undefined;
  return refuse(signInUserRule(text));
}

function checkAppSecret(text: string, rules: FieldRules): Finding | undefined {
  if (text === '') return rules.microsoft?.hasProof === true ? undefined : refuse(appSecretSentences.missing);
  return isSecretReference(text) ? undefined : refuse(appSecretSentences.clear);
}

/** A blank may be meant; the strict policy refuses it like every other blank. */
function blankSecret({passwordPolicy}: FieldRules): Finding | undefined {
  return passwordPolicy === 'strict' ? refuse(policySentences.strict) : advise(blankAtAnEnd);
}

function checkSecret(answers: Answers, end: End, rules: FieldRules): Finding | undefined {
  const text = answered(answers, keyOf(end, 'Secret'));
  const refusal = secretReferenceRule(secretReferenceOf(text));
  const auth = authAt(answers, end);
  if (!usesSecret(auth)) return undefined;
  if (refusal !== undefined) return refuse(refusal, placeFix(text, end, true));
  if (auth === 'oauth-app') return checkAppSecret(text, rules);
  if (isSpreadsheetError(text))
    return rules.passwordPolicy === 'strict' ? refuse(lostInExcel) : advise(lostInExcel);
  if (text !== text.trim() && !isSecretReference(text)) return blankSecret(rules);
  const copied = copiedAdvice(text);
  if (rules.passwordPolicy === 'off' || isSecretReference(text) || !holdsFormCharacter(text))
    return copied === undefined ? undefined : advise(copied, placeFix(text, end, false));
  if (rules.passwordPolicy === 'strict') return refuse(policySentences.strict);
  return advise(copied ?? policySentences.advise);
}

/** Its label says nothing of what could be a password. */
function placeFix(text: string, end: End, sure: boolean): Fix | undefined {
  const meant = placeMeant(text);
  if (meant === undefined) return undefined;
  const what = unseenCodes(text).length > 0 ? 'what cannot be seen' : 'the quotes';
  return {label: `leave ${what} out`, sure, answers: {[keyOf(end, 'Secret')]: meant}};
}

/** Keys are the fields' own without the end's name. */
export const endChecks: Readonly<
  Record<EndPart, (answers: Answers, end: End, rules: FieldRules) => Finding | undefined>
> = {
  UserId: checkUserId,
  Domain: checkDomain,
  Auth: checkAuth,
  Tenant: checkTenant,
  ClientId: checkClientId,
  SignInUser: checkSignInUser,
  Secret: checkSecret,
  Server: checkServer,
  Port: (answers, end) => refuse(portRule(effective(answers, keyOf(end, 'Port')))),
  Security: checkSecurity,
};
