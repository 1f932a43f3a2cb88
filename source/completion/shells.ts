// Three shells: the script that each is given, and the answer in the form that the script reads: the first line says
// which paths the shell adds, every further one is a candidate. What there is to offer is asked anew at each Tab, so
// a script stays right when mailferry is updated.
import type {shells} from '../command-line/commands.ts';
import type {Completion} from './complete.ts';

export type Shell = (typeof shells)[number];

/** The first word of the command line with which a script asks. */
const askWord = '__complete';

/** Ends with a line break. */
export function completionScript(shell: Shell): string {
  return scripts[shell];
}

/** Bash parts words at = and : too. Gives the words as they were typed, the last one under the cursor. */
export function wordsFrom(shell: Shell, typed: readonly string[]): readonly string[] {
  if (shell !== 'bash') return typed;
  const words: string[] = [];
  let joins = false;
  for (const [index, word] of typed.entries()) {
    const last = words.at(-1);
    const glue = word === '=' && last?.startsWith('--') === true && !last.includes('=');
    if ((glue || joins) && last !== undefined) words[words.length - 1] = last + word;
    else words.push(word);
    // "--output=" and then nothing: the empty word under the cursor is the value.
    joins = glue && index < typed.length - 1;
  }
  return words.map(unquoted);
}

/** Ends with a line break. */
export function answerFor(shell: Shell, {candidates, paths}: Completion, current: string): string {
  const lines = candidates.map(({value, help}) => {
    if (shell === 'bash') return bashWord(value, current, paths !== undefined);
    if (shell === 'fish') return help === undefined ? value : `${value}\t${help}`;
    const escaped = value.replace(/[\\:]/g, '\\$&');
    return help === undefined ? escaped : `${escaped}:${help}`;
  });
  return `${[paths ?? 'none', ...lines].join('\n')}\n`;
}

/** Bash puts it in as it is, in place of what stands behind the = only; where paths are added, it quotes by itself. */
function bashWord(value: string, current: string, quotes: boolean): string {
  const inline = /^--[^=]+=/.exec(current)?.[0] ?? '';
  const own = value.slice(inline.length);
  return quotes ? own : own.replace(/[^\w./:@%+,=-]/gu, '\\$&');
}

function unquoted(word: string): string {
  return word.replace(/^["']/, '').replace(/\\(.)/gs, '$1');
}

const bash = `# mailferry: completion for bash. In ~/.bashrc: source <(mailferry completion bash)
_mailferry() {
  local line kind= cur="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS= read -r line; do
    if [ -z "$kind" ]; then kind=$line; else COMPREPLY+=("$line"); fi
  done < <("$1" ${askWord} bash "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  [ "$cur" = "=" ] && cur=
  case $kind in
    csv) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$cur"; compgen -f -X '!*.[cC][sS][vV]' -- "$cur") ;;
    file) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$cur") ;;
    folder) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$cur") ;;
    *) return ;;
  esac
  type compopt >/dev/null 2>&1 && compopt -o filenames
}
complete -F _mailferry mailferry
`;

const zsh = `#compdef mailferry
# mailferry: completion for zsh. In ~/.zshrc, behind compinit: source <(mailferry completion zsh)
_mailferry() {
  local line kind=
  local -a found
  while IFS= read -r line; do
    if [[ -z $kind ]]; then kind=$line; else found+=("$line"); fi
  done < <("\${words[1]}" ${askWord} zsh "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  if [[ $PREFIX == -* ]]; then
    (( $#found )) && _describe -o option found
  else
    (( $#found )) && _describe mailferry found
  fi
  [[ $PREFIX == --*=* ]] && compset -P '*='
  case $kind in
    csv) _files -g '*.(csv|CSV)' ;;
    file) _files ;;
    folder) _files -/ ;;
  esac
}
if [[ $funcstack[1] == _mailferry ]]; then _mailferry "$@"; else compdef _mailferry mailferry; fi
`;

const fish = `# mailferry: completion for fish. mailferry completion fish > ~/.config/fish/completions/mailferry.fish
function __mailferry_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l found (command $words[1] ${askWord} fish $words[2..-1] "$current" 2>/dev/null)
    if test (count $found) -gt 1
        printf '%s\\n' $found[2..-1]
    end
    switch "$found[1]"
        case csv
            __fish_complete_suffix "$current" .csv
        case file
            __fish_complete_path "$current"
        case folder
            __fish_complete_directories "$current" ''
    end
end
complete -c mailferry -f -a '(__mailferry_complete)'
`;

const scripts: Readonly<Record<Shell, string>> = {bash, zsh, fish};
