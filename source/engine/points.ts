// The irreversible steps of a run, by name. Whoever runs the engine may be told as each is passed: that is how the tests
// end the process exactly there. Once a batch where batches are what is written; nobody listens otherwise.

/** In about the order a run passes them. */
export const points = [
  // The run: its name is taken, its record written, its report's folder and first summary made, its journal begun.
  'run-named',
  'run-recorded',
  'report-begun',
  'journal-begun',
  // The ledger: an empty file; the tables in it; locked, whether it was there or not.
  'ledger-made',
  'ledger-created',
  'ledger-opened',
  // Folders: CREATE is about to leave, is answered; the ledger takes the folder up, and no longer says it is finished.
  'folders-named',
  'folders-created',
  'folder-opened',
  // Settling: mail at the destination was looked at and matched; flags are given again; all of it is written down, and the
  // watermark with it.
  'settle-looked',
  'settle-done',
  'uids-taken-over',
  'reconciled',
  // A batch: the intent is in the ledger, the bytes are with the socket, the answer is here, it is written down.
  'intent-written',
  'bytes-sent',
  'answer-received',
  'confirmation-written',
  // A message of a batch that goes one by one: its bytes are with the socket, its answer is here.
  'message-sent',
  'message-answered',
  // Messages that are refused or cannot be read: named; those to be sent again: taken out of the ledger.
  'message-named',
  'intent-forgotten',
  // A large message: its command has left, all its bytes have.
  'stream-begun',
  'stream-ended',
  // Exchange: flags are set once more where they arrived.
  'flags-added',
  // The end of a folder: copies without a UID were looked for; it is compared and marked as finished.
  'confirmed-by-looking',
  'watermark-moved',
  // The end of a request: rows of the report are with the system; the ledger is closed.
  'rows-written',
  'ledger-closed',
  // The end of the run: each file of the report, then the summary; the record; the journal.
  'report-file-written',
  'summary-written',
  'run-closed',
  'journal-closed',
] as const;

export type Point = (typeof points)[number];

/** Told of each point after its step is done, before the next one begins. */
export type PassPoint = (point: Point) => void;
