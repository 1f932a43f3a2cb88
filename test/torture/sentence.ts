/** Says what is wrong in one line that a terminal can take. */
export const isSentence = (text: string): boolean =>
  /^[\p{Lu}\d].*\S$/u.test(text) && !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text);
