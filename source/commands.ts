// The commands, options and exit codes as data: the parser, --help and the README all read them here.

export type CommandName = 'guided' | 'run' | 'check' | 'template' | 'profiles' | 'runs' | 'report' | 'demo';

export type Command = {
  readonly name: CommandName;
  /** As --help writes it, after the program's name. */
  readonly usage: string;
  readonly help: string;
  /** What each positional is called in messages; the first `needed` of them must be given. */
  readonly positionals: readonly string[];
  readonly needed: number;
};

export const commands: readonly Command[] = [
  {
    name: 'guided',
    usage: '',
    help: 'guided: new request, CSV, profile, resume, demo',
    positionals: [],
    needed: 0,
  },
  {
    name: 'run',
    usage: 'run <file.csv | profile>',
    help: 'carry it out',
    positionals: ['a CSV file or the name of a profile'],
    needed: 1,
  },
  {
    name: 'check',
    usage: 'check <file.csv | profile>',
    help: 'sign in at both ends, list, count; copies nothing',
    positionals: ['a CSV file or the name of a profile'],
    needed: 1,
  },
  {
    name: 'template',
    usage: 'template <request-type>',
    help: 'a sample CSV on standard output',
    positionals: ['a request type such as O365-IMAP'],
    needed: 1,
  },
  {
    name: 'profiles',
    usage: 'profiles [list | show NAME | remove NAME]',
    help: 'the saved profiles',
    positionals: ['list, show or remove', 'the name of a profile'],
    needed: 0,
  },
  {name: 'runs', usage: 'runs', help: 'the runs so far', positionals: [], needed: 0},
  {
    name: 'report',
    usage: 'report <run>',
    help: 'what a run did',
    positionals: ['the name of a run ("mailferry runs" lists them)'],
    needed: 1,
  },
  {
    name: 'demo',
    usage: 'demo',
    help: 'two embedded servers and a real migration',
    positionals: [],
    needed: 0,
  },
];

type Common = {
  readonly name: string;
  readonly help: string;
};

export type Option = Common &
  (
    | {readonly kind: 'switch'; readonly short?: string}
    | {readonly kind: 'choice'; readonly choices: readonly string[]; readonly default: string}
    | {
        readonly kind: 'number';
        readonly value: string;
        readonly least: number;
        readonly most: number;
        readonly default: number;
      }
    | {readonly kind: 'text' | 'day'; readonly value: string; readonly default?: string}
    | {readonly kind: 'list'; readonly value: string}
  );

export type OptionGroup = {readonly title: string; readonly options: readonly Option[]};

export const optionGroups = [
  {
    title: 'What is copied',
    options: [
      {name: 'since', kind: 'day', value: 'DAY', help: 'mail of this day or later, YYYY-MM-DD'},
      {name: 'before', kind: 'day', value: 'DAY', help: 'mail before this day, YYYY-MM-DD'},
      {
        name: 'include',
        kind: 'list',
        value: 'FOLDER',
        help: 'copy this folder although the rule leaves it out; may be repeated',
      },
      {
        name: 'exclude',
        kind: 'list',
        value: 'FOLDER',
        help: 'leave this folder out, with those below; may be repeated',
      },
      {name: 'with-junk', kind: 'switch', help: 'copy Junk Email too'},
      {name: 'dry-run', kind: 'switch', help: 'print the plan, copy nothing'},
    ],
  },
  {
    title: 'How it runs',
    options: [
      {name: 'yes', kind: 'switch', help: 'start without a last question'},
      {name: 'no-input', kind: 'switch', help: 'never ask; fail where something is missing'},
      {
        name: 'mailboxes',
        kind: 'number',
        value: 'N',
        least: 1,
        most: 100,
        default: 4,
        help: 'mailboxes at once',
      },
      {
        name: 'connections',
        kind: 'number',
        value: 'N',
        least: 1,
        most: 16,
        default: 6,
        help: 'connections at most, for each mailbox and end',
      },
      {
        name: 'memory',
        kind: 'number',
        value: 'MB',
        least: 8,
        most: 65_536,
        default: 64,
        help: 'mail held in flight',
      },
      {name: 'state', kind: 'text', value: 'DIR', help: 'where ledgers and profiles are kept'},
      {
        name: 'reports',
        kind: 'text',
        value: 'DIR',
        default: 'mailferry-reports',
        help: 'where each run writes its report',
      },
    ],
  },
  {
    title: 'Security',
    options: [
      {
        name: 'password-policy',
        kind: 'choice',
        choices: ['advise', 'strict', 'off'],
        default: 'advise',
        help: "the request form's rule on special characters",
      },
      {name: 'ca', kind: 'text', value: 'FILE', help: 'trust the certificates in this PEM file too'},
      {
        name: 'allow-plaintext',
        kind: 'switch',
        help: 'accept security "none" for any server, not only for this machine',
      },
    ],
  },
  {
    title: 'Output',
    options: [
      {
        name: 'output',
        kind: 'choice',
        choices: ['auto', 'tui', 'plain', 'jsonl', 'quiet'],
        default: 'auto',
        help: 'auto is tui in a terminal, else plain',
      },
      {name: 'no-color', kind: 'switch', help: 'no colour'},
      {name: 'ascii', kind: 'switch', help: 'no characters beyond ASCII'},
      {name: 'help', kind: 'switch', short: 'h', help: 'print this'},
      {name: 'version', kind: 'switch', help: 'print the version'},
    ],
  },
] as const satisfies readonly OptionGroup[];

export const allOptions: readonly Option[] = optionGroups.flatMap(
  (group): readonly Option[] => group.options,
);

export const exitCodes: readonly {readonly code: number; readonly meaning: string}[] = [
  {code: 0, meaning: 'all requests Processed, nothing failed'},
  {code: 1, meaning: 'unexpected error (a bug)'},
  {code: 2, meaning: 'usage, or a request is Invalid; nothing was copied'},
  {code: 3, meaning: 'finished, but some messages or mailboxes failed; see the report'},
  {code: 4, meaning: 'no mailbox could be reached or signed in to'},
  {code: 130, meaning: 'stopped by the user; run it again to go on'},
];
