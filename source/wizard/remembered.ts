// What the questions start with: the answers of the last time, for the same request type. Pure.
import type {LastAnswers} from '../profiles/store.ts';
import {type Answers, type FieldKey, fields} from '../request/fields.ts';

export const nothingRemembered: LastAnswers = {type: '', answers: {}};

/**
 * A title is one request's own, and a filter that nobody sees leaves mail behind. A secret is never remembered; where
 * one is, is the mailbox's own.
 */
const ownEachTime: readonly FieldKey[] = [
  'title',
  'since',
  'before',
  'sourceFolder',
  'sourceSecret',
  'destinationSecret',
];

function reused(type: string, last: LastAnswers): Answers {
  const answers = Object.entries(last.answers[type] ?? {}).filter(
    ([key]) => !ownEachTime.includes(key as FieldKey),
  );
  return {...Object.fromEntries(answers), type};
}

const types = fields.find(field => field.key === 'type')?.choices ?? [];

/** Of the type that was last; the first type where there was none. */
export function firstAnswers(last: LastAnswers): Answers {
  const known = types.some(({value}) => value === last.type);
  return reused(known ? last.type : (types[0]?.value ?? ''), last);
}

/** Another type is chosen: what was only remembered makes room for what that type remembers; what was typed stays. */
export function withType(answers: Answers, type: string, last: LastAnswers): Answers {
  const before = reused(answers.type ?? '', last);
  const typed = Object.entries(answers).filter(
    ([key, text]) => before[key as FieldKey] !== text && text !== '',
  );
  return {...reused(type, last), ...Object.fromEntries(typed), type};
}

/** True where something stands in the fields that the person has not typed now. */
export function isRemembered(answers: Answers, last: LastAnswers): boolean {
  return Object.entries(reused(answers.type ?? '', last)).some(
    ([key, text]) => key !== 'type' && answers[key as FieldKey] === text,
  );
}
