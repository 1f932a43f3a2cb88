// `mailferry completion SHELL` prints a script; `mailferry __complete SHELL WORD…` answers it. It is asked at each Tab,
// so it loads little, changes nothing, and says nothing where something is wrong.
import {shells} from '../command-line/commands.ts';
import {complete, optionValue} from '../completion/complete.ts';
import {answerFor, type Shell, wordsFrom} from '../completion/shells.ts';
import {profileNames} from '../profiles/profile-names.ts';
import {openHistory} from './history.ts';
import {placesOf} from './places.ts';
import type {System} from './system.ts';

/** @param argv behind the word that asks: the shell, then the words up to the cursor, the last one under it */
export function completionAnswer([name, ...typed]: readonly string[], system: System): string {
  const shell: Shell | undefined = shells.find(each => each === name);
  if (shell === undefined) return '';
  const words = wordsFrom(shell, typed);
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const state = optionValue('state', before);
  const places = placesOf(
    {reports: '.', ...(state === undefined ? {} : {state})},
    system.files.workingDirectory,
  );
  const known = {
    profiles: () => profileNames(places.config),
    runs: () =>
      openHistory(places.state)
        .list()
        .map(({run}) => run),
  };
  return answerFor(shell, complete(before, current, known), current);
}
