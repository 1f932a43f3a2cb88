// What the ledger's rows mean.

export type MessageState =
  /** Sent or about to be; whether it arrived is unknown until looked at. */
  | 'intended'
  /** At the destination. */
  | 'stored'
  /** Refused by the destination or unreadable at the source; tried again in the next run. */
  | 'failed'
  /** Gone from the source before it could be read. */
  | 'skipped'
  /** Brought by an earlier run, and deleted at the destination since: not brought back. */
  | 'deleted';

export type LedgerMessage = {
  /** UID at the source, under the folder's `sourceUidValidity`. */
  readonly uid: number;
  readonly state: MessageState;
  /** UID at the destination; undefined where not known. */
  readonly destinationUid?: number;
  readonly key?: string;
  /** True where `key` rests on a Message-ID. */
  readonly strong: boolean;
  /** What else to compare by while it is open (identity.ts). */
  readonly hints?: readonly string[];
  readonly digest?: string;
  /** ms since 1970, when it was about to be sent. */
  readonly at?: number;
  /** The run that brought it. */
  readonly run: string;
  readonly size?: number;
  /** ms since 1970. */
  readonly date?: number;
  readonly messageId?: string;
  readonly from?: string;
  readonly subject?: string;
  /** Why it is not there; of a stored one: what was changed about it. */
  readonly code?: string;
  readonly reason?: string;
};

export type LedgerFolder = {
  readonly id: number;
  /** Wire-independent name: the source's levels as JSON. */
  readonly source: string;
  /** Full name at the destination. */
  readonly destination: string;
  readonly sourceUidValidity: number;
  readonly destinationUidValidity: number;
  /** All mail at the destination with a UID below this one has been looked at. */
  readonly destinationSeen: number;
  /** As they stood when the folder was last finished with nothing open; undefined otherwise. */
  readonly finished?: FinishedMark;
};

/** If all of it still holds, nothing has changed and no message need be looked at. */
export type FinishedMark = {
  readonly filter: string;
  readonly sourceUidNext: number;
  readonly sourceMessages: number;
  readonly destinationUidNext: number;
  readonly destinationMessages: number;
  readonly selected: number;
  readonly selectedBytes: number;
  /** Of the selected messages that were deleted at the destination since. */
  readonly deletedBytes?: number;
};

/** Mail at the destination that this pair did not bring. */
export type OtherMessage = {
  readonly destinationUid: number;
  readonly size?: number;
  readonly date?: number;
  readonly messageId?: string;
  readonly from?: string;
  readonly subject?: string;
};

export type Row = Record<string, unknown>;

export function readMessage(row: Row): LedgerMessage {
  return {
    uid: Number(row['uid']),
    state: row['state'] as MessageState,
    strong: row['strong'] === 1,
    run: String(row['run']),
    ...(row['destination_uid'] === null ? {} : {destinationUid: Number(row['destination_uid'])}),
    ...(row['key'] === null ? {} : {key: String(row['key'])}),
    ...(row['at'] === null ? {} : {at: Number(row['at'])}),
    ...(row['hints'] === null ? {} : {hints: String(row['hints']).split(' ')}),
    ...(row['digest'] === null ? {} : {digest: String(row['digest'])}),
    ...(row['code'] === null ? {} : {code: String(row['code'])}),
    ...(row['reason'] === null ? {} : {reason: String(row['reason'])}),
    ...about(row),
  };
}

export function about(row: Row): Omit<OtherMessage, 'destinationUid'> {
  return {
    ...(row['size'] === null ? {} : {size: Number(row['size'])}),
    ...(row['date'] === null ? {} : {date: Number(row['date'])}),
    ...(row['message_id'] === null ? {} : {messageId: String(row['message_id'])}),
    ...(row['sender'] === null ? {} : {from: String(row['sender'])}),
    ...(row['subject'] === null ? {} : {subject: String(row['subject'])}),
  };
}
