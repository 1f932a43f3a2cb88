// The commands and exit codes as data: the parser, --help, shell completion and the README all read them here. The
// options are in option-table.ts.

export type CommandName =
  | 'guided'
  | 'run'
  | 'check'
  | 'template'
  | 'profiles'
  | 'secrets'
  | 'runs'
  | 'attach'
  | 'stop'
  | 'resume'
  | 'retry'
  | 'report'
  | 'demo'
  | 'completion'
  | 'help';

/** The shells there is completion for. */
export const shells = ['bash', 'zsh', 'fish'] as const;

/** What a shell can complete a word with. */
export type Offer = 'csv' | 'file' | 'folder' | 'profile' | 'run' | 'request-type' | 'command';

export type Positional = {
  /** In messages: "needs a CSV file or the name of a profile". */
  readonly what: string;
  readonly offers?: readonly Offer[];
  /** It is one of these. */
  readonly choices?: readonly string[];
};

/** A second word that says what to do: `profiles show NAME`. */
export type Action = {
  readonly name: string;
  /** As help writes it, after the command's name. */
  readonly usage: string;
  readonly help: string;
  readonly positionals: readonly Positional[];
  readonly needed: number;
};

export type Command = {
  readonly name: CommandName;
  /** As --help writes it, after the program's name. */
  readonly usage: string;
  readonly help: string;
  /** More than one line, in the command's own help. */
  readonly about?: string;
  /** The first `needed` of them must be given. Of a command with actions: none, they have their own. */
  readonly positionals: readonly Positional[];
  readonly needed: number;
  /** The first one is what happens where none is named. */
  readonly actions?: readonly Action[];
  /** Command lines that work as they stand, but for the names in them. */
  readonly examples: readonly string[];
};

const csvOrProfile: Positional = {what: 'a CSV file or the name of a profile', offers: ['csv', 'profile']};
const runName: Positional = {what: 'the name of a run ("mailferry runs" lists them)', offers: ['run']};
const profileName: Positional = {what: 'the name of a profile', offers: ['profile']};

const newName: Positional = {what: 'a new name'};
const secretName: Positional = {what: 'the name of a password in the keychain'};

export const commands: readonly Command[] = [
  {
    name: 'guided',
    usage: '',
    help: 'guided: new request, CSV, profile, resume, demo',
    positionals: [],
    needed: 0,
    examples: [],
  },
  {
    name: 'run',
    usage: 'run <file.csv | profile>',
    help: 'carry it out',
    about:
      'Copies every mailbox of a CSV, or the one of a profile, and writes a report. Run it again after a stop or a failure: what has arrived is not copied twice.',
    positionals: [csvOrProfile],
    needed: 1,
    examples: [
      'mailferry run users.csv',
      'mailferry run users.csv --yes --no-input --output plain',
      'mailferry run users.csv --dry-run',
    ],
  },
  {
    name: 'check',
    usage: 'check <file.csv | profile>',
    help: 'sign in at both ends, list, count; copies nothing',
    about:
      'Signs in at both ends of every request, lists the folders, counts what would be copied and says what stands in the way.',
    positionals: [csvOrProfile],
    needed: 1,
    examples: [
      'mailferry check users.csv',
      'mailferry check users.csv --fix mended.csv',
      'mailferry check list.csv --set source_server=imap.baya.com --fix users.csv',
    ],
  },
  {
    name: 'template',
    usage: 'template <request-type>',
    help: 'a sample CSV on standard output',
    about:
      'Prints the column names and one request to be changed. Columns may be left out or come in any order; an empty cell and the word "blank" both mean "not given".',
    positionals: [{what: 'a request type such as O365-IMAP', offers: ['request-type']}],
    needed: 1,
    examples: ['mailferry template O365-IMAP > users.csv'],
  },
  {
    name: 'profiles',
    usage: 'profiles [action]',
    help: 'the saved profiles: list, show, save, rename, remove, run, export, import',
    about:
      'A profile holds answers or the path of a CSV, and options; never a password, so that it can be handed to a colleague.',
    positionals: [],
    needed: 0,
    actions: [
      {name: 'list', usage: 'list', help: 'every profile and what it is about', positionals: [], needed: 0},
      {name: 'show', usage: 'show NAME', help: 'what one holds', positionals: [profileName], needed: 1},
      {
        name: 'save',
        usage: 'save NAME FILE.csv',
        help: 'a CSV, with the options given here',
        positionals: [newName, {what: 'a CSV file', offers: ['csv']}],
        needed: 2,
      },
      {
        name: 'rename',
        usage: 'rename NAME NEW',
        help: 'give it another name',
        positionals: [profileName, newName],
        needed: 2,
      },
      {name: 'remove', usage: 'remove NAME', help: 'forget it', positionals: [profileName], needed: 1},
      {
        name: 'run',
        usage: 'run NAME',
        help: 'the same as "mailferry run NAME"',
        positionals: [profileName],
        needed: 1,
      },
      {
        name: 'export',
        usage: 'export NAME [FILE]',
        help: 'a file to hand on; without FILE on standard output',
        positionals: [profileName, {what: 'a file', offers: ['file']}],
        needed: 1,
      },
      {
        name: 'import',
        usage: 'import FILE [NAME]',
        help: 'one that was handed on',
        positionals: [{what: 'the file of a profile', offers: ['file']}, newName],
        needed: 1,
      },
    ],
    examples: [
      'mailferry profiles',
      'mailferry profiles save monthly users.csv --mailboxes 8',
      'mailferry profiles export monthly monthly.json',
    ],
  },
  {
    name: 'secrets',
    usage: 'secrets [action]',
    help: 'passwords in the system keychain: list, set, remove',
    about:
      'A password that is kept here is written keychain:NAME in a CSV, a profile or a password field. It is typed unseen, or read from standard input: pass show mail/john | mailferry secrets set john',
    positionals: [],
    needed: 0,
    actions: [
      {name: 'list', usage: 'list', help: 'their names', positionals: [], needed: 0},
      {
        name: 'set',
        usage: 'set NAME',
        help: 'ask for one and keep it',
        positionals: [secretName],
        needed: 1,
      },
      {name: 'remove', usage: 'remove NAME', help: 'forget one', positionals: [secretName], needed: 1},
    ],
    examples: ['mailferry secrets set john', 'mailferry secrets'],
  },
  {
    name: 'runs',
    usage: 'runs',
    help: 'the runs so far',
    positionals: [],
    needed: 0,
    about:
      'Every run with its state, counts and time. A run that is at work, was stopped, broken off or has failures can be taken up by its name.',
    examples: ['mailferry runs'],
  },
  {
    name: 'attach',
    usage: 'attach [run]',
    help: 'watch and steer a run that is at work',
    about:
      'Shows the grid of a run that was left, or whose terminal was closed, from any terminal; with every key it has there. Without a name: the only one at work. Of a run that has ended it shows how.',
    positionals: [runName],
    needed: 0,
    examples: ['mailferry attach', 'mailferry attach 2018-01-17-0930-users'],
  },
  {
    name: 'stop',
    usage: 'stop [run]',
    help: 'stop a run that is at work',
    about:
      'What is in flight is finished; asked once more, it stops at once. Waits until it has ended and says how. Without a name: the only one at work.',
    positionals: [runName],
    needed: 0,
    examples: ['mailferry stop 2018-01-17-0930-users'],
  },
  {
    name: 'resume',
    usage: 'resume <run>',
    help: 'go on with a run that was stopped or broken off',
    about:
      'Takes the same file, profile or answers and the same options; what the command line gives counts before them. A password that was typed is asked for again. What has arrived is not copied again.',
    positionals: [runName],
    needed: 1,
    examples: ['mailferry resume 2018-01-17-0930-users'],
  },
  {
    name: 'retry',
    usage: 'retry <run>',
    help: 'try again what failed in a run, and only that',
    about:
      'After you have mended the file, an account or a server: takes the requests that ended Failed or Invalid, or with failed messages, and rows that were added or renamed since.',
    positionals: [runName],
    needed: 1,
    examples: ['mailferry retry 2018-01-17-0930-users'],
  },
  {
    name: 'report',
    usage: 'report <run>',
    help: 'what a run did',
    about:
      'Tells in a terminal, and with --output plain, how a run ended and what is missing of each mailbox; elsewhere it prints the summary.json of the run.',
    positionals: [runName],
    needed: 1,
    examples: ['mailferry report 2018-01-17-0930-users'],
  },
  {
    name: 'demo',
    usage: 'demo',
    help: 'two embedded servers and a real migration',
    positionals: [],
    needed: 0,
    examples: ['mailferry demo'],
  },
  {
    name: 'completion',
    usage: `completion ${shells.join('|')}`,
    help: 'a script that lets the shell complete what is typed',
    about:
      'Completes commands, options, their choices, names of profiles and runs, and files. For bash and zsh a line in ~/.bashrc or ~/.zshrc, for fish a file: see the first line of each script.',
    positionals: [{what: 'a shell: bash, zsh or fish', choices: shells}],
    needed: 1,
    examples: ['mailferry completion bash', 'mailferry completion fish > mailferry.fish'],
  },
  {
    name: 'help',
    usage: 'help [command]',
    help: 'this, or a command with its options',
    positionals: [{what: 'a command', offers: ['command']}],
    needed: 0,
    examples: ['mailferry help run'],
  },
];

export const exitCodes: readonly {readonly code: number; readonly meaning: string}[] = [
  {code: 0, meaning: 'all requests Processed, nothing failed'},
  {code: 1, meaning: 'unexpected error (a bug)'},
  {code: 2, meaning: 'usage, or a request is Invalid; nothing was copied'},
  {code: 3, meaning: 'finished, but some messages or mailboxes failed; see the report'},
  {code: 4, meaning: 'no mailbox could be reached or signed in to'},
  {code: 130, meaning: 'stopped by the user; run it again to go on'},
];
