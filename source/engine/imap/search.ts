// What SEARCH is asked for (RFC 9051 section 6.4.4). Never a CHARSET, which Exchange refuses: every term is ASCII.
import {searchDate} from './internal-date.ts';

export type SearchCriteria = {
  /** Inclusive, by INTERNALDATE's day, YYYY-MM-DD. */
  readonly since?: string | undefined;
  /** Exclusive. */
  readonly before?: string | undefined;
  /** Bytes: only messages with more (RFC822.SIZE, as the server tells it). */
  readonly larger?: number;
  readonly flagged?: boolean;
  /** A flag of the client's own: '$Forwarded'. */
  readonly keyword?: string;
  /** Read, with a header field of this name. */
  readonly seenWith?: string;
  /** A UID set. */
  readonly uids?: string;
};

/** 'ALL' where nothing is asked for. */
export function searchTerms(criteria: SearchCriteria): string {
  const {uids, since, before, larger, flagged, keyword, seenWith} = criteria;
  const terms = [
    ...(uids === undefined ? [] : [`UID ${uids}`]),
    ...(since === undefined ? [] : [`SINCE ${searchDate(since)}`]),
    ...(before === undefined ? [] : [`BEFORE ${searchDate(before)}`]),
    ...(larger === undefined ? [] : [`LARGER ${larger}`]),
    ...(flagged === true ? ['FLAGGED'] : []),
    ...(keyword === undefined ? [] : [`KEYWORD ${keyword}`]),
    ...(seenWith === undefined ? [] : [`SEEN HEADER ${seenWith} ""`]),
  ];
  return terms.length === 0 ? 'ALL' : terms.join(' ');
}
