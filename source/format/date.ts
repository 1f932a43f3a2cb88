// Dates as logs and reports write them.

/** Local time for a log line, '2026-11-22 14:03:09'. `ms` since 1970; the zone is the process's (TZ). */
export function formatStamp(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return '----------';
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(two).join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}

/** The day of a message as a mail program on this computer shows it, '2026-11-22'; empty where it is not known. */
export function formatDay(ms: number | undefined): string {
  return ms === undefined || Number.isNaN(new Date(ms).getTime()) ? '' : formatStamp(ms).slice(0, 10);
}

/** ISO 8601 in UTC, to the second, for files that programs read; empty where the date is not known. */
export function formatIso(ms: number | undefined): string {
  if (ms === undefined) return '';
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '' : `${date.toISOString().slice(0, -'.000Z'.length)}Z`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
