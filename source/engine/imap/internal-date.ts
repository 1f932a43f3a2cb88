// INTERNALDATE: when a message arrived, as servers write it. Pure.

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const monthIndex = new Map(months.map((name, index) => [name.toLowerCase(), index]));

export function searchDate(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-');
  return `${Number(date)}-${months[Number(month) - 1] ?? 'Jan'}-${year}`;
}

/** 'dd-Mon-yyyy hh:mm:ss +zzzz' (RFC 9051 section 9, date-time): each part has its place. */
const dateTime =
  /^(?: [1-9]|0[1-9]|[12]\d|3[01])-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{4} (?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60) [+-]\d{4}$/i;

/** The same parts, written more freely: a day or hour of one digit, more blanks, a zone with a colon or by name. */
const loose =
  /^ *(\d{1,2})-([a-z]{3})-(\d{4}) +(\d{1,2}):(\d\d):(\d\d) *(?:([+-]\d\d):?(\d\d)|(?:gmt|utc?|z))(?: *\([^()]*\))? *$/i;

/** The date as APPEND takes it; undefined where it is not known for sure which it is. */
export function dateTimeOf(text: string): string | undefined {
  if (isDateTime(text)) return text;
  const [, day = '', month, year, hour = '', minute, second, zone = '+00', rest = '00'] =
    loose.exec(text) ?? [];
  const date = `${day.padStart(2)}-${month}-${year} ${hour.padStart(2, '0')}:${minute}:${second} ${zone}${rest}`;
  return isDateTime(date) ? date : undefined;
}

/** Also of a day that there is. */
function isDateTime(text: string): boolean {
  if (!dateTime.test(text)) return false;
  const day = Number(text.slice(0, 2));
  return day <= 28 || day <= daysOf(Number(text.slice(7, 11)), monthOf(text));
}

/** @param month from 0 */
function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
}

/** From 0. */
function monthOf(date: string): number {
  return monthIndex.get(date.slice(3, 6).toLowerCase()) ?? 0;
}

/** INTERNALDATE as ms since 1970; undefined where it cannot be read. */
export function internalDateMs(text: string): number | undefined {
  const date = dateTimeOf(text);
  if (date === undefined) return undefined;
  const part = (at: number, length: number) => Number(date.slice(at, at + length));
  const zone = (part(22, 2) * 60 + part(24, 2)) * (date.charAt(21) === '-' ? -1 : 1);
  const local = Date.UTC(part(7, 4), monthOf(date), part(0, 2), part(12, 2), part(15, 2), part(18, 2));
  return local - zone * 60_000;
}
