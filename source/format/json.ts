// JSON as text that is safe to look at: JSON.stringify escapes C0 only, and a folder's name may hold U+009B, which
// starts a control sequence in a terminal, or a bidi override.

// DEL and C1, what turns the reading direction, line separators (a line of JSON stays one line everywhere), BOM.
const treacherous = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The same data as JSON.stringify's text, with every control and bidi character written as \uXXXX. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    treacherous,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
