// Numbers as the catalogue's sentences say them.

/** A size as every screen and report writes it. */
export {formatBytes as byteSize} from '../../format/bytes.ts';

/** A text as PowerShell takes it, so that a line can be pasted as it is: 'john@baya.com'. */
export function powershellText(text: string): string {
  // PowerShell takes typographic single quotes for the plain one.
  return `'${text.replace(/['\u2018-\u201b]/g, quote => quote + quote)}'`;
}

/**
 * 1500 -> '2 s', 299609 -> '5 min', 9000000 -> '2 h 30 min'. Unlike format/duration.ts it rounds up and tells
 * nothing small: it names a pause that must not be over before.
 */
export function duration(milliseconds: number): string {
  const seconds = Math.max(1, Math.ceil(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}
