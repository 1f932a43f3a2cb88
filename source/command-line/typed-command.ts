// A command of mailferry as a person would have to type it, for the hints in messages. Pure.

/** @param words 'attach 2026-11-23-0712-users' @returns 'mailferry attach 2026-11-23-0712-users --state /srv/mail' */
export type TypedCommand = (words: string) => string;

/** @param state the folder that was given, absolute; whoever types the command without it sees another set of runs and profiles */
export function typedCommand(state?: string): TypedCommand {
  // Hints stand in double quotes themselves; Windows, whose paths have backslashes, knows no others.
  const place = state === undefined ? '' : ` --state ${shellWord(state, state.includes('\\'))}`;
  return words => `mailferry ${words}${place}`;
}

/** In quotes where a shell would read it otherwise. @param double in double ones, where that does */
export function shellWord(text: string, double = true): string {
  if (/^[\w.@/+=:,-]+$/.test(text)) return text;
  return !double || /["$`!]/.test(text) ? `'${text.replaceAll("'", `'\\''`)}'` : `"${text}"`;
}
