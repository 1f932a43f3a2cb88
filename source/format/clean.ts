// Text from servers is hostile: a folder name may hold an escape sequence that rewrites the screen, or a bidi
// override that shows one name and means another. Everything shown passes through here first.

/** Most combining marks kept on one letter; more only serve to draw over the lines around it. */
const mostMarks = 8;

// ECMA-48: OSC/DCS/SOS/PM/APC strings with their end, CSI sequences, two-character escapes; 7 and 8 bit forms.
// No part may run past the next ESC, nor a string past the beginning of the next one in 8 bits, so matching stays linear
// whatever is sent.
const escapeSequences =
  /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~]/g;
// Looked for from the first of several blanks only: from each of them it would cost the square of their number.
const lineBreaks = /(?<![ \t])[ \t]*[\r\n\v\f\x85\u2028\u2029][\r\n\v\f\x85\u2028\u2029 \t]*|\t/g;
// Controls, format characters (bidi controls and isolates, zero width, BOM, tags) and everything that draws nothing.
const invisible = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const nonCharacters = /\p{Noncharacter_Code_Point}/gu;
// The letters of most mail: none of them is touched by what is below. Escapes, controls, marks and what draws nothing
// (U+00AD) are not among them, nor are surrogates.
const harmless = /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u0391-\u0481\u3041-\u3096\u4e00-\u9fff\uac00-\ud7a3]*$/;
const markFlood = new RegExp(`(\\p{M}{${mostMarks}})\\p{M}+`, 'gu');

/** Every terminal can show it, also one that shows nothing beyond ASCII. */
const cut = '...';

/**
 * Makes a server's text safe to print: no escape sequence, control, bidi or zero-width character, no lone
 * surrogate, one line, at most `most` code points (dots say that more was there).
 */
export function cleanText(text: string, most = 300): string {
  if (text.length <= most && harmless.test(text)) return text;
  // Twenty times the bound is more than any honest mixture of escapes and text needs.
  const bounded = text.length > most * 20 + 200 ? text.slice(0, most * 20 + 200) : text;
  const cleaned = bounded
    .toWellFormed()
    .replace(escapeSequences, '')
    .replace(lineBreaks, ' ')
    .replace(invisible, '')
    .replace(nonCharacters, '\ufffd')
    .replace(markFlood, '$1');
  if (cleaned.length <= most && bounded === text) return cleaned;
  const points = [...cleaned];
  if (points.length <= most && bounded === text) return cleaned;
  return points.slice(0, Math.max(0, most - cut.length)).join('') + cut.slice(0, most);
}
