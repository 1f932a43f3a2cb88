// JSON as text that is safe to look at: JSON.stringify escapes C0 only, and a folder's name may hold U+009B, which
// starts a control sequence in a terminal, or a bidi override.

// DEL and C1, line separators (a line of JSON stays one line everywhere), and whatever draws nothing or turns the reading
// direction: bidi, zero width, BOM, tags.
const treacherous = /[\x7f-\x9f\u2028\u2029]|\p{Cf}|\p{Default_Ignorable_Code_Point}/gu;

/** The same data as JSON.stringify's text, with every control, bidi and invisible character written as \uXXXX. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(treacherous, character =>
    character
      .split('')
      .map(unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
