// The way through a request, and what each step asks.

import {fieldsFor} from '../request/asked-fields.ts';
import {answered, effective, loginName, providerAt, usesSecret} from '../request/endpoint.ts';
import {type Answers, type End, type EndPart, type Field, keyOf} from '../request/fields.ts';
import {secretPlaces} from '../request/secret-text.ts';

export type FormStep = Field['group'];
export type Step = FormStep | 'check' | 'review';

export const steps: readonly {readonly id: Step; readonly label: string}[] = [
  {id: 'type', label: 'Type'},
  {id: 'source', label: 'Source'},
  {id: 'destination', label: 'Destination'},
  {id: 'filters', label: 'Filters'},
  {id: 'check', label: 'Check'},
  {id: 'review', label: 'Review'},
];

export const formSteps: readonly FormStep[] = ['type', 'source', 'destination', 'filters'];

export function isFormStep(step: Step): step is FormStep {
  return step !== 'check' && step !== 'review';
}

export function stepIndex(step: Step): number {
  return steps.findIndex(each => each.id === step);
}

/** The step `by` places on; the same one at the ends. */
export function stepAfter(step: Step, by: number): Step {
  return steps[stepIndex(step) + by]?.id ?? step;
}

/** The fields of a step as they make sense with these answers: Microsoft sign-in is for Office 365 only. */
export function stepFields(step: FormStep, answers: Answers): readonly Field[] {
  const fields = fieldsFor(answered(answers, 'type'), step);
  if (step !== 'source' && step !== 'destination') return fields;
  const auth = effective(answers, keyOf(step, 'Auth'));
  const unasked = new Set<EndPart>();
  if (providerAt(answers, step).id !== 'o365' && auth === 'password') unasked.add('Auth');
  if (!usesSecret(auth)) unasked.add('Secret');
  else unasked.add('SignInUser');
  if (auth === 'password') for (const part of ['Tenant', 'ClientId'] as const) unasked.add(part);
  const hidden = new Set([...unasked].map(part => keyOf(step, part)));
  const secret = keyOf(step, 'Secret');
  return fields
    .filter(field => !hidden.has(field.key))
    .map(field => (field.key === secret && auth === 'oauth-app' ? {...field, ...appSecretWords} : field));
}

/** The same field holds an application's secret. */
const appSecretWords = {
  short: 'Client secret',
  help: `Where it is: ${secretPlaces}.`,
  empty: 'MAILFERRY_CLIENT_SECRET or MAILFERRY_CLIENT_CERTIFICATE',
} as const;

/** The fields of a step that ask something; a choice of one is only shown. */
export function openFields(step: FormStep, answers: Answers): readonly Field[] {
  return stepFields(step, answers).filter(field => !isFixed(field));
}

/** True where there is nothing to choose. */
function isFixed({choices}: Field): boolean {
  return choices?.length === 1;
}

/** What the step is about, above its fields. */
export function headingOf(step: FormStep, answers: Answers): string {
  switch (step) {
    case 'type':
      return 'What is to be carried?';
    case 'source':
      return `Source: the mailbox to copy from (${providerAt(answers, 'source').name})`;
    case 'destination':
      return `Destination: the mailbox to copy to (${providerAt(answers, 'destination').name})`;
    case 'filters':
      return 'Filters: which mail? Leave them empty to carry all of it';
  }
}

function loginOf(answers: Answers, end: End): string {
  return loginName({
    userId: answered(answers, keyOf(end, 'UserId')),
    domain: answered(answers, keyOf(end, 'Domain')),
  });
}

/** The answers of a step in a few words; '' where there is nothing to say yet. */
export function summaryOf(step: FormStep, answers: Answers): string {
  switch (step) {
    case 'type':
      return answered(answers, 'type');
    case 'source':
    case 'destination':
      return loginOf(answers, step);
    case 'filters': {
      const since = answered(answers, 'since');
      const before = answered(answers, 'before');
      const folder = answered(answers, 'sourceFolder');
      const parts = [since && `from ${since}`, before && `before ${before}`, folder && `in ${folder}`];
      return parts.filter(part => part !== '').join(', ') || 'all mail';
    }
  }
}
