// The listing at the end of a request: every selected source message with what became of it, and all other mail
// below the destination folder. The report's messages.csv is this, row by row.

export type MessageResult =
  | 'copied'
  | 'already present'
  | 'skipped'
  | 'failed'
  /** Below the destination folder, brought by an earlier run or another request. */
  | 'earlier'
  /** Below the destination folder, not brought by mailferry as far as it knows. */
  | 'other';

export type MessageRow = {
  readonly request: number;
  readonly result: MessageResult;
  readonly sourceFolder?: string;
  readonly sourceUid?: number;
  readonly destinationFolder?: string;
  readonly destinationUid?: number;
  /** The run that brought it. */
  readonly run?: string;
  /** INTERNALDATE, ms since 1970. */
  readonly date?: number;
  /** Bytes. */
  readonly size?: number;
  readonly messageId?: string;
  readonly from?: string;
  readonly subject?: string;
  /** Code and sentence: why it was skipped or has failed, or what was changed about it. */
  readonly code?: string;
  readonly reason?: string;
};

/** Takes the rows of a request, in batches; the engine waits for it, so a slow disk slows the listing. */
export type TakeRows = (rows: readonly MessageRow[]) => Promise<void>;
