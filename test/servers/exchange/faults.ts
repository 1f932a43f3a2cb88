// What breaks, and when: planned once by a test, or every so manieth time by a quirk.
import type {ExchangeMailbox} from './mailbox.ts';
import type {Quirks} from './quirks.ts';

/**
 * command: before a command is carried out. fetching: before a line of FETCH. body: in the middle of a message
 * that is sent. announced: in place of the + of APPEND. literal: in the middle of the bytes of APPEND. received: they
 * are all there, not stored. stored: stored, not answered. idle: in IDLE.
 */
export type Moment =
  | 'command'
  | 'fetching'
  | 'body'
  | 'announced'
  | 'literal'
  | 'received'
  | 'stored'
  | 'idle';

export type Fault =
  | 'token-expired'
  | 'closed-13'
  | 'closed-14'
  | 'eof'
  | 'reset'
  /** The connection stays open and nothing is answered any more. */
  | 'silent'
  /** The mailbox is throttled from now on. */
  | 'throttle'
  /** NO Server Unavailable. 15. */
  | 'unavailable';

/** Counts the moment and says what breaks at it. */
export function faultAt(mailbox: ExchangeMailbox, quirks: Quirks, moment: Moment): Fault | undefined {
  mailbox.watch?.(moment);
  const count = mailbox.moments.get(moment) ?? 0;
  mailbox.moments.set(moment, count + 1);
  const planned = mailbox.plans.findIndex(plan => plan.moment === moment && plan.after <= count);
  if (planned !== -1) return mailbox.plans.splice(planned, 1)[0]?.fault;
  const every = (each: number) => each > 0 && (count + 1) % each === 0;
  if (quirks.expireAt === moment && (moment === 'idle' || every(quirks.expireEvery))) return 'token-expired';
  if (quirks.linkFault === 'off' || !every(quirks.linkFaultEvery)) return undefined;
  if (quirks.linkFault === 'mid-literal')
    return moment === 'literal' || moment === 'body' ? 'eof' : undefined;
  return moment === 'command' || moment === 'fetching' || moment === 'stored' ? quirks.linkFault : undefined;
}
