// Characters in a folder's name that nobody can see. A folder may be named in any script, so only what is in no name is
// refused; what belongs to the words of some is pointed at where it does not stand in such a word.
import {isQuoted, unseenWords, withoutQuotes} from './copied.ts';
import type {Refusal} from './rules.ts';

const otherLetter = '(?![\\p{Script=Latin}\\p{Script=Greek}\\p{Script=Cyrillic}])[\\p{L}\\p{M}]';

/**
 * Soft hyphens, word joiners, byte order marks and what turns the direction come with a copy only. A zero width space
 * stands between the words of scripts that are written without blanks (Khmer, Thai, Lao), and nowhere else.
 */
const inNoName = new RegExp(
  '[\\u00AD\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2060-\\u206F\\uFEFF\\uFFF9-\\uFFFB]|' +
    `(?<=^|[/\\s])\\u200B|\\u200B(?=$|[/\\s])|(?<!${otherLetter})\\u200B(?!${otherLetter})`,
  'gu',
);

/**
 * Joiners, fillers and selectors belong to Persian, Indic, Korean and Mongolian words and to emoji; none stands at a
 * beginning or behind a letter or a digit that takes none, but for that of a digit in a box.
 */
const outOfPlace =
  /(?<=^|[\s/\p{Nd}\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])(?!\uFE0F\u20E3)\p{Default_Ignorable_Code_Point}+/gu;

function firstOf(pattern: RegExp, path: string): string | undefined {
  const at = path.search(pattern);
  return at === -1 ? undefined : String.fromCodePoint(path.codePointAt(at) ?? 0);
}

export function folderCharacterRule(path: string): Refusal {
  const first = firstOf(inNoName, path);
  return first === undefined
    ? undefined
    : `The folder name holds ${unseenWords(first)}. Type it again without it.`;
}

export function withoutCharacters(path: string): string {
  return path.replace(inNoName, '');
}

/** What was likely not meant, though it can be in a name, and the name without it. */
export function folderDoubt(path: string): {readonly words: string; readonly without: string} | undefined {
  const first = firstOf(inNoName, path) ?? firstOf(outOfPlace, path);
  if (first !== undefined)
    return {
      words: `It holds ${unseenWords(first)}.`,
      without: withoutCharacters(path).replace(outOfPlace, ''),
    };
  if (!isQuoted(path)) return undefined;
  return {words: 'The typographic quotes around it become a part of it.', without: withoutQuotes(path)};
}
