import {describe, expect, test} from 'vitest';
import {commands, exitCodes} from '../../source/command-line/commands.ts';
import {commandHelp, helpText} from '../../source/command-line/help.ts';
import {allOptions, isTakenBy} from '../../source/command-line/option-table.ts';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {fieldOf} from '../../source/request/fields.ts';

function parsed(...argv: string[]) {
  const line = parseCommandLine(argv);
  if (!line.ok) throw new Error(line.problem);
  return line;
}

function problem(...argv: string[]): string {
  const line = parseCommandLine(argv);
  return line.ok ? '' : line.problem;
}

describe('commands', () => {
  test('without any it is the guided one, with every default', () => {
    expect(parsed()).toEqual({
      ok: true,
      command: 'guided',
      positionals: [],
      given: new Set(),
      options: {
        include: [],
        exclude: [],
        set: [],
        withJunk: false,
        disarmReceipts: false,
        dryRun: false,
        yes: false,
        noInput: false,
        mailboxes: 8,
        order: 'listed',
        connections: 6,
        compress: false,
        memory: 64,
        reports: 'mailferry-reports',
        passwordPolicy: 'advise',
        allowPlaintext: false,
        output: 'auto',
        noColor: false,
        ascii: false,
        help: false,
        version: false,
      },
    });
  });

  test.each([
    [['run', 'users.csv'], 'run', ['users.csv']],
    [['--yes', 'check', '--', '--odd.csv'], 'check', ['--odd.csv']],
    [['template', 'o365-gmail-imap'], 'template', ['o365-gmail-imap']],
    [['profiles'], 'profiles', []],
    [['profiles', 'show', 'john'], 'profiles', ['show', 'john']],
    [['profiles', 'save', 'x', 'a.csv', '--mailboxes', '2'], 'profiles', ['save', 'x', 'a.csv']],
    [['profiles', 'run', 'john', '--dry-run'], 'run', ['john']],
    [['secrets', 'set', 'john'], 'secrets', ['set', 'john']],
    [['runs'], 'runs', []],
    [['report', '2018-01-17'], 'report', ['2018-01-17']],
    [['demo'], 'demo', []],
  ])('%j', (argv, command, positionals) => {
    expect(parsed(...argv)).toMatchObject({command, positionals});
  });

  test.each([
    [['run'], /needs a CSV file or the name of a profile.*Usage: mailferry run/],
    [['report'], /needs the name of a run/],
    [['run', 'a.csv', 'b.csv'], /takes nothing more/],
    [['demo', 'x'], /takes nothing more/],
    [['template', 'O356-IMAP'], /Did you mean O365-IMAP\?/],
    [['profiles', 'delete', 'x'], /knows list, show, save, rename, remove, run, export and import\.$/],
    [['profiles', 'romove', 'x'], /Did you mean "mailferry profiles remove"\?/],
    [['profiles', 'list', 'x'], /"mailferry profiles list" takes nothing more/],
    [['profiles', 'list', '--mailboxes', '2'], /"mailferry profiles" does not take --mailboxes/],
    [['profiles', 'rename', 'a'], /needs a new name\. Usage: mailferry profiles rename NAME NEW/],
    [['profiles', 'remove'], /needs the name of a profile/],
    [['rnu', 'a.csv'], /Did you mean "mailferry run"\?/],
    [['users.csv'], /write "mailferry run" before/],
    [['guided'], /no such command/],
    [['help', 'rnu'], /Did you mean "mailferry run"\?/],
    [['rnu', '--help'], /Did you mean "mailferry run"\?/],
    [['help', 'run', 'check'], /takes nothing more/],
    [['runs', '--mailboxes', '2'], /"mailferry runs" does not take --mailboxes\. "mailferry runs --help"/],
    [['profiles', '--output', 'jsonl'], /"mailferry profiles" takes --output auto, plain only\./],
    [['runs', '--output', 'quiet'], /"mailferry runs" takes --output auto, plain, jsonl only\./],
    [['stop', '--output', 'jsonl'], /"mailferry stop" takes --output auto, plain, quiet only\./],
    [['check', 'a.csv', '--dry-run'], /"mailferry check" does not take --dry-run/],
  ])('%j is a usage error', (argv, message) => expect(problem(...argv)).toMatch(message));
});

describe('options', () => {
  test('are typed, in any place, and known to be given', () => {
    const {options, given} = parsed(
      '--mailboxes=9',
      'run',
      '--since',
      '2019-01-01',
      'a.csv',
      '--before=2019-02-01',
      '--exclude',
      'Drafts, old',
      '--exclude',
      'x',
      '--with-junk',
      '--output',
      'jsonl',
      '--no-input',
      '--state=--odd',
      '--memory',
      '128',
    );
    expect(options).toMatchObject({
      mailboxes: 9,
      since: '2019-01-01',
      before: '2019-02-01',
      exclude: ['Drafts, old', 'x'],
      withJunk: true,
      output: 'jsonl',
      noInput: true,
      state: '--odd',
      memory: 128,
    });
    expect(given.has('memory')).toBe(true);
    expect(given.has('connections')).toBe(false);
  });

  test.each([
    [['--mailboxes', '0'], /--mailboxes takes a whole number from 1 to 100/],
    [['--connections', '17'], /--connections takes a whole number from 1 to 16/],
    [['--memory', '1.5'], /--memory takes/],
    [['--mailboxes', '-1'], /--mailboxes takes/],
    [['--since', '2019-02-30'], /--since: There is no day/],
    [['--since', '2019-02-01', '--before', '2019-01-01'], /must be earlier/],
    [['--output', 'xml'], /--output is one of auto, tui, plain, jsonl, quiet/],
    [['--state', '--yes'], /--state needs a value/],
    [['--ca'], /--ca needs a value/],
    [['--reports='], /--reports needs a value/],
    [['--yes=no'], /--yes takes no value/],
    [['--state', 'a', '--state', 'b'], /--state is given twice/],
    [['--dry-rnu'], /Did you mean --dry-run\?/],
    [['--frobnicate'], /no option --frobnicate/],
    [['-x'], /no option -x/],
  ])('%j is refused with its name', (argv, message) => expect(problem(...argv)).toMatch(message));

  test('a secret is never an option, and is not repeated', () => {
    for (const argv of [
      ['--source-password=hunter2'],
      ['--password', 'hunter2'],
      ['--client-secret=hunter2'],
    ]) {
      expect(problem(...argv)).toMatch(/env:NAME/);
      expect(problem(...argv)).not.toContain('hunter2');
    }
    expect(problem('--mailboxes', 'hunter2') + problem('hunter2') + problem('--yes=hunter2')).not.toContain(
      'hunter2',
    );
  });

  test('what a message repeats of the command line is clean and short', () => {
    expect(problem('--a\u001b]0;title\u0007b\u202e\r')).toMatch(/no option --ab \./);
    expect(problem('-\u009b2J')).toMatch(/no option -/);
    expect(problem(`--${'x'.repeat(100_000)}`).length).toBeLessThan(200);
  });

  test('help and version win over everything but what is not there', () => {
    expect(parsed('run', '--help')).toMatchObject({command: 'help', topic: 'run'});
    expect(parsed('help', 'run')).toMatchObject({command: 'help', topic: 'run'});
    expect(parsed('-h')).not.toHaveProperty('topic');
    expect(parsed('help')).toMatchObject({command: 'help'});
    expect(parsed('nonsense', '--version').options.version).toBe(true);
  });

  test('one that is a field of the request too has its words', () => {
    const help = helpText().replace(/\s+/g, ' ');
    for (const key of ['since', 'before'] as const) {
      const words = fieldOf(key).help;
      expect(help).toContain(`--${key} DAY ${words.charAt(0).toLowerCase()}${words.slice(1, -1)}`);
    }
  });
});

describe('--set', () => {
  test('takes any column in any spelling, and says what is wrong with one that it does not take', () => {
    expect(parsed('run', 'x.csv', '--set', 'source_server=a=b').options.set).toEqual(['source_server=a=b']);
    expect(problem('run', 'x.csv', '--set', 'Sorce Server=x')).toContain('Did you mean "Source Server"?');
    expect(problem('run', 'x.csv', '--set', 'Source Server')).toContain('--set "Source Server=VALUE"');
  });

  test('takes no password in clear, and does not repeat it', () => {
    const said = problem('run', 'x.csv', '--set', 'Source user password=hunter2');
    expect(said).toContain('other users can see a command line');
    expect(said).not.toContain('hunter2');
    expect(parsed('run', 'x.csv', '--set', 'Source user password=env:PW').options.set).toHaveLength(1);
  });
});

describe('help', () => {
  const help = helpText();
  test('names every command, option and exit code in at most 80 columns of ASCII', () => {
    for (const command of commands) expect(help).toContain(`mailferry ${command.usage}`.trimEnd());
    for (const option of allOptions) expect(help).toContain(`--${option.name}`);
    for (const {code, meaning} of exitCodes) {
      expect(help).toContain(`
  ${String(code).padEnd(5)}${meaning.slice(0, 60)}`);
    }
    expect(Math.max(...help.split('\n').map(line => line.length))).toBeLessThanOrEqual(80);
    expect(help).toMatch(/^[\x20-\x7e\n]+$/);
    expect(help).not.toMatch(/ $/m);
  });

  test.each(commands.flatMap(({name}) => (name === 'guided' ? [] : [name])))(
    'of %s names what it takes, nothing else, with examples that work',
    name => {
      const text = commandHelp(name);
      for (const option of allOptions)
        expect([
          option.name,
          new RegExp(`--${option.name}\\b(?!-)`).test(text.split('Example')[1] ?? ''),
        ]).toEqual([option.name, isTakenBy(name, option)]);
      const command = commands.find(each => each.name === name);
      expect(command?.examples.length).toBeGreaterThan(0);
      for (const example of command?.examples ?? []) {
        expect(text).toContain(`  ${example}\n`);
        const [program, ...argv] = example.split(' > ')[0]?.split(' ') ?? [];
        expect(program).toBe('mailferry');
        expect(parsed(...argv)).toMatchObject(name === 'help' ? {command: 'help'} : {command: name});
      }
      for (const action of command?.actions ?? [])
        expect(text).toContain(`  mailferry ${name} ${action.usage}`);
      expect(Math.max(...text.split('\n').map(line => line.length))).toBeLessThanOrEqual(80);
      expect(text).toMatch(/^[\x20-\x7e\n]+$/);
    },
  );

  test('every option of the table is typed in what the parser gives', () => {
    // A value for each kind, so that a key missing from Options shows here.
    for (const option of allOptions) {
      const value = {
        switch: [],
        choice: ['choices' in option ? String(option.choices[0]) : ''],
        number: ['8'],
        text: ['x'],
        day: ['2019-01-01'],
        list: [option.name === 'set' ? 'Title=x' : 'x'],
      }[option.kind];
      const command = isTakenBy('guided', option) ? [] : ['check', 'users.csv'];
      expect(parsed(...command, `--${option.name}`, ...value).given.size).toBe(1);
    }
  });
});

test('endless short options are refused at once', () => {
  expect(parseCommandLine(['runs', `-${'='.repeat(300_000)}`])).toMatchObject({ok: false});
});
