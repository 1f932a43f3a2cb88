// The program: takes the machine as it is, reads the command line, does what it says, sets the exit code. Process,
// streams, time and chance enter here and nowhere else. What only some commands need is imported by them: help and
// lists are there at once.
import {existsSync, readFileSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {homedir} from 'node:os';
import {resolve} from 'node:path';
import {setTimeout as wait} from 'node:timers/promises';
import {setFlagsFromString} from 'node:v8';
import type {AppScreen} from './app.tsx';
import {stopAtOnce} from './early-stop.ts';
import type {PassPoint} from './engine/points.ts';
import type {Options} from './option-table.ts';
import {parseCommandLine} from './options.ts';
import type {Profiles} from './profiles/store.ts';
import {withQuietKeys} from './program/early-keys.ts';
import {openHistory} from './program/history.ts';
import {hostWord} from './program/host-word.ts';
import type {Loaded, SavedProfiles} from './program/load.ts';
import {tellLostOutput} from './program/lost-output.ts';
import {openPage} from './program/open-page.ts';
import {type Places, placesOf} from './program/places.ts';
import {writePrivateFile} from './program/private-file.ts';
import {readBoundedFile} from './program/read-file.ts';
import {readCa, withProfile} from './program/run-options.ts';
import type {RunParts} from './program/start-run.ts';
import {steadyClock} from './program/steady-clock.ts';
import {type System, UsageProblem} from './program/system.ts';
import {showsUnicode} from './program/terminal-text.ts';
import {mostCsvBytes} from './request/csv-size.ts';

/** @param passed told of each irreversible step of a run */
export async function main(passed?: PassPoint): Promise<void> {
  const system = thisMachine(passed);
  const argv = process.argv.slice(2);
  const carries = ['run', 'resume', 'retry', 'demo'].includes(argv[0] ?? '');
  const lost = tellLostOutput(system, carries ? 'The run goes on to its end and its report.' : '');
  // The lines were all that such a command was for. Its last ones fail after it has ended.
  process.on('exit', code => {
    if (code === 0 && !carries && lost()) process.exitCode = 1;
  });
  process.exitCode = await carryOut(argv, system, () => process.exit(1));
}

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

async function run(argv: readonly string[], system: System): Promise<number> {
  if (argv[0] === hostWord) return (await import('./program/host.ts')).hostRun(system);
  if (argv[0] === '__complete') {
    const {completionAnswer} = await import('./program/completion-command.ts');
    system.stdout.write(completionAnswer(argv.slice(1), system));
    return 0;
  }
  const parsed = parseCommandLine(argv);
  if (!parsed.ok) throw new UsageProblem(parsed.problem);
  const {options, command, positionals} = parsed;
  if (options.version) {
    system.stdout.write(`${system.version}\n`);
    return 0;
  }
  if (command === 'help') {
    const {commandHelp, helpText} = await import('./help.ts');
    system.stdout.write(parsed.topic === undefined ? helpText() : commandHelp(parsed.topic));
    return 0;
  }
  if (options.ascii || !showsUnicode(system.env)) (await import('./ui/theme.ts')).useAsciiSymbols(true);
  if (command === 'completion') {
    const {completionScript} = await import('./completion/shells.ts');
    const {shells} = await import('./commands.ts');
    const shell = shells.find(each => each === positionals[0]);
    if (shell !== undefined) system.stdout.write(completionScript(shell));
    return 0;
  }
  if (command === 'template') {
    const {templateText} = await import('./program/template-command.ts');
    system.stdout.write(templateText(positionals[0] ?? ''));
    return 0;
  }
  const places = placesOf(options, system.files.workingDirectory);
  const history = openHistory(places.state);
  if (command === 'runs') {
    const {runsLines, runsText} = await import('./program/runs-list.ts');
    const list = options.output === 'jsonl' ? runsLines : runsText;
    system.stdout.write(await list(history, places.state));
    return 0;
  }
  if (command === 'report') {
    const {reportLines, reportText} = await import('./program/report-command.ts');
    const forPeople = options.output === 'plain' || (options.output !== 'jsonl' && system.stdout.isTTY);
    const [run = ''] = positionals;
    system.stdout.write(
      forPeople ? reportLines(run, history, places.state, system.stdout.columns) : reportText(run, history),
    );
    return 0;
  }
  if (command === 'stop') {
    const {stopRun} = await import('./program/attach.ts');
    return stopRun(positionals[0], {history, state: places.state}, system);
  }
  if (command === 'profiles') {
    const {profilesCommand} = await import('./program/profiles-command.ts');
    const profiles = await savedProfiles(places, system);
    const {given} = parsed;
    system.stdout.write(await profilesCommand(positionals, {profiles, options, given, system}));
    return 0;
  }
  if (command === 'secrets') {
    const {secretsCommand} = await import('./program/secrets-command.ts');
    const {openKeychain, passwordService} = await import('./profiles/keychain.ts');
    const keychain = openKeychain(passwordService);
    system.stdout.write(await secretsCommand(positionals, {keychain, system, noInput: options.noInput}));
    return 0;
  }
  const output = outputOf(options, system);
  const {openSignIns} = await import('./program/microsoft.ts');
  const signIns = openSignIns(system);
  if (command === 'demo' || command === 'guided') {
    const parts: RunParts = {
      options,
      given: parsed.given,
      places,
      history,
      system,
      signIns,
      ca: readCa(options),
    };
    return guided(command, output, parts);
  }
  const [name = ''] = positionals;
  const base: RunParts = {options, given: parsed.given, places, history, system, signIns, ca: []};
  if (command === 'attach') return attach(positionals[0], output, base);
  if (command === 'resume' || command === 'retry') return runAgain(command, name, output, base);
  if (output === 'tui' && command === 'run') {
    const profiles = await savedProfiles(places, system);
    const own = withProfile(options, parsed.given, profiles.get(name)?.options ?? {});
    const parts: RunParts = {
      options: own,
      given: parsed.given,
      places,
      history,
      system,
      signIns,
      ca: readCa(own),
    };
    return runOnScreen(name, profiles, {...parts, options}, parts);
  }
  const profiles = isCsvFile(name, system) ? noProfiles : await savedProfiles(places, system);
  const own = withProfile(options, parsed.given, profiles.get(name)?.options ?? {});
  const parts: RunParts = {
    options: own,
    given: parsed.given,
    places,
    history,
    system,
    signIns,
    ca: readCa(own),
  };
  const {load} = await import('./program/load.ts');
  if (command === 'check' && own.fix !== undefined) {
    const {fixCommand} = await import('./program/fix-command.ts');
    return fixCommand(name, own.fix, output === 'tui' ? 'plain' : output, {options: own, profiles, system});
  }
  if (command === 'check') {
    const engine = import('./program/check-command.ts');
    const loaded = await load(name, own, profiles, system);
    return (await engine).checkCommand(loaded, output === 'tui' ? 'plain' : output, parts);
  }
  // Begun now, it is read from disk while the CSV is.
  const engine = import('./program/run-command.ts');
  const loaded = await load(name, own, profiles, system);
  return (await engine).runLines(loaded, output === 'tui' ? 'plain' : output, parts);
}

const noProfiles: SavedProfiles = {get: () => undefined, list: () => []};

/** No profile can have such a name (profileNameRule), so that the saved ones need not be opened. */
function isCsvFile(name: string, system: System): boolean {
  return /\.csv$/i.test(name) && existsSync(resolve(system.files.workingDirectory, name));
}

async function savedProfiles(places: Places, system: System): Promise<Profiles> {
  const {openProfiles} = await import('./profiles/store.ts');
  const profiles = openProfiles({cwd: places.config});
  if (profiles.notice !== undefined) system.stderr.write(`${profiles.notice}\n`);
  return profiles;
}

async function guided(command: 'demo' | 'guided', output: Output, parts: RunParts): Promise<number> {
  if (output !== 'tui') {
    if (command === 'guided')
      throw new UsageProblem(
        parts.options.noInput
          ? 'The guided screens ask, which --no-input forbids. Without them: mailferry run FILE.csv --yes.'
          : 'The guided screens need a terminal. Without one: mailferry run FILE.csv --yes, or mailferry --help.',
      );
    const {runDemoLines} = await import('./program/demo-command.ts');
    return runDemoLines(output, parts);
  }
  return withQuietKeys(parts.system.stdin, async () => {
    const {showScreens} = await import('./program/tui.tsx');
    const profiles = await savedProfiles(parts.places, parts.system);
    return showScreens({name: command === 'demo' ? 'demo' : 'home'}, profiles, parts);
  });
}

async function attach(run: string | undefined, output: Output, parts: RunParts): Promise<number> {
  const where = {history: parts.history, state: parts.places.state};
  if (output !== 'tui') {
    const {followRun} = await import('./program/follow-run.ts');
    return followRun(run, output, where, parts.system);
  }
  const {openRun} = await import('./program/attach.ts');
  return onScreen({name: 'run', handle: await openRun(run, where)}, parts);
}

async function runAgain(
  command: 'resume' | 'retry',
  run: string,
  output: Output,
  parts: RunParts,
): Promise<number> {
  const {again} = await import('./program/again.ts');
  const {history, system, places, options, given} = parts;
  const profiles = await savedProfiles(places, system);
  const found = await again({command, run, options, given}, {places, history, profiles, system});
  const own: RunParts = {
    ...parts,
    options: found.options,
    ...(command === 'retry' ? {retryOf: run} : {}),
    places: {...places, reports: found.reports},
    ca: readCa(found.options),
  };
  if (output === 'tui') return startOnScreen(found.loaded, profiles, own, own);
  return (await import('./program/run-command.ts')).runLines(found.loaded, output, own);
}

/** The grid at once. */
async function startOnScreen(
  loaded: Loaded,
  profiles: Profiles,
  parts: RunParts,
  own: RunParts,
): Promise<number> {
  const {askSecrets} = await import('./program/ask.ts');
  const {startForScreens} = await import('./program/host.ts');
  const requests = await askSecrets(loaded.requests, own.system, own.options.noInput);
  const {signInPeople} = await import('./program/sign-in-people.ts');
  await signInPeople(requests, own);
  return onScreen({name: 'run', handle: startForScreens(requests, loaded.from, own)}, parts, profiles);
}

async function onScreen(start: AppScreen, parts: RunParts, opened?: Profiles): Promise<number> {
  const profiles = opened ?? (await savedProfiles(parts.places, parts.system));
  return withQuietKeys(parts.system.stdin, async () => {
    const {showScreens} = await import('./program/tui.tsx');
    return showScreens(start, profiles, parts);
  });
}

/**
 * A CSV is looked at first, a profile's passwords are asked for; with --yes the grid starts at once.
 * @param own with the options of the profile; the screens add them themselves
 */
async function runOnScreen(
  name: string,
  profiles: Profiles,
  parts: RunParts,
  own: RunParts,
): Promise<number> {
  const {stdin} = own.system;
  const {csvPath, load} = await import('./program/load.ts');
  if (own.options.yes || own.options.dryRun) {
    return startOnScreen(await load(name, own.options, profiles, own.system), profiles, parts, own);
  }
  return withQuietKeys(stdin, async () => {
    const {showScreens} = await import('./program/tui.tsx');
    const profile = profiles.get(name);
    if (profile?.kind === 'request')
      return showScreens({name: 'wizard', saved: {name, profile}}, profiles, parts);
    // What is wrong in its rows is shown on the screen; a file that cannot be read has none.
    const path = await csvPath(name, profiles, own.system);
    return profile === undefined
      ? showScreens({name: 'csv', path}, profiles, parts)
      : showScreens({name: 'csv', path, options: profile.options}, profiles, parts);
  });
}

type Output = 'tui' | 'plain' | 'jsonl' | 'quiet';

function outputOf(options: Options, system: System): Output {
  if (options.output !== 'auto') {
    if (options.output === 'tui' && !(system.stdin.isTTY && system.stdout.isTTY))
      throw new UsageProblem(
        '--output tui needs a terminal at standard input and output. Use plain or jsonl.',
      );
    if (options.output === 'tui' && options.noInput)
      throw new UsageProblem('--output tui waits for keys, which --no-input forbids. Use plain or jsonl.');
    return options.output;
  }
  const terminal = system.stdin.isTTY && system.stdout.isTTY && system.env['TERM'] !== 'dumb';
  return terminal && !options.noInput ? 'tui' : 'plain';
}

function thisMachine(passed: PassPoint | undefined): System {
  const {version} = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return {
    env: process.env,
    version,
    pid: process.pid,
    platform: process.platform,
    self: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    files: {
      home: homedir(),
      workingDirectory: process.cwd(),
      read: path => readBoundedFile(path, mostCsvBytes),
      write: writePrivateFile,
      list: async directory =>
        (await readdir(directory, {withFileTypes: true})).map(entry => ({
          name: entry.name,
          isDirectory: entry.isDirectory(),
        })),
    },
    openPage: address => openPage(address, process.platform, process.env),
    now: steadyClock(Date.now),
    random: Math.random,
    ...(passed === undefined ? {} : {passed}),
    schedule: (callback, ms) => {
      const timer = setTimeout(callback, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
    sleep: async (ms, signal) => {
      await wait(ms, undefined, {signal});
    },
    onStopSignal: listener => {
      const names = ['INT', 'TERM', 'HUP'] as const;
      const listeners = names.map(name => [`SIG${name}`, () => listener(name)] as const);
      for (const [name, heard] of listeners) {
        // when-exit, which conf brings along, listens from its import on and sends each signal once more: one Ctrl+C
        // would count as two.
        process.removeAllListeners(name);
        process.on(name, heard);
      }
      return () => {
        for (const [name, heard] of listeners) process.off(name, heard);
        stopAtOnce();
      };
    },
    // Mail passes through and leaves only garbage: what is young is collected more often, in less memory. A fifth less of
    // it in all, and no slower (measured: fewer pages to be had from the system). A batch lives long enough to count as old,
    // and its buffers stay until the old are collected: that too is done before they have become half as many again, or
    // memory grows with the mail that has passed (214 MB without, 147 MB with it at 100,000 messages; no more CPU).
    keepSmall: () => {
      setFlagsFromString('--semi-space-growth-factor=1');
      setFlagsFromString('--heap-growing-percent=30');
    },
    onCrash: listener => {
      process.on('uncaughtException', listener);
      return () => process.off('uncaughtException', listener);
    },
  };
}
