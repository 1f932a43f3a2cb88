// What a person is told about one field while typing. The rules themselves are in rules.ts and its neighbours.
import {isIP} from 'node:net';
import {answered, effective, providerAt, typeOf} from './endpoint.ts';
import {
  type Answers,
  authChoices,
  type End,
  type EndPart,
  type FieldKey,
  type FieldRules,
  type Finding,
  keyOf,
  securityChoices,
} from './fields.ts';
import {destinationFolderRule, sourceFolderRule} from './folder-rules.ts';
import {nearest} from './nearest.ts';
import {providerOfServer, providers} from './providers/catalogue.ts';
import {
  dayRule,
  domainRule,
  periodRule,
  portRule,
  type Refusal,
  sameMailboxSentence,
  securityRule,
  serverRule,
  titleRule,
  userIdRule,
} from './rules.ts';
import {
  holdsFormCharacter,
  isSecretReference,
  policySentences,
  secretReferenceOf,
  secretReferenceRule,
} from './secret-text.ts';
import {requestTypes} from './types.ts';

type Fix = NonNullable<Finding['fix']>;

function refuse(sentence: Refusal, fix?: Fix): Finding | undefined {
  if (sentence === undefined) return undefined;
  return fix === undefined ? {severity: 'error', sentence} : {severity: 'error', sentence, fix};
}

function advise(sentence: string): Finding {
  return {severity: 'advice', sentence};
}

function checkType(answers: Answers): Finding | undefined {
  const given = answered(answers, 'type');
  const type = typeOf(answers);
  if (type === undefined && given === '') {
    const unsaid = answered(answers, 'sourceServer') === '' && answered(answers, 'destinationServer') === '';
    if (unsaid) return refuse('The request type is missing. Choose what stands at each end.');
    return refuse(
      'Neither end is Office 365. Choose a request type that has Office 365 as source or destination.',
    );
  }
  if (type === undefined) {
    const near = nearest(
      given.toUpperCase(),
      requestTypes.map(each => each.code),
    );
    const fix = near === undefined ? undefined : {label: `use ${near}`, answers: {type: near}};
    return refuse(
      `There is no such request type. There are ${requestTypes.map(each => each.code).join(', ')}.`,
      fix,
    );
  }
  if (given === '') return undefined;
  for (const end of ['source', 'destination'] as const) {
    const server = providerOfServer(answered(answers, keyOf(end, 'Server')));
    if (server?.id === 'o365' && type[end] !== 'o365') {
      return advise(
        `The ${end} server is Office 365's, but ${type.code} says that the ${end} is ${providers[type[end]].name}. Check the type.`,
      );
    }
  }
  return undefined;
}

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
  return refuse(
    domainRule(text, provider),
    fixable ? {label: `use ${after}`, answers: {[keyOf(end, 'Domain')]: after}} : undefined,
  );
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

function checkAuth(answers: Answers, end: End): Finding | undefined {
  const auth = effective(answers, keyOf(end, 'Auth')).toLowerCase();
  if (!authChoices.some(choice => choice.value === auth)) {
    return refuse('Sign-in is password, oauth-app or oauth-device.');
  }
  const provider = providerAt(answers, end);
  if (auth !== 'password') {
    return provider.id === 'o365'
      ? undefined
      : refuse(`Microsoft sign-in is for Office 365. ${provider.name} takes a password.`, {
          label: 'use password',
          answers: {[keyOf(end, 'Auth')]: 'password'},
        });
  }
  // Only where the server is the provider's own: a type says what an end is, while its server may be any host.
  const server = providerOfServer(effective(answers, keyOf(end, 'Server')));
  return server?.passwordAdvice === undefined ? undefined : advise(server.passwordAdvice);
}

function checkSecret(answers: Answers, end: End, rules: FieldRules): Finding | undefined {
  const text = answered(answers, keyOf(end, 'Secret'));
  const refusal = secretReferenceRule(secretReferenceOf(text));
  if (refusal !== undefined) return refuse(refusal);
  if (rules.passwordPolicy === 'off' || isSecretReference(text) || !holdsFormCharacter(text))
    return undefined;
  return rules.passwordPolicy === 'strict' ? refuse(policySentences.strict) : advise(policySentences.advise);
}

function checkFolder(answers: Answers): Finding | undefined {
  const text = answered(answers, 'destinationFolder');
  const {id, reservedFolders} = providerAt(answers, 'destination');
  const rule = (path: string) => destinationFolderRule(path, id === 'o365', reservedFolders);
  const sentence = rule(text);
  if (sentence === undefined || text === '') return refuse(sentence);
  const tidy = text
    .split('/')
    .map(level => level.trim())
    .filter(level => level !== '')
    .join('/');
  const better = [tidy, `Migrated/${tidy}`].find(path => rule(path) === undefined);
  const fixable = better !== undefined && better !== text;
  return refuse(
    sentence,
    fixable ? {label: `use ${better}`, answers: {destinationFolder: better}} : undefined,
  );
}

function checkDay(answers: Answers, key: 'since' | 'before'): Finding | undefined {
  const text = answered(answers, key);
  if (text === '') return undefined;
  const refusal = dayRule(text);
  if (refusal !== undefined) {
    // Year first is the only order that is read the same everywhere.
    const parts = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
    const day = parts
      ?.slice(1)
      .map(part => part.padStart(2, '0'))
      .join('-');
    const fixable = day !== undefined && day !== text && dayRule(day) === undefined;
    return refuse(refusal, fixable ? {label: `use ${day}`, answers: {[key]: day}} : undefined);
  }
  const since = answered(answers, 'since');
  const before = answered(answers, 'before');
  if (dayRule(since) !== undefined || dayRule(before) !== undefined) return undefined;
  return refuse(periodRule(since, before));
}

const endParts: Readonly<
  Record<EndPart, (answers: Answers, end: End, rules: FieldRules) => Finding | undefined>
> = {
  UserId: checkUserId,
  Domain: checkDomain,
  Auth: checkAuth,
  Secret: checkSecret,
  Server: checkServer,
  Port: (answers, end) => refuse(portRule(effective(answers, keyOf(end, 'Port')))),
  Security: checkSecurity,
};

/**
 * What to say about a field as it stands, the default counted where nothing is given. Cheap enough for every key
 * press. A needed field that is empty is an error too: a screen may keep that to itself until the person goes on.
 */
export function checkField(key: FieldKey, answers: Answers, rules: FieldRules): Finding | undefined {
  switch (key) {
    case 'type':
      return checkType(answers);
    case 'title':
      return refuse(titleRule(answered(answers, 'title')));
    case 'destinationFolder':
      return checkFolder(answers);
    case 'since':
    case 'before':
      return checkDay(answers, key);
    case 'sourceFolder':
      return refuse(sourceFolderRule(answered(answers, 'sourceFolder')));
    default: {
      const end = key.startsWith('source') ? 'source' : 'destination';
      const part = key.slice(end.length) as EndPart;
      return endParts[part](answers, end, rules);
    }
  }
}
