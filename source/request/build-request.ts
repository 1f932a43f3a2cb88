// From what was typed to a request, and back.
import {checkField} from './check-field.ts';
import {withDefaultSignIn} from './default-sign-in.ts';
import {answered, effective, providerAt, typeOf, usesSecret} from './endpoint.ts';
import type {FieldRules} from './field-rules.ts';
import {type Answers, type End, type EndPart, type FieldKey, fields, keyOf} from './fields.ts';
import type {Finding} from './finding.ts';
import {dayRule} from './rules.ts';
import {type Endpoint, type Request, requestSchema} from './schema.ts';
import {secretReferenceOf, textOfSecretReference} from './secret-text.ts';
import {given} from './without-secrets.ts';

export type Found = {readonly key: FieldKey; readonly finding: Finding};

export type Built =
  | {readonly ok: true; readonly request: Request; readonly advice: readonly Found[]}
  | {readonly ok: false; readonly findings: readonly Found[]};

function findings(answers: Answers, rules: FieldRules): Found[] {
  const found: Found[] = [];
  for (const {key} of fields) {
    const finding = checkField(key, answers, rules);
    if (finding === undefined) continue;
    // Since and Before say the same of each other; once is enough in a list.
    if (key === 'before' && isPeriod(answers) && found.some(other => other.key === 'since')) continue;
    found.push({key, finding});
  }
  const isTypeWrong = found.some(({key, finding}) => key === 'type' && finding.severity === 'error');
  return isTypeWrong ? found.filter(each => !hangsOnType(each, answers)) : found;
}

/** What some types may leave out, or have a default for. */
const notEverywhere = /(?:Domain|Server|^destinationFolder)$/;

/** An error of what is not there, which a request of another type may not have. */
export function hangsOnType({key, finding}: Found, answers: Answers): boolean {
  return finding.severity === 'error' && notEverywhere.test(key) && effective(answers, key) === '';
}

/** What is wrong with it is wrong with both days together: each is one. */
function isPeriod(answers: Answers): boolean {
  return (['since', 'before'] as const).every(key => dayRule(answered(answers, key)) === undefined);
}

function endpointInput(answers: Answers, end: End) {
  const text = (part: EndPart) => effective(answers, keyOf(end, part));
  const auth = text('Auth').toLowerCase();
  const microsoft = microsoftParts(auth)
    .map(([part, name]) => [name, text(part)] as const)
    .filter(([, value]) => value !== '');
  return {
    provider: providerAt(answers, end).id,
    userId: text('UserId'),
    domain: text('Domain').toLowerCase(),
    server: text('Server').toLowerCase(),
    port: Number(text('Port')),
    security: text('Security').toLowerCase(),
    auth,
    secret: secretReferenceOf(usesSecret(auth) ? text('Secret') : ''),
    ...Object.fromEntries(microsoft),
  };
}

/** What a way to sign in asks beside the mailbox, with its name in the request. */
function microsoftParts(auth: string): readonly (readonly [EndPart, 'tenant' | 'clientId' | 'signInUser'])[] {
  if (auth === 'password') return [];
  const application = [
    ['Tenant', 'tenant'],
    ['ClientId', 'clientId'],
  ] as const;
  return auth === 'oauth-app' ? application : [...application, ['SignInUser', 'signInUser']];
}

const optionalKeys = ['since', 'before', 'sourceFolder'] as const;

/**
 * The request that the answers make, defaults filled in, or everything that stands against it. A secret that is
 * not given is no finding: it is asked for when the run starts.
 */
export function buildRequest(said: Answers, rules: FieldRules): Built {
  const answers = withDefaultSignIn(said, rules);
  const found = findings(answers, rules);
  if (found.some(({finding}) => finding.severity === 'error')) return {ok: false, findings: found};
  const optional = optionalKeys
    .map(key => [key, answered(answers, key)] as const)
    .filter(([, value]) => value !== '');
  const repair = effective(answers, 'repair').toLowerCase();
  const parsed = requestSchema.safeParse({
    title: effective(answers, 'title'),
    type: typeOf(answers)?.code,
    source: endpointInput(answers, 'source'),
    destination: endpointInput(answers, 'destination'),
    destinationFolder: answered(answers, 'destinationFolder'),
    ...Object.fromEntries(optional),
    ...(repair === 'none' ? {} : {repair}),
  });
  if (parsed.success) return {ok: true, request: parsed.data, advice: found};
  // The form and the schema ask the same rules, so this is a gap between them; refuse rather than guess.
  const sentence = parsed.error.issues[0]?.message ?? 'The request is not valid.';
  return {ok: false, findings: [{key: 'type', finding: {severity: 'error', sentence}}]};
}

function endAnswers(endpoint: Endpoint, end: End): Answers {
  return {
    [keyOf(end, 'UserId')]: endpoint.userId,
    [keyOf(end, 'Domain')]: endpoint.domain,
    [keyOf(end, 'Auth')]: endpoint.auth,
    [keyOf(end, 'Tenant')]: endpoint.tenant ?? '',
    [keyOf(end, 'ClientId')]: endpoint.clientId ?? '',
    [keyOf(end, 'SignInUser')]: endpoint.signInUser ?? '',
    [keyOf(end, 'Secret')]: textOfSecretReference(endpoint.secret),
    [keyOf(end, 'Server')]: endpoint.server,
    [keyOf(end, 'Port')]: String(endpoint.port),
    [keyOf(end, 'Security')]: endpoint.security,
  };
}

/** The answers that build this request again. A clear secret is dropped; references stay. */
export function answersOf(request: Request): Answers {
  return given({
    type: request.type,
    title: request.title,
    ...endAnswers(request.source, 'source'),
    ...endAnswers(request.destination, 'destination'),
    destinationFolder: request.destinationFolder,
    since: request.since ?? '',
    before: request.before ?? '',
    sourceFolder: request.sourceFolder ?? '',
    repair: request.repair ?? '',
  });
}
