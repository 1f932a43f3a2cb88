// Every option as data: the parser and its types, --help, shell completion and the options a profile keeps all come
// from this table. An option that is a field of a request too (a column of the CSV, a step of the wizard) takes its
// words from request/fields.ts.

import {fieldOf, repairChoices} from '../request/fields.ts';
import type {CommandName, Offer} from './commands.ts';

type Common = {
  readonly name: string;
  readonly help: string;
  /** The commands that take it; every one where not given. */
  readonly on?: readonly CommandName[];
  /** Kept in a profile; counts where the command line does not give it. */
  readonly profile?: true;
};

export type Option = Common &
  (
    | {readonly kind: 'switch'; readonly short?: string}
    | {readonly kind: 'choice'; readonly choices: readonly string[]; readonly default?: string}
    | {
        readonly kind: 'number';
        readonly value: string;
        readonly least: number;
        readonly most: number;
        readonly default: number;
      }
    | {
        readonly kind: 'text' | 'day';
        readonly value: string;
        readonly default?: string;
        readonly offers?: readonly Offer[];
      }
    | {readonly kind: 'list'; readonly value: string}
  );

export type OptionGroup = {readonly title: string; readonly options: readonly Option[]};

/** What has to do with mail, and takes requests. */
const onRequests = ['guided', 'run', 'check', 'resume', 'retry'] as const;
/** What opens connections. */
const onMail = ['guided', 'run', 'check', 'resume', 'retry', 'demo'] as const;

/** A field that may be given for all requests at once, and then takes the place of their own. Its sentence becomes a phrase, as the others are. */
function fieldOption<Name extends 'since' | 'before'>(name: Name) {
  const {help} = fieldOf(name);
  return {
    name,
    kind: 'day',
    value: 'DAY',
    help: `${help.charAt(0).toLowerCase()}${help.slice(1).replace(/\.$/, '')}, whatever a row says`,
    on: onRequests,
    profile: true,
  } as const;
}

export const optionGroups = [
  {
    title: 'What is copied',
    options: [
      fieldOption('since'),
      fieldOption('before'),
      {
        name: 'include',
        kind: 'list',
        value: 'FOLDER',
        help: 'copy this folder although the rule leaves it out; may be repeated',
        on: onRequests,
        profile: true,
      },
      {
        name: 'exclude',
        kind: 'list',
        value: 'FOLDER',
        help: 'leave this folder out, with those below; may be repeated',
        on: onRequests,
        profile: true,
      },
      {
        name: 'set',
        kind: 'list',
        value: 'COLUMN=VALUE',
        help: 'for every request that leaves this column of the CSV empty; may be repeated',
        on: onRequests,
        profile: true,
      },
      {name: 'with-junk', kind: 'switch', help: 'copy Junk Email too', on: onRequests, profile: true},
      {
        name: 'repair',
        kind: 'choice',
        choices: repairChoices.map(({value}) => value),
        help: 'what may be changed about a message that is refused, whatever a row says: lines breaks lines that are too long, bytes mends bare line ends and drops NUL bytes',
        on: ['guided', 'run', 'resume', 'retry'],
        profile: true,
      },
      {
        name: 'disarm-receipts',
        kind: 'switch',
        help: 'to Office 365: rename Disposition-Notification-To in read mail, or old read receipts are sent again',
        on: ['guided', 'run', 'resume', 'retry'],
        profile: true,
      },
      {name: 'dry-run', kind: 'switch', help: 'print the plan, copy nothing', on: ['guided', 'run']},
      {
        name: 'fix',
        kind: 'text',
        value: 'OUT.csv',
        help: 'write the CSV, mended, to this file and say what is left; signs in nowhere',
        offers: ['file'],
        on: ['check'],
      },
    ],
  },
  {
    title: 'How it runs',
    options: [
      {name: 'yes', kind: 'switch', help: 'start, or replace a file, without a last question'},
      {name: 'no-input', kind: 'switch', help: 'never ask; fail where something is missing'},
      {
        name: 'mailboxes',
        kind: 'number',
        value: 'N',
        least: 1,
        most: 100,
        default: 8,
        help: 'mailboxes at once (a check: 16)',
        on: onRequests,
        profile: true,
      },
      {
        name: 'order',
        kind: 'choice',
        choices: ['listed', 'smallest', 'newest'],
        default: 'listed',
        help: 'mailboxes as listed; the smallest first; or as listed, and in each folder the newest mail first',
        on: ['guided', 'run', 'resume', 'retry'],
        profile: true,
      },
      {
        name: 'connections',
        kind: 'number',
        value: 'N',
        least: 1,
        most: 16,
        default: 6,
        help: 'connections at most, for each mailbox and end',
        on: onMail,
        profile: true,
      },
      {
        name: 'compress',
        kind: 'switch',
        help: 'COMPRESS=DEFLATE where a server offers it: for a slow line',
        on: onMail,
        profile: true,
      },
      {
        name: 'memory',
        kind: 'number',
        value: 'MB',
        least: 8,
        most: 65_536,
        default: 64,
        help: 'mail held in flight',
        on: onMail,
        profile: true,
      },
      {
        name: 'notify',
        kind: 'text',
        value: 'COMMAND',
        help: 'run this at the end, summary.json on its standard input; of a dry run only where given here',
        on: ['guided', 'run'],
        profile: true,
      },
      {
        name: 'state',
        kind: 'text',
        value: 'DIR',
        help: 'where ledgers and profiles are kept',
        offers: ['folder'],
      },
      {
        name: 'reports',
        kind: 'text',
        value: 'DIR',
        default: 'mailferry-reports',
        help: 'where each run writes its report',
        offers: ['folder'],
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
        on: onRequests,
        profile: true,
      },
      {
        name: 'ca',
        kind: 'text',
        value: 'FILE',
        help: 'trust the certificates in this PEM file too',
        offers: ['file'],
        on: onRequests,
        profile: true,
      },
      {
        name: 'allow-plaintext',
        kind: 'switch',
        help: 'accept security "none" for any server, not only for this machine',
        on: onRequests,
        profile: true,
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

/** What --output can ask of the commands that carry nothing out, and of `stop`, which waits for another process. */
const outputs: Partial<Record<CommandName, readonly string[]>> = {
  ...{template: ['auto', 'plain'], completion: ['auto', 'plain']},
  ...{profiles: ['auto', 'plain'], secrets: ['auto', 'plain']},
  ...{runs: ['auto', 'plain', 'jsonl'], report: ['auto', 'plain', 'jsonl']},
  stop: ['auto', 'plain', 'quiet'],
};

/** Those of an option's choices that have an effect on a command. */
export function choicesOn(
  command: CommandName,
  {name, choices}: {readonly name: string; readonly choices: readonly string[]},
): readonly string[] {
  return name === 'output' ? (outputs[command] ?? choices) : choices;
}

/** The groups with the options that a command takes. */
export function optionGroupsOf(command: CommandName): readonly OptionGroup[] {
  return (optionGroups as readonly OptionGroup[])
    .map(({title, options}) => ({
      title,
      options: options
        .filter(option => isTakenBy(command, option))
        .map(option =>
          option.kind === 'choice' ? {...option, choices: choicesOn(command, option)} : option,
        ),
    }))
    .filter(({options}) => options.length > 0);
}

/** @param action of a command that has some; where not given, any of them */
export function isTakenBy(
  command: CommandName,
  {on, profile}: Pick<Option, 'on' | 'profile'>,
  action?: string,
): boolean {
  if (profile === true && command === 'profiles' && (action ?? 'save') === 'save') return true;
  return on === undefined || on.includes(command);
}

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** `with-junk` is `withJunk` in code. */
export function keyOfOption(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

type Listed = (typeof optionGroups)[number]['options'][number];

type ValueOf<Each extends Listed> = Each extends {kind: 'switch'}
  ? boolean
  : Each extends {kind: 'choice'}
    ? Each['choices'][number]
    : Each extends {kind: 'number'}
      ? number
      : Each extends {kind: 'list'}
        ? readonly string[]
        : string;

/** Without a default it stays absent until it is given. */
type Unset = Exclude<Extract<Listed, {kind: 'text' | 'day' | 'choice'}>, {default: string}>;

/** What the command line gives, defaults filled in. `memory` is in MB, `state` and `reports` are folders as typed. */
export type Options = {
  readonly [Each in Exclude<Listed, Unset> as Camel<Each['name']>]: ValueOf<Each>;
} & {readonly [Each in Unset as Camel<Each['name']>]?: ValueOf<Each>};

/** What a profile keeps of them. */
export type RunOptions = {
  readonly [Each in Extract<Listed, {profile: true}> as Camel<Each['name']>]?: ValueOf<Each>;
};
