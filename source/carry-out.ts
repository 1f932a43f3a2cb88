// Which command is carried out by what. What only some of them need is imported by them: help and lists are there at
// once.
import type {RunOptions} from './command-line/option-table.ts';
import {type CommandLine, parseCommandLine} from './command-line/options.ts';
import {attach, type Face, faceOf, guided, runOnScreen, startOnScreen} from './program/face.ts';
import {openHistory} from './program/history.ts';
import {hostWord} from './program/host-word.ts';
import {placesOf} from './program/places.ts';
import {readCa, whereTyped, withProfile} from './program/run-options.ts';
import {isCsvFile, noProfiles, savedProfiles} from './program/saved-profiles.ts';
import type {RunParts} from './program/start-run.ts';
import {expectStateFolder} from './program/state-folder.ts';
import {type System, UsageProblem} from './program/system.ts';
import {showsUnicode} from './program/terminal-text.ts';

/**
 * Does what a command line says, on the machine that it is given; settles with the exit code.
 * @param leave called where what is still at work has to end now
 */
export async function carryOut(argv: readonly string[], system: System, leave: () => void): Promise<number> {
  try {
    return await run(argv, system);
  } catch (error) {
    const {tellEnding} = await import('./program/endings.ts');
    return tellEnding(error, argv, system, leave);
  }
}

/** A command line that says what to do. */
type Asked = Extract<CommandLine, {ok: true}>;

/** What mailferry remembers. */
type Kept = Pick<RunParts, 'places' | 'history'>;

async function run(argv: readonly string[], system: System): Promise<number> {
  if (argv[0] === hostWord) return (await import('./program/host.ts')).hostRun(system);
  if (argv[0] === '__complete') {
    const {completionAnswer} = await import('./program/completion-command.ts');
    system.stdout.write(completionAnswer(argv.slice(1), system));
    return 0;
  }
  const typed = parseCommandLine(argv);
  if (!typed.ok) throw new UsageProblem(typed.problem);
  const asked = {...typed, options: whereTyped(typed.options, system.files.workingDirectory)};
  const words = await wordsOf(asked, system);
  if (words !== undefined) {
    system.stdout.write(words);
    return 0;
  }
  const places = placesOf(asked.options, system.files.workingDirectory);
  expectStateFolder(places.state);
  const kept = {places, history: openHistory(places.state, places.command)};
  const records = await recordsOf(asked, kept, system);
  if (records === undefined) return carry(asked, kept, system);
  system.stdout.write(records);
  return 0;
}

/** What a command prints that knows it by itself; undefined for any other. */
async function wordsOf(
  {command, options, topic, positionals}: Asked,
  system: System,
): Promise<string | undefined> {
  if (options.version) return `${system.version}\n`;
  if (command === 'help') {
    const {commandHelp, helpText} = await import('./command-line/help.ts');
    return topic === undefined ? helpText() : commandHelp(topic);
  }
  if (options.ascii || !showsUnicode(system.env)) (await import('./ui/theme.ts')).useAsciiSymbols(true);
  const [word = ''] = positionals;
  if (command === 'completion') {
    const {completionScript} = await import('./completion/shells.ts');
    const {shells} = await import('./command-line/commands.ts');
    const shell = shells.find(each => each === word);
    return shell === undefined ? '' : completionScript(shell);
  }
  if (command === 'template') return (await import('./program/template-command.ts')).templateText(word);
  return undefined;
}

/** What a command prints of earlier runs, saved profiles and stored passwords; undefined for any other. */
async function recordsOf(asked: Asked, {places, history}: Kept, system: System): Promise<string | undefined> {
  const {command, options, positionals, given} = asked;
  switch (command) {
    case 'runs': {
      const {runsLines, runsText} = await import('./program/runs-list.ts');
      if (options.output === 'jsonl') return runsLines(history, places.state, system.schedule);
      return runsText(history, places.state, system.schedule, system.stdout.columns);
    }
    case 'report': {
      const {reportLines, reportText} = await import('./program/report-command.ts');
      const forPeople = options.output === 'plain' || (options.output !== 'jsonl' && system.stdout.isTTY);
      const [run = ''] = positionals;
      return forPeople
        ? reportLines(run, history, places.state, system.stdout.columns)
        : reportText(run, history, options.output === 'jsonl');
    }
    case 'profiles': {
      const {profilesCommand} = await import('./program/profiles-command.ts');
      const profiles = await savedProfiles(places, system);
      return profilesCommand(positionals, {
        ...{profiles, command: places.command, options, given, system},
      });
    }
    case 'secrets': {
      const {secretsCommand} = await import('./program/secrets-command.ts');
      const {openKeychain, passwordService} = await import('./profiles/keychain.ts');
      const keychain = openKeychain(passwordService);
      return secretsCommand(positionals, {keychain, system, noInput: options.noInput});
    }
    default:
      return undefined;
  }
}

/** What reaches servers, or a run that does. */
async function carry(
  {command, options, positionals, given}: Asked,
  kept: Kept,
  system: System,
): Promise<number> {
  const [name = ''] = positionals;
  if (command === 'stop') {
    const {stopRun} = await import('./program/attach.ts');
    const where = {history: kept.history, state: kept.places.state, schedule: system.schedule};
    return stopRun(positionals[0], where, options.output === 'quiet' ? undefined : system);
  }
  const face = faceOf(options, system);
  const {openSignIns} = await import('./program/microsoft.ts');
  const parts: RunParts = {options, given, ...kept, system, signIns: openSignIns(system), ca: []};
  if (command === 'demo' || command === 'guided')
    return guided(command, face, {...parts, ca: readCa(options)});
  if (command === 'attach') return attach(positionals[0], face, parts);
  if (command === 'resume' || command === 'retry') return runAgain(command, name, face, parts);
  if (face === 'tui' && command === 'run') {
    const profiles = await savedProfiles(kept.places, system);
    const own = withOptionsOf(profiles.get(name)?.options, parts);
    return runOnScreen(name, profiles, {...own, options}, own);
  }
  const profiles = isCsvFile(name, system) ? noProfiles : await savedProfiles(kept.places, system);
  const own = withOptionsOf(profiles.get(name)?.options, parts);
  const lines = face === 'tui' ? 'plain' : face;
  const {load} = await import('./program/load.ts');
  if (command === 'check' && own.options.fix !== undefined) {
    const {fixCommand} = await import('./program/fix-command.ts');
    return fixCommand(name, own.options.fix, lines, {options: own.options, profiles, system});
  }
  if (command === 'check') {
    const engine = import('./program/check-command.ts');
    const loaded = await load(name, own.options, profiles, system);
    return (await engine).checkCommand(loaded, lines, own);
  }
  // Begun now, it is read from disk while the CSV is.
  const engine = import('./program/run-command.ts');
  const loaded = await load(name, own.options, profiles, system);
  return (await engine).runLines(loaded, lines, own);
}

function withOptionsOf(profile: RunOptions | undefined, parts: RunParts): RunParts {
  const options = withProfile(parts.options, parts.given, profile ?? {});
  return {...parts, options, ca: readCa(options)};
}

async function runAgain(
  command: 'resume' | 'retry',
  run: string,
  face: Face,
  parts: RunParts,
): Promise<number> {
  const {again} = await import('./program/again.ts');
  const {history, system, places, options, given} = parts;
  const profiles = await savedProfiles(places, system);
  const found = await again({command, run, options, given}, {places, history, profiles, system});
  const own: RunParts = {
    ...parts,
    options: found.options,
    ...(found.retryOf === undefined ? {} : {retryOf: found.retryOf}),
    ...(found.folder === undefined ? {} : {folder: found.folder}),
    places: {...places, reports: found.reports},
    ca: readCa(found.options),
  };
  if (face === 'tui') return startOnScreen(found.loaded, profiles, own, own);
  return (await import('./program/run-command.ts')).runLines(found.loaded, face, own);
}
