// Problems of the run itself: the ledger, the reports, the request, this computer. Catalogue data.
import type {End} from '../events.ts';
import {entry} from './entry.ts';

type Path = {readonly path: string};
type Held = Path & {readonly holder?: {readonly run: string; readonly pid: number}; readonly stop?: string};

/** Why a ledger was set aside. */
const unusable = {
  'ledger-damaged': 'is damaged',
  'ledger-other-pair': 'belongs to another pair of mailboxes',
  'ledger-older': 'was written by an earlier mailferry',
} as const;

export const runProblems = {
  'ledger-damaged': entry<Path>(
    'mailbox',
    'stop',
    p => `The ledger ${p.path} is damaged.`,
    () => 'Run it again: it is set aside then, and what is at the destination is not copied twice.',
  ),
  'ledger-other-pair': entry<Path>(
    'mailbox',
    'stop',
    p => `The ledger ${p.path} belongs to another pair of mailboxes.`,
    () => 'Give another --state folder, or move the ledger away.',
  ),
  'ledger-older': entry<Path>(
    'mailbox',
    'stop',
    p => `The ledger ${p.path} was written by an earlier mailferry.`,
    () => 'Move it away and run it again: what is at the destination is found there and not copied twice.',
  ),
  'ledger-set-aside': entry<Path & {readonly why: keyof typeof unusable; readonly kept?: string}>(
    'mailbox',
    'again',
    p => `The ledger ${p.path} ${unusable[p.why]}.`,
    p =>
      `${p.kept === undefined ? 'A dry run leaves it there and does without' : `It is kept as ${p.kept}, and a new one was begun`}: what is at the destination is compared and not copied twice. Only copies that somebody deleted there come again.`,
  ),
  'ledger-newer': entry<Path>(
    'mailbox',
    'stop',
    p => `The ledger ${p.path} was written by a newer mailferry.`,
    () => 'Update mailferry, then run it again.',
  ),
  'ledger-locked': entry<Held>(
    'mailbox',
    'stop',
    p =>
      p.holder === undefined
        ? `Another run is working with the ledger ${p.path}.`
        : `The run ${p.holder.run} (process ${p.holder.pid}) is working on these two mailboxes.`,
    p =>
      p.holder === undefined
        ? 'Wait until the other run has ended, or stop it.'
        : `Wait until it has ended, or stop it: ${p.stop ?? `mailferry stop ${p.holder.run}`}`,
  ),
  'ledger-unwritable': entry<Path>(
    'mailbox',
    'stop',
    p => `The ledger ${p.path} cannot be written.`,
    () => 'Check the rights on this folder, or choose another with --state.',
  ),
  'disk-full': entry<object>(
    'run',
    'stop',
    () => 'There is no space left on the disk of this computer.',
    () => 'Make room, or choose folders elsewhere with --state and --reports, then run it again.',
  ),
  'file-not-allowed': entry<object>(
    'run',
    'stop',
    () => 'This computer does not allow mailferry to write one of its files.',
    () => 'Check the rights, or choose folders elsewhere with --state and --reports.',
  ),
  'secret-missing': entry<{readonly end: End; readonly login: string; readonly why: string}>(
    'mailbox',
    'stop',
    p => `The password for ${p.login} (${p.end}) is missing. ${p.why}`,
    () => 'Mend that, then run it again.',
  ),
  'list-not-whole': entry<{
    /** A sentence. */
    readonly why: string;
    /** Of the destination, for people. */
    readonly folder: string;
    /** Nor those after it. */
    readonly rest: boolean;
  }>(
    'mailbox',
    'skip',
    p =>
      `${p.why} The report does not list what others have put into ${JSON.stringify(p.folder)}${p.rest ? ', and into the folders after it' : ''}.`,
    () => 'Nothing of this request is missing for it; run it again to have the whole list.',
  ),
  'out-of-memory': entry<object>(
    'run',
    'stop',
    () => 'This computer has too little memory for the work in flight.',
    () => 'Lower --memory, --mailboxes or --connections, then run it again: it goes on where it stopped.',
  ),
  'stopped-by-user': entry<object>(
    'mailbox',
    'stop',
    () => 'Stopped before it was finished.',
    () => 'Run it again to go on where it stopped.',
  ),
  'dry-run': entry<object>(
    'message',
    'skip',
    () => 'A dry run copies nothing; this message would be copied.',
    () => 'Run it without --dry-run to copy it.',
  ),
  'not-reached': entry<object>(
    'message',
    'skip',
    () => 'The run ended before this message had its turn.',
    () => 'Run it again to go on where it stopped.',
  ),
  'not-found-after-append': entry<object>(
    'message',
    'again',
    () => 'The destination said it stored this message, but it is not there.',
    () => 'Run it again; if it stays so, look for a rule at the destination that moves or removes it.',
  ),
  'copies-deleted': entry<{readonly messages: number; readonly folder: string}>(
    'folder',
    'skip',
    p =>
      `${p.messages === 1 ? '1 message copied earlier is' : `${p.messages} messages copied earlier are`} no longer in ${p.folder} at the destination.`,
    p =>
      `Somebody moved or deleted ${p.messages === 1 ? 'it there; it is' : 'them there; they are'} not brought back. To have ${p.messages === 1 ? 'it' : 'them'} again, run it with another --state folder.`,
  ),
  'copied-by-others': entry<{readonly messages: number; readonly folder: string}>(
    'folder',
    'skip',
    p =>
      `${p.messages === 1 ? '1 message that is' : `${p.messages} messages that are`} also among the copies came to ${p.folder} from somebody else meanwhile, and ${p.messages === 1 ? 'is' : 'are'} there more than once.`,
    () =>
      'Where another row of the list brings the same mail into that folder, leave it so. If the same mailbox is being copied from another computer, or with another --state folder, let only one of them go on, and then delete one of each there; what is kept counts as copied.',
  ),
  'present-unlike': entry<{readonly messages: number; readonly folder: string}>(
    'folder',
    'skip',
    p =>
      `${p.messages === 1 ? '1 message counts' : `${p.messages} messages count`} as present in ${p.folder} for ${p.messages === 1 ? 'its' : 'their'} headers alone: what is there does not read alike, and the destination may have written it anew.`,
    p =>
      `Compare ${p.messages === 1 ? 'it' : 'them'} with the source. If something else is there, copy this folder into another destination folder.`,
  ),
  'equal-mail-merged': entry<{readonly messages: number; readonly folder: string}>(
    'folder',
    'skip',
    p =>
      `${p.messages === 1 ? '1 message is' : `${p.messages} messages are`} equal to others in ${p.folder}, and the destination keeps equal mail once.`,
    () =>
      'Nothing is missing, and nothing is to do: what is kept once counts as copied as often as the source has it.',
  ),
  'internal-error': entry<object>(
    'run',
    'stop',
    () => 'mailferry has made a mistake of its own.',
    () => 'Run it again: it goes on where it stopped. Please report it with the detail.',
  ),
};
