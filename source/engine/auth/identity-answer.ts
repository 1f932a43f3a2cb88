// What an identity provider answers: JSON of whoever sits at that address.
import type {Hide} from './hide.ts';
import type {Refusal} from './sign-in-refused.ts';

export type AnswerBody = Record<string, unknown>;

export type Answer = {
  readonly body: AnswerBody;
  /** Where it gives an error: anything but that a person has not signed in yet. */
  readonly refusal?: Refusal;
};

/** Undefined where it is no JSON object. @param hide takes out what the provider says back of what it was sent */
export function readAnswer(text: string, hide: Hide): Answer | undefined {
  let body: AnswerBody;
  try {
    body = JSON.parse(text) as AnswerBody;
  } catch {
    return undefined;
  }
  if (typeof body !== 'object' || body === null) return undefined;
  const error = body['error'];
  if (typeof error !== 'string' || error === 'authorization_pending') return {body};
  const codes = body['error_codes'];
  const number: unknown = Array.isArray(codes) ? codes[0] : undefined;
  const description = body['error_description'];
  const refusal: Refusal = {
    oauthError: hide(error),
    description: typeof description === 'string' ? hide(description) : '',
    ...(typeof number === 'number' && Number.isInteger(number) ? {aadsts: number} : {}),
  };
  return {body, refusal};
}

/** s between two polls. */
export function pollSeconds({interval}: AnswerBody): number {
  return boundedSeconds(interval, 60, 5);
}

/** s for which a code may be typed in; Microsoft gives a quarter of an hour. */
export function codeSeconds({expires_in: seconds}: AnswerBody): number {
  return boundedSeconds(seconds, 86_400, 900);
}

/** A provider's number, bounded before use; `usual` where it is none, or out of bounds. */
function boundedSeconds(value: unknown, most: number, usual: number): number {
  return typeof value === 'number' && value >= 0 && value <= most ? value : usual;
}
