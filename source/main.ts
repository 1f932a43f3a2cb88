// The program: takes the machine as it is, reads the command line, does what it says, sets the exit code. Process,
// streams, time and chance enter here and nowhere else.
import {readFileSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {setTimeout as wait} from 'node:timers/promises';
import {helpText} from './help.ts';
import type {Options} from './options.ts';
import {parseCommandLine} from './options.ts';
import {openProfiles, ProfileError} from './profiles/store.ts';
import {checkCommand} from './program/check-command.ts';
import {openHistory} from './program/history.ts';
import {csvPath, load} from './program/load.ts';
import {placesOf} from './program/places.ts';
import {runLines} from './program/run-command.ts';
import {readCa, withProfile} from './program/run-options.ts';
import {profilesText, reportText, runsText, templateText} from './program/small-commands.ts';
import type {RunParts} from './program/start-run.ts';
import {type System, UsageProblem} from './program/system.ts';
import {ReportError} from './report/report-error.ts';

export async function main(): Promise<void> {
  const system = thisMachine();
  // Standard output that is closed early (| head) is the reader's right, not a crash.
  system.stdout.on('error', ignoreClosedPipe);
  system.stderr.on('error', ignoreClosedPipe);
  try {
    process.exitCode = await run(process.argv.slice(2), system);
  } catch (error) {
    if (error instanceof UsageProblem || error instanceof ProfileError) {
      system.stderr.write(`${error.message}\n`);
      process.exitCode = 2;
    } else if (error instanceof ReportError) {
      system.stderr.write(`${error.message} ${error.nextStep}\nNothing was copied.\n`);
      process.exitCode = 2;
    } else {
      const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
      system.stderr.write(`mailferry has made a mistake of its own; please report this:\n${words}\n`);
      process.exitCode = 1;
    }
  }
}

async function run(argv: readonly string[], system: System): Promise<number> {
  const parsed = parseCommandLine(argv);
  if (!parsed.ok) throw new UsageProblem(parsed.problem);
  const {options, command, positionals} = parsed;
  if (options.help) {
    system.stdout.write(helpText());
    return 0;
  }
  if (options.version) {
    system.stdout.write(`${system.version}\n`);
    return 0;
  }
  if (options.ascii || system.env['TERM'] === 'linux') (await import('./ui/theme.ts')).useAsciiSymbols(true);
  if (command === 'template') {
    system.stdout.write(templateText(positionals[0] ?? ''));
    return 0;
  }
  const places = placesOf(options, system.files.workingDirectory);
  const history = openHistory(places.state);
  if (command === 'runs' || command === 'report') {
    system.stdout.write(command === 'runs' ? runsText(history) : reportText(positionals[0] ?? '', history));
    return 0;
  }
  const profiles = openProfiles({cwd: places.config});
  if (profiles.notice !== undefined) system.stderr.write(`${profiles.notice}\n`);
  if (command === 'profiles') {
    system.stdout.write(profilesText(positionals, profiles));
    return 0;
  }
  const output = outputOf(options, system);
  if (command === 'demo' || command === 'guided') {
    const parts: RunParts = {options, given: parsed.given, places, history, system, ca: readCa(options)};
    return guided(command, output, profiles, parts);
  }
  const [name = ''] = positionals;
  const own = withProfile(options, parsed.given, profiles.get(name)?.options ?? {});
  const parts: RunParts = {options: own, given: parsed.given, places, history, system, ca: readCa(own)};
  if (command === 'check') {
    const loaded = await load(name, own, profiles, system);
    return checkCommand(loaded, output === 'tui' ? 'plain' : output, parts);
  }
  return output === 'tui'
    ? runOnScreen(name, profiles, {...parts, options}, parts)
    : runLines(await load(name, own, profiles, system), output, parts);
}

async function guided(
  command: 'demo' | 'guided',
  output: 'tui' | 'plain' | 'jsonl' | 'quiet',
  profiles: ReturnType<typeof openProfiles>,
  parts: RunParts,
): Promise<number> {
  if (output !== 'tui') {
    if (command === 'guided')
      throw new UsageProblem(
        'The guided screens need a terminal. Without one: mailferry run FILE.csv --yes, or mailferry --help.',
      );
    const {runDemoLines} = await import('./program/demo-command.ts');
    return runDemoLines(output, parts);
  }
  const {showScreens} = await import('./program/tui.tsx');
  return showScreens({name: command === 'demo' ? 'demo' : 'home'}, profiles, parts);
}

/**
 * A CSV is looked at first, a profile's passwords are asked for; with --yes the grid starts at once.
 * @param own with the options of the profile; the screens add them themselves
 */
async function runOnScreen(
  name: string,
  profiles: ReturnType<typeof openProfiles>,
  parts: RunParts,
  own: RunParts,
): Promise<number> {
  const {showScreens} = await import('./program/tui.tsx');
  if (own.options.yes || own.options.dryRun) {
    const loaded = await load(name, own.options, profiles, own.system);
    const {askSecrets} = await import('./program/ask.ts');
    const {startRun} = await import('./program/start-run.ts');
    const requests = await askSecrets(loaded.requests, own.system, own.options.noInput);
    return showScreens({name: 'run', handle: startRun(requests, loaded.from, own)}, profiles, parts);
  }
  const profile = profiles.get(name);
  if (profile?.kind === 'request')
    return showScreens({name: 'wizard', saved: {name, profile}}, profiles, parts);
  // What is wrong in its rows is shown on the screen; a file that cannot be read has none.
  const path = await csvPath(name, profiles, own.system);
  return profile === undefined
    ? showScreens({name: 'csv', path}, profiles, parts)
    : showScreens({name: 'csv', path, options: profile.options}, profiles, parts);
}

function outputOf(options: Options, system: System): 'tui' | 'plain' | 'jsonl' | 'quiet' {
  if (options.output !== 'auto') {
    if (options.output === 'tui' && !(system.stdin.isTTY && system.stdout.isTTY))
      throw new UsageProblem(
        '--output tui needs a terminal at standard input and output. Use plain or jsonl.',
      );
    return options.output;
  }
  return system.stdin.isTTY && system.stdout.isTTY && system.env['TERM'] !== 'dumb' ? 'tui' : 'plain';
}

function thisMachine(): System {
  const {version} = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return {
    env: process.env,
    version,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    files: {
      home: homedir(),
      workingDirectory: process.cwd(),
      read: path => readFile(path),
      list: async directory =>
        (await readdir(directory, {withFileTypes: true})).map(entry => ({
          name: entry.name,
          isDirectory: entry.isDirectory(),
        })),
    },
    now: Date.now,
    random: Math.random,
    schedule: (callback, ms) => {
      const timer = setTimeout(callback, ms);
      timer.unref();
      return () => clearTimeout(timer);
    },
    sleep: async (ms, signal) => {
      await wait(ms, undefined, {signal});
    },
    onStopSignal: listener => {
      const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
      for (const name of names) {
        // when-exit, which conf brings along, listens from its import on and sends each signal once more: one Ctrl+C
        // would count as two.
        process.removeAllListeners(name);
        process.on(name, listener);
      }
      return () => {
        for (const name of names) process.off(name, listener);
      };
    },
  };
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}
