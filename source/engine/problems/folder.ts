// Problems of folders: reading, choosing, naming and creating them. Catalogue data.
import {countOf} from '../../format/count.ts';
import type {End} from '../events.ts';
import {entry} from './entry.ts';

type Folder = {readonly folder: string};
type Renamed = {readonly from: string; readonly to: string};

export const folderProblems = {
  'folder-unreadable': entry<Folder>(
    'folder',
    'skip',
    p => `The source does not let mailferry read the folder ${p.folder}.`,
    () => 'Check the rights on this folder, then run it again: only what is missing is copied.',
  ),
  'dates-not-known': entry<Folder & {readonly messages: number}>(
    'folder',
    'skip',
    p =>
      `Which mail of ${p.folder} is of the days that are asked for could not be looked up: all of it (${p.messages}) counts as failed.`,
  ),
  'folder-closes-connection': entry<Folder & {readonly end: End}>(
    'folder',
    'skip',
    p =>
      `The ${p.end} server closes the connection whenever the folder ${JSON.stringify(p.folder)} is opened.`,
    p =>
      p.folder.split('/').some(level => level !== level.trim())
        ? 'Its name begins or ends in a blank: rename it in the mail program, then run it again.'
        : 'Rename the folder there, or have the server mended, then run it again: only what is missing is copied.',
  ),
  'folder-never-same': entry<Folder & {readonly end: End}>(
    'folder',
    'skip',
    p =>
      `The ${p.end} server gives the folder ${JSON.stringify(p.folder)} another numbering whenever it is opened.`,
    () => 'Have the server mended (its UIDVALIDITY must stay the same), then run it again.',
  ),
  'headers-left-out': entry<Folder & {readonly uids: readonly number[]}>(
    'folder',
    'skip',
    p =>
      `The destination does not send the headers of ${countOf(p.uids.length, 'message')} in the folder ${JSON.stringify(p.folder)}: what is still to be copied may be there already.`,
    p =>
      `Move the message with UID ${p.uids[0]} there to another folder, or delete it, then run it again: only what is missing is copied.`,
  ),
  'folder-vanished': entry<Folder>(
    'folder',
    'skip',
    p => `The folder ${p.folder} is no longer at the source.`,
    () => 'It was renamed or deleted during the run; run it again to copy it under its new name.',
  ),
  'folder-name-shared': entry<Folder & {readonly reads: string}>(
    'folder',
    'skip',
    p =>
      `Two folders of the source have names that read ${JSON.stringify(p.reads)}: one of them goes by the name ${JSON.stringify(p.folder)} here.`,
    () => 'Its mail is copied as any other. Rename it at the source to have it copied under its own name.',
  ),
  'folders-below-unlisted': entry<Folder>(
    'folder',
    'skip',
    p => `The source says that ${p.folder} has folders below it, but lists none.`,
    () =>
      'Office 365 hides folders with "/" in their name from IMAP: rename them in Outlook, then run it again.',
  ),
  'folder-incomplete': entry<
    Folder & {readonly end: End; readonly listed: number; readonly expected: number}
  >(
    'folder',
    'skip',
    p =>
      `The ${p.end} says that the folder ${JSON.stringify(p.folder)} holds ${countOf(p.expected, 'message')}, and lists ${p.listed}, however often it is asked.`,
    () => 'Run it again: only what is missing is copied. If it stays so, have the server mended.',
  ),
  'folder-not-created': entry<Folder>(
    'folder',
    'skip',
    p => `The destination does not create the folder ${p.folder}.`,
    () => 'Create it there by hand, or check the rights at the destination, then run it again.',
  ),
  'folder-name-reserved': entry<Folder>(
    'folder',
    'skip',
    p => `The destination keeps the folder name ${p.folder} for itself.`,
    () => 'Rename the folder at the source or choose another destination folder, then run it again.',
  ),
  'folder-not-writable': entry<Folder>(
    'folder',
    'skip',
    p => `The destination does not let mailferry add messages to ${p.folder}.`,
    () => 'Check the rights on this folder at the destination, then run it again.',
  ),
  'folder-unverified': entry<Folder>(
    'folder',
    'skip',
    p =>
      `The destination took the mail of ${p.folder}, and does not let mailferry look whether all of it is there.`,
    () => 'Run it again once the server shows the folder: only what is missing is copied.',
  ),
  'destination-folder-missing': entry<Folder>(
    'folder',
    'again',
    p => `The folder ${p.folder} has gone from the destination.`,
    () => 'mailferry creates it again and goes on.',
  ),
  'uidvalidity-changed': entry<Folder & {readonly end: End}>(
    'folder',
    'again',
    p => `The ${p.end} has renumbered the messages of ${p.folder}.`,
    () => 'mailferry compares the folder anew; what is there already is not copied twice.',
  ),

  // Names the destination cannot hold. Told, not failed.
  'name-separator': entry<Renamed & {readonly separator: string}>(
    'folder',
    'skip',
    p => `"${p.from}" becomes "${p.to}": the destination uses "${p.separator}" to separate folders.`,
  ),
  'name-character': entry<Renamed>(
    'folder',
    'skip',
    p => `"${p.from}" becomes "${p.to}": the destination cannot hold the name as it is.`,
  ),
  'name-too-long': entry<Renamed>(
    'folder',
    'skip',
    p => `"${p.from}" becomes "${p.to}": the name is too long for the destination.`,
  ),
  'name-collision': entry<Renamed>(
    'folder',
    'skip',
    p => `"${p.from}" becomes "${p.to}": the destination would take it for another folder's name.`,
  ),

  // Choosing.
  'source-folder-not-found': entry<Folder & {readonly near: readonly string[]}>(
    'mailbox',
    'stop',
    p => `There is no folder ${p.folder} at the source.`,
    p =>
      p.near.length === 0
        ? 'Give the exact path, levels joined by "/", or leave it empty for all folders.'
        : `Give the exact path, levels joined by "/". Near to it: ${p.near.join(', ')}.`,
  ),
  'choice-not-found': entry<Folder & {readonly option: string; readonly near: readonly string[]}>(
    'mailbox',
    'skip',
    p => `${p.option} ${p.folder} matches no folder of the source.`,
    p =>
      p.near.length === 0
        ? 'Give the exact path, levels joined by "/".'
        : `Give the exact path, levels joined by "/". Near to it: ${p.near.join(', ')}.`,
  ),
  'nothing-selected': entry<object>(
    'mailbox',
    'stop',
    () => 'No folder of the source is selected, so there is nothing to copy.',
    () => 'Switch folders on in the check, or change the source folder and the exclusions.',
  ),
};
