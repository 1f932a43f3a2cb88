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

/** s between two polls, a provider's number, bounded before use. */
export function pollSeconds({interval}: AnswerBody): number {
  return typeof interval === 'number' && interval >= 0 && interval <= 60 ? interval : 5;
}
