// How a message's row is written: the statements, and the values in the order of the table's columns.
import type {LedgerMessage} from './rows.ts';

/** Fifty rows in a statement cost half of what ten statements of five do (measured). */
export const rowsInStatement = 50;

function insertRows(rows: number): string {
  const row = '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)';
  return `INSERT OR REPLACE INTO message VALUES ${Array.from({length: rows}, () => row).join(', ')}`;
}

export const insertOne = insertRows(1);
export const insertSome = insertRows(rowsInStatement);

export function valuesOf(folder: number, message: LedgerMessage): (string | number | null)[] {
  return [
    folder,
    message.uid,
    message.state,
    message.destinationUid ?? null,
    message.key ?? null,
    message.strong ? 1 : 0,
    message.state !== 'stored' && message.hints !== undefined ? message.hints.join(' ') : null,
    message.at ?? null,
    message.digest ?? null,
    message.run,
    message.size ?? null,
    message.date ?? null,
    message.messageId ?? null,
    message.from ?? null,
    message.subject ?? null,
    message.code ?? null,
    message.reason ?? null,
  ];
}

/** Both UIDs rise by one from each to the next, so that no other row lies between. */
export function isRun(
  stored: readonly {readonly uid: number; readonly destinationUid: number | undefined}[],
): boolean {
  return stored.every((each, index) => {
    const before = stored[index - 1];
    return (
      before === undefined ||
      (each.uid === before.uid + 1 &&
        each.destinationUid !== undefined &&
        each.destinationUid === (before.destinationUid ?? 0) + 1)
    );
  });
}
