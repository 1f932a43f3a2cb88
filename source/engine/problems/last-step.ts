// What is to be done about a problem once it is final: what the catalogue says meanwhile, of what mailferry does next, is
// over then. Pure.
import type {Problem, ProblemCode} from './problems.ts';

const onceItAnswers = 'Run it again once the server answers.';

/** What helps besides, by what it is. */
const steps: Partial<Readonly<Record<ProblemCode, string>>> = {
  'token-expired':
    'Run it again, for a new sign-in. If it stays so, check the date and time of this computer.',
  'identity-provider-busy': 'Run it again in a while; if it stays so, see the service health.',
  'too-many-connections':
    'Close other mail programs that use the mailbox or lower --connections, then run it again.',
  'limits-exceeded': 'Run it again later: some providers lift the limit only after hours.',
  'server-unavailable':
    'Run it again later. If it stays so, see whether the mailbox is full; the log of that server tells the cause.',
  'mailbox-in-use': 'Close other mail programs that use this mailbox, then run it again.',
  'answer-unreadable': 'Run it again; if it stays so, please report it with the detail.',
  'destination-folder-missing':
    'Run it again: only what is missing is copied. If it stays so, find out who removes the folder.',
};

/** Whose step in the catalogue is the person's, at the end as before. */
const staying: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'mailbox-not-connected',
  'name-lookup-failed',
  'host-unreachable',
  'connect-timed-out',
  'ledger-set-aside',
  'not-found-after-append',
]);

/** The problem where nothing is tried again. */
export function lastly(why: Problem): Problem {
  if (why.verdict !== 'again' && why.verdict !== 'slower') return why;
  // Of the catalogue, whatever the type says.
  const code = why.code as ProblemCode;
  const nextStep = steps[code] ?? (staying.has(code) ? why.nextStep : onceItAnswers);
  return {...why, verdict: 'stop', ...(nextStep === undefined ? {} : {nextStep})};
}
