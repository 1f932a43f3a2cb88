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
  /** UID at the source, under the folder's `sourceUidValidity`; negative where it is yet to be found (renew.ts). */
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

/** As the ledger gives it: with whether the request asks for it now. */
export type KnownMessage = LedgerMessage & {readonly selected: boolean};

/** What a listing tells of a message. */
export type ListedMessage = Pick<
  KnownMessage,
  | 'uid'
  | 'state'
  | 'selected'
  | 'run'
  | 'destinationUid'
  | 'size'
  | 'date'
  | 'messageId'
  | 'from'
  | 'subject'
  | 'code'
  | 'reason'
>;

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
  /** Highest source UID of its messages, those among them that are gone; 0 or less where there is none. */
  readonly lastUid: number;
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

/** A row as its columns in turn. */
export type Values = readonly unknown[];

/** @param row of the folder, with `last_uid` */
export function readFolder(row: Row): LedgerFolder {
  const finished =
    typeof row['finished'] === 'string' ? (JSON.parse(row['finished']) as FinishedMark) : undefined;
  return {
    id: Number(row['id']),
    source: String(row['source']),
    destination: String(row['destination']),
    sourceUidValidity: Number(row['source_uid_validity']),
    destinationUidValidity: Number(row['destination_uid_validity']),
    destinationSeen: Number(row['destination_seen']),
    lastUid: Number(row['last_uid'] ?? 0),
    ...(finished === undefined ? {} : {finished}),
  };
}

type Writable<Type> = {-readonly [Key in keyof Type]: Type[Key]};

/** Built up property by property: this runs for every message of a mailbox, and spreading costs several times that. */
export function readMessage(row: Row): KnownMessage {
  const message: Writable<KnownMessage> = {
    uid: Number(row['uid']),
    state: row['state'] as MessageState,
    strong: row['strong'] === 1,
    run: String(row['run']),
    selected: row['selected'] === 1,
  };
  if (row['destination_uid'] !== null) message.destinationUid = Number(row['destination_uid']);
  if (row['key'] !== null) message.key = String(row['key']);
  if (row['at'] !== null) message.at = Number(row['at']);
  if (row['hints'] !== null) message.hints = String(row['hints']).split(' ');
  if (row['digest'] !== null) message.digest = String(row['digest']);
  if (row['code'] !== null) message.code = String(row['code']);
  if (row['reason'] !== null) message.reason = String(row['reason']);
  describe(message, row);
  return message;
}

export function readOther(row: Row): OtherMessage {
  const other: OtherMessage = {destinationUid: Number(row['destination_uid'])};
  describe(other, row);
  return other;
}

function describe(message: Writable<Omit<OtherMessage, 'destinationUid'>>, row: Row): void {
  if (row['size'] !== null) message.size = Number(row['size']);
  if (row['date'] !== null) message.date = Number(row['date']);
  if (row['message_id'] !== null) message.messageId = String(row['message_id']);
  if (row['sender'] !== null) message.from = String(row['sender']);
  if (row['subject'] !== null) message.subject = String(row['subject']);
}

export const listedColumns =
  'uid, state, selected, run, destination_uid, size, date, message_id, sender, subject, code, reason';

/** @param values of `listedColumns` */
export function readListed(values: Values): ListedMessage {
  const [uid, state, selected, run, destinationUid, size, date, messageId, from, subject, code, reason] =
    values;
  const message: Writable<ListedMessage> = {
    uid: Number(uid),
    state: state as MessageState,
    selected: selected === 1,
    run: String(run),
  };
  if (destinationUid !== null) message.destinationUid = Number(destinationUid);
  if (size !== null) message.size = Number(size);
  if (date !== null) message.date = Number(date);
  if (messageId !== null) message.messageId = String(messageId);
  if (from !== null) message.from = String(from);
  if (subject !== null) message.subject = String(subject);
  if (code !== null) message.code = String(code);
  if (reason !== null) message.reason = String(reason);
  return message;
}
