// Problems of single messages. Catalogue data.
import {countOf, formatCount} from '../../format/count.ts';
import type {End} from '../events.ts';
import {entry} from './entry.ts';
import {pages} from './microsoft.ts';
import {byteSize, powershellText} from './words.ts';

/** '3 lines were broken, 2 line ends were mended'. */
function mendedWords({lines, lineEnds, nuls}: {lines: number; lineEnds: number; nuls: number}): string {
  const counted = (count: number, one: string, many: string, done: string) =>
    count === 0 ? [] : [`${formatCount(count)} ${count === 1 ? `${one} was` : `${many} were`} ${done}`];
  return [
    ...counted(lines, 'break', 'breaks', 'put into lines that were too long'),
    ...counted(lineEnds, 'bare line feed', 'bare line feeds', 'given a carriage return'),
    ...counted(nuls, 'NUL byte', 'NUL bytes', 'taken out'),
  ].join(', ');
}

type Beyond = {
  readonly most: number;
  /** Seen from outside, or not counted to the end. */
  readonly atLeast?: boolean;
};

const leastOf = ({atLeast = false}: Beyond) => (atLeast ? 'at least ' : '');

export const messageProblems = {
  'message-too-large': entry<{readonly size: number; readonly limit?: number}>(
    'message',
    'skip',
    p =>
      p.limit === undefined
        ? `The message has ${byteSize(p.size)}, more than the destination takes.`
        : `The message has ${byteSize(p.size)}; the destination takes at most ${byteSize(p.limit)}.`,
    () =>
      'Have the limit raised at the destination (Office 365: Set-Mailbox -MaxReceiveSize 150MB), then run it again.',
  ),
  'messages-too-large': entry<{
    readonly messages: number;
    readonly limit: number;
    readonly assumed: boolean;
    readonly login: string;
  }>(
    'mailbox',
    'skip',
    p =>
      `${p.messages === 1 ? '1 message is' : `${formatCount(p.messages)} messages are`} larger than the destination ${p.assumed ? 'usually takes' : 'takes'} (${byteSize(p.limit)}).`,
    p =>
      p.assumed
        ? `Raise the limit before the run: Set-Mailbox -Identity ${powershellText(p.login)} -MaxReceiveSize 150MB -MaxSendSize 150MB.`
        : 'Have the limit raised at the destination, else they are named as failed; the others are copied.',
    p => (p.assumed ? pages.limits : undefined),
  ),
  'messages-unfit': entry<{
    readonly parts: number;
    readonly deep: number;
    readonly lines: number;
  }>(
    'mailbox',
    'skip',
    p => {
      const all = p.parts + p.deep + p.lines;
      const why = [
        ...(p.parts === 0 ? [] : [`${p.parts} for too many parts`]),
        ...(p.deep === 0 ? [] : [`${p.deep} for what is nested too deep`]),
        ...(p.lines === 0 ? [] : [`${p.lines} for a line that is too long`]),
      ].join(', ');
      return `The destination will refuse ${all === 1 ? '1 message' : `${all} messages`}: ${why}.`;
    },
    p =>
      p.lines > 0
        ? 'With --repair lines the run breaks such lines; the others are named as failed, and all the rest is copied.'
        : `${p.parts + p.deep === 1 ? 'It is' : 'They are'} named as failed; all the rest is copied.`,
    () => pages.limits,
  ),
  'forecast-bounds': entry<object>(
    'run',
    'skip',
    () =>
      'What Office 365 refuses was looked for in sizes and, for messages over 8 KB, in what they are made of. Not looked at: headers, and single long lines, which only the whole message shows; those are named one by one as they are refused.',
  ),
  'forecast-cut': entry<{
    readonly messages: number;
    /** The server does not say. */
    readonly untold?: boolean;
  }>(
    'mailbox',
    'skip',
    p =>
      `Of ${p.messages === 1 ? '1 message' : `${p.messages} messages`} it was not looked at what they are made of, since the source ${p.untold === true ? 'does not tell it' : 'takes its time'}.`,
    () => 'Nothing is to be done: what Office 365 refuses of them is named as it is refused.',
  ),
  'look-cut-off': entry<{
    /** A sentence. */
    readonly why: string;
    /** It wants to be left alone for a while. */
    readonly pause: boolean;
    /** Of the source, up to which was looked; absent where it is the destination. */
    readonly folder?: string;
  }>(
    'mailbox',
    'skip',
    p =>
      p.folder === undefined
        ? `${p.why} Which flags and keywords it keeps was not looked into.`
        : `${p.why} The check has ended there, at the folder ${JSON.stringify(p.folder)}: messages, bytes and time are at least as told, and what of the rest will be refused is not known.`,
    p =>
      `Check it again ${p.pause ? 'after that pause' : 'for the rest'}; a run needs none of it.${
        p.folder === undefined || p.pause
          ? ''
          : ' If it ends at the same folder each time, rename that folder: the server may hang up whenever it is opened.'
      }`,
  ),
  'folder-names-changed': entry<{readonly folders: number; readonly examples: readonly string[]}>(
    'mailbox',
    'skip',
    p =>
      `${p.folders === 1 ? '1 folder gets' : `${p.folders} folders get`} another name at the destination: ${p.examples.join(', ')}${p.folders > p.examples.length ? ' ...' : ''}.`,
  ),
  'destination-too-small': entry<{readonly bytes: number; readonly free: number}>(
    'mailbox',
    'skip',
    p =>
      `The destination has ${byteSize(p.free)} free, and ${byteSize(p.bytes)} are to be copied, less what is there already.`,
    () => 'Make room there or have its quota raised; what does not fit is named and copied by a later run.',
  ),
  'exchange-source-settings': entry<{readonly login: string}>(
    'run',
    'skip',
    () =>
      'Office 365 may send a read receipt for mail that is downloaded, and tells estimated sizes, unless a setting of the mailbox says otherwise.',
    p =>
      `Before the run: Set-CASMailbox -Identity ${powershellText(p.login)} -ImapUseProtocolDefaults $false -ImapSuppressReadReceipt $true -ImapEnableExactRFC822Size $true.`,
    () => pages.imapSettings,
  ),
  'exchange-slash-folders': entry<object>(
    'run',
    'skip',
    () =>
      'Office 365 does not show folders with "/" in their name to IMAP, at any level, and seldom tells that there are any.',
    () => 'Ask for such folders, and rename them in Outlook before the run; mail in them is not copied.',
  ),
  'message-refused': entry<object>(
    'message',
    'skip',
    () => 'The destination refuses this message.',
    () => 'Read what the server says; running it again tries only the missing messages.',
  ),
  'message-too-many-alike': entry<object>(
    'message',
    'skip',
    () => 'The destination keeps only so many equal copies of a message, and has as many of this one.',
    () => 'Equal copies of it are in that mailbox already; only this one is missing there.',
  ),
  // What Exchange refuses without a reason, found by looking at the message.
  'message-line-too-long': entry<Beyond & {readonly bytes: number}>(
    'message',
    'skip',
    p =>
      `A line of the message has ${leastOf(p)}${formatCount(p.bytes)} bytes; the destination takes at most ${formatCount(p.most)}, so it refuses the message.`,
    () =>
      'Run it again with --repair lines, which breaks such lines, or forward it as an attachment at the source.',
  ),
  'message-too-many-parts': entry<Beyond & {readonly parts: number}>(
    'message',
    'skip',
    p =>
      `The message has ${leastOf(p)}${formatCount(p.parts)} parts; the destination takes at most ${formatCount(p.most)}.`,
    () => 'Save its attachments at the source and store them elsewhere.',
    () => pages.limits,
  ),
  'message-too-deep': entry<Beyond & {readonly depth: number}>(
    'message',
    'skip',
    p =>
      `The message holds messages and parts ${leastOf(p)}${p.depth} levels deep; the destination takes at most ${p.most}.`,
    () => 'Open the innermost message at the source and save it by itself.',
    () => pages.limits,
  ),
  'message-charset-unknown': entry<{readonly charset: string}>(
    'message',
    'skip',
    p =>
      `A header of the message, or of one inside it, is written in the charset "${p.charset}", which the destination does not know.`,
    () => 'Open it at the source and save it anew with another subject or sender name, then run it again.',
  ),
  'message-is-receipt': entry<object>(
    'message',
    'skip',
    () => 'The message is a delivery or read receipt, of a kind that the destination refuses.',
    () => 'Nothing is lost but the receipt; print it at the source if it is needed.',
  ),
  'message-has-nul': entry<object>(
    'message',
    'skip',
    () => 'The message holds NUL bytes, which the destination does not take.',
    () => 'Run it again with --repair bytes, which takes them out, or save it anew at the source.',
  ),
  'message-has-bare-lines': entry<object>(
    'message',
    'skip',
    () => 'Lines of the message end with a bare line feed, which the destination does not take.',
    () => 'Run it again with --repair bytes, which mends the ends of its lines.',
  ),
  'message-refused-unexplained': entry<{readonly onlyLines?: boolean}>(
    'message',
    'skip',
    p =>
      p.onlyLines === true
        ? 'The destination refuses this message without a reason. It is too large to be kept: only its size and its lines were looked at, and nothing stands out.'
        : 'The destination refuses this message without a reason, and nothing stands out in it.',
    () =>
      'If many are refused like this, the mailbox is most likely full: look at its quota (Get-EXOMailboxStatistics). If it is one, forward it as an attachment at the source.',
  ),
  'message-vanished': entry<object>(
    'message',
    'skip',
    () => 'The message is no longer at the source.',
    () => 'It was moved or deleted during the run; run it again to copy it from where it is now.',
  ),
  'message-without-data': entry<object>(
    'message',
    'skip',
    () => 'The source says yes but sends no data for this message.',
    () => 'Open it at the source: move it to another folder or save it anew, then run it again.',
  ),
  'message-not-compared': entry<object>(
    'message',
    'skip',
    () =>
      'The source does not send the headers of this message, and the destination holds mail that it may be.',
    () => 'Open it at the source: move it to another folder or save it anew, then run it again.',
  ),
  'message-breaks-connection': entry<{readonly end: End}>(
    'message',
    'skip',
    p => `The ${p.end} breaks the connection whenever this message is sent.`,
    () => 'Look at it at the source (a virus, a damaged message, its size); the others are copied.',
  ),
  'message-fails-server': entry<{readonly end: End}>(
    'message',
    'skip',
    p =>
      p.end === 'source'
        ? 'The source fails whenever it is asked for this message, and sends the others.'
        : 'The destination fails whenever this message is sent, and takes the others.',
    () =>
      'Look at it at the source (damaged, or made in an unusual way); running it again tries it once more.',
  ),
  'copy-deleted': entry<object>(
    'message',
    'skip',
    () => 'It was copied by an earlier run and is no longer at the destination.',
    () => 'Somebody moved or deleted it there; it is not brought back.',
  ),
  'message-unreadable': entry<object>(
    'message',
    'skip',
    () => 'The source refuses to hand out this message.',
    () => 'Open it at the source; if it opens there, move it to another folder and run it again.',
  ),
  'exchange-stub': entry<object>(
    'message',
    'skip',
    () => 'Exchange sends a notice in place of this message because it cannot convert it.',
    () => 'Open the original in Outlook on the web and save or forward it from there.',
  ),
  'keywords-dropped': entry<{
    readonly keywords: readonly string[];
    /** Messages that have it, by keyword, where they were counted. */
    readonly counts?: ReadonlyMap<string, number>;
  }>('message', 'skip', p => {
    const named = p.keywords.map(keyword => {
      const count = p.counts?.get(keyword);
      return count === undefined
        ? keyword
        : `${keyword} (${count === 1 ? '1 message' : `${count} messages`})`;
    });
    return `The destination keeps no such flags or keywords, so these are left out: ${named.join(', ')}.`;
  }),
  'date-unreadable': entry<object>(
    'message',
    'skip',
    () =>
      'The date on which it arrived cannot be read at the source: the destination gives it the day of its copying.',
  ),
  'dates-unreadable': entry<{readonly messages: number}>(
    'folder',
    'skip',
    p =>
      `The source tells no date of arrival that can be read for ${p.messages === 1 ? '1 message' : `${p.messages} messages`}: the destination gives the day of copying. The mail itself keeps its own date.`,
  ),
  'receipt-disarmed': entry<object>(
    'message',
    'skip',
    () =>
      'Changed, as asked for: it asks for a read receipt no more; Disposition-Notification-To was renamed.',
  ),
  'receipts-asked': entry<{readonly messages: number}>(
    'folder',
    'skip',
    p =>
      `${p.messages === 1 ? '1 message that was read asks' : `${p.messages} messages that were read ask`} for a read receipt, which Office 365 may send once more.`,
    () => 'With --disarm-receipts a run asks for none any more: it renames the line in these messages.',
  ),
  'message-repaired': entry<{
    readonly lines: number;
    readonly lineEnds: number;
    readonly nuls: number;
  }>('message', 'skip', p => `Changed after the destination had refused it: ${mendedWords(p)}.`),
  'messages-repaired': entry<{readonly messages: number}>(
    'folder',
    'skip',
    p =>
      `${p.messages === 1 ? '1 message was' : `${p.messages} messages were`} changed after the destination had refused ${p.messages === 1 ? 'it' : 'them'}, as asked for: messages.csv says what.`,
  ),
  'receipts-disarmed': entry<{readonly messages: number}>(
    'folder',
    'skip',
    p =>
      `${p.messages === 1 ? '1 message asks' : `${p.messages} messages ask`} for a read receipt no more: Disposition-Notification-To was renamed.`,
  ),
  'over-quota': entry<object>(
    'mailbox',
    'stop',
    () => 'The destination mailbox is full.',
    () => 'Make room there or have its quota raised, then run it again: it goes on where it stopped.',
  ),
  'over-quota-likely': entry<{
    /** Messages in a row, without a reason; absent where it says that it is unavailable. */
    readonly refused?: number;
  }>(
    'mailbox',
    'stop',
    p =>
      p.refused === undefined
        ? 'The destination keeps saying that it is unavailable for this mailbox: most likely the mailbox is full.'
        : `The destination has refused ${countOf(p.refused, 'message')} in a row without a reason, and stored none: most likely the mailbox is full.`,
    p =>
      `See its size and quota (Get-EXOMailboxStatistics, Get-EXOMailbox -Properties ProhibitSendReceiveQuota), make room, then run it again; ${
        p.refused === undefined
          ? 'else see the service health.'
          : 'if it has room, run it again all the same: what was refused is tried last then.'
      }`,
    () => pages.limits,
  ),
};
