// Secrets that a search cannot miss, in every form in which a program could let one slip.
import type {Place} from './place.ts';

/** Letters and digits, so that no escaping changes it, in the middle of what escaping would change. */
export const mark = 'Qz7fMARKk3W';

/** A password that holds the mark, and is told from the others by its name. */
export function marked(name: string): string {
  return `${name}"&<'${mark}\\%${name}`;
}

/** The mark as it is, URL-encoded twice over, in UTF-16, in hex, in base64 at each of its three offsets. */
const forms: readonly (readonly [string, Buffer])[] = [
  ['clear', Buffer.from(mark)],
  ['UTF-16', Buffer.from(mark, 'utf16le')],
  ['hex', Buffer.from(Buffer.from(mark).toString('hex'))],
  ...[0, 1, 2].map((offset): [string, Buffer] => {
    const whole = Buffer.concat([Buffer.alloc(offset), Buffer.from(mark)]).toString('base64');
    // The first and last characters depend on what stands beside the mark.
    return ['base64', Buffer.from(whole.slice(offset === 0 ? 0 : 4, -4))];
  }),
];

/** The forms in which a mark is in there. */
export function marksIn(bytes: Buffer): readonly string[] {
  return forms.filter(([, form]) => bytes.includes(form)).map(([form]) => form);
}

/** 'what (form)' for each text or file that holds a mark; files of `except` are where a secret was put on purpose. */
export function leaks(
  place: Place,
  printed: Readonly<Record<string, string>>,
  except: readonly string[],
): readonly string[] {
  const all = [
    ...Object.entries(printed).map(([name, text]) => ({name, bytes: Buffer.from(text)})),
    ...place.files(except).map(({path, bytes}) => ({name: path.slice(place.directory.length), bytes})),
  ];
  return all.flatMap(({name, bytes}) => marksIn(bytes).map(form => `${name} (${form})`));
}
