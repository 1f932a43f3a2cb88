// What is sent without an answer, what is written down of a folder that is done, and how folders are counted.
import type {Defence} from '../../helpers/defence.ts';

const copied =
  (test: string) =>
  (about: string, file: string, code: string, instead: string, title: string): Defence => ({
    about,
    change: {file: `engine/copy/${file}.ts`, code, instead},
    test: `engine/copy/${test}.test.ts`,
    title,
  });
const looked = copied('looked-for');
const finished = copied('finished');
const finish = copied('finish');
const merged = copied('merged');
const counted = copied('count');
const created = copied('create-folders');
const answered = copied('answered-for');
const unwritten = copied('unwritten');

const late = 'a server that stores it a while after the line has gone is waited for, and has it once, %s';
const away = 'a message that is away %s and back when the run %s comes once';
const alikeMoved = 'a message of two alike that gets another UID %s comes once';
const missing = 'a folder is not done where a message was said to be gone: it comes with the next run';
const grown = 'what is new is asked for from where the last run ended, and nothing below it counts';
const keptBefore = 'nor is equal mail missing that the destination has kept since before%s';
const seen = 'people see a folder before the run goes on, where %s';

export const copying: readonly Defence[] = [
  looked(
    'waits for what a server may still be storing',
    'settle',
    'recent && waited < settleMs;',
    'false;',
    late,
  ),
  looked('though somebody has set the clock', 'settle', 'run === settings.run || ', '', late),
  looked(
    'for as long as time goes by, not the clock',
    'settle',
    'const now = context.ports.elapsed();',
    'const now = context.ports.now();',
    late,
  ),
  looked('looks again each time', 'settle', 'if (await tail.lookAgain()) await matchOpen();', '', late),
  looked(
    'looks at nothing below the watermark',
    'whole-list',
    'uid >= from;',
    'uid >= 1;',
    'mail that others brought before is not taken for what was sent, also where it is the last of the folder',
  ),
  looked(
    'looks before it blames a message',
    'folder-verdicts',
    ' && !work.unsettled) this.nameGuilty',
    ') this.nameGuilty',
    'a message that was stored when the line went for it is not blamed for that',
  ),
  finished(
    'the right number is not all: it may be another message',
    'finish',
    '!named || ',
    '',
    'a message that is gone is missed also where somebody else has brought another meanwhile',
  ),
  finished(
    'a folder in which a message was passed over is not done',
    'finish',
    'failed === 0 && whole',
    'failed === 0',
    missing,
  ),
  finish(
    'nor one in which something is open',
    'finish',
    ' && work.tally.open === 0',
    '',
    'a folder in which something is open is not: the next run looks into it',
  ),
  finish(
    'nor one of which more counts as copied than is known to be there',
    'finish',
    'before.asked !== arrived',
    'before.asked < 0',
    'what counts as copied and is not known to be there is no success, and the next run looks for it',
  ),
  merged(
    'one copy is not two messages, though it was named for both',
    'reconcile',
    'if (first === undefined && there',
    'if (there',
    'other mail that is answered with the UID of a message that is there is missing',
  ),
  merged(
    'unless they are equal',
    'reconcile',
    'there.has(destinationUid) && isTwin(row, twin)',
    'isTwin(undefined, twin)',
    'equal mail that the destination keeps once is copied, and that is said',
  ),
  merged(
    'also where it was there before',
    'settle',
    'ledger.put(folder.id, once);',
    'missing.push(row);',
    keptBefore,
  ),
  merged(
    'what is noted of the content of one is noted of its like',
    'kept-once',
    '{...row, ...noted,',
    '{...row,',
    keptBefore,
  ),
  merged(
    'reads both to be sure of it',
    'kept-once',
    'bytes === undefined || bytes !== destination.get(copy)',
    'bytes === destination.get(0)',
    'but other mail is that is like what was there, with %s',
  ),
  merged(
    'and believes it only where nothing else has come',
    'settle',
    "compare !== 'all' && pairing.untaken.length === 0",
    "compare !== 'all'",
    'nor is it believed where something else has come meanwhile: it may be that message, written anew',
  ),
  looked(
    'looks also at what got another UID meanwhile',
    'unknown-mail',
    'looked.looks.length + looked.unseen.length < wanted.length ? await came()',
    'false ? await came()',
    'a message that gets another UID while its copy is looked for does not come twice',
  ),
  looked(
    'also between the look at its header and at its text',
    'unknown-mail',
    'if (unread.size > 0 && pairing.untaken.length > 0) wanted = await came();',
    '',
    alikeMoved,
  ),
  looked(
    'also at the destination',
    'pairing',
    'unread.destination.length === 0 || !(await this.#tail.lookAgain())',
    'unread.destination.length >= 0',
    alikeMoved,
  ),
  looked(
    'also before its header is read there',
    'tail',
    'if (this.#times < mostLooks) await this.look();',
    'if (false) await look();',
    alikeMoved,
  ),
  looked(
    'looks anew at what others brought where what had vanished may be back',
    'plan-folder',
    'work.maybeBack.length > 0 ||',
    '',
    away,
  ),
  looked(
    'also where the run has named nothing',
    'settle',
    "ledger.put(folder.id, {uid, state: 'skipped', strong: false, run, code, reason});",
    '',
    away,
  ),
  looked(
    'once',
    'settle',
    'for (const uid of back) if (!work.atSource.has(uid)) ledger.forget(folder.id, uid);',
    '',
    away,
  ),
  looked(
    'looks first for what the destination said it stored',
    'settle',
    "['stored', 'intended']",
    "['intended', 'stored']",
    'what is there is the message that the destination said it stored, not its twin that it refused',
  ),
  looked(
    'misses what it said it stored and has not',
    'settle',
    "row.state === 'intended' || compare === 'all'",
    "row.state !== 'failed'",
    'a message that the destination said it stored, and has not when it is looked at, is missed',
  ),
  finished(
    'what was deleted meanwhile is not there, by its bytes too',
    'folder-tally',
    '    this.deletedBytes += size;\n',
    '',
    'nor where a copy was deleted while it was copied: the next run counts anew',
  ),
  finished(
    'what came while it was counted is left to the next run',
    'count',
    ' && (uid < uidNext || open)',
    '',
    'mail that comes while a folder is counted is the next run’s, and comes once',
  ),
  counted(
    'knows a folder that was numbered anew while it was counted',
    'count',
    "  if (opened.uidValidity !== work.sourceUidValidity) throw new FolderReplaced('source');\n",
    '',
    'a folder that was numbered anew before it is looked into is begun anew',
  ),
  counted(
    'counts no old mail as new',
    'count',
    'found?.filter(uid => uid >= from && ',
    'found?.filter(uid => ',
    grown,
  ),
  {
    ...counted('nor by its size', 'count', '', '', grown),
    change: {
      file: 'engine/imap/session.ts',
      code: '[...found].filter(([uid]) => uid >= from)',
      instead: '[...found]',
    },
  },
  created(
    'asks Exchange one thing at a time',
    'create-folders',
    'if (missing.size === 0 || target.exchange) await subscribed;',
    'if (missing.size === 0) await subscribed;',
    'Exchange, which takes one command at a time, is asked to create a folder once it has subscribed to another',
  ),
  created(
    'waits until people see a folder',
    'create-folders',
    'if (missing.size === 0 || target.exchange) await subscribed;',
    'if (target.exchange) await subscribed;',
    seen,
  ),
  created(
    'also where others are created',
    'create-folders',
    '  await subscribed;\n  return',
    '  return',
    seen,
  ),
  answered(
    'shares no folder that is to be looked at',
    'mailbox',
    'if (work.unsettled || work.wary ||',
    'if (work.wary ||',
    'lanes that share a folder leave it alone while one of them has mail under way and it is to be looked at',
  ),
  answered(
    'waits for no server once the message is known that it fails at',
    'folder-verdicts',
    '    if (error.inDoubt && work.mail.failing.guilty !== undefined) return;\n',
    '',
    'a message that the server fails at is waited for no longer once it is known to be the one',
  ),
  answered(
    'sends folders together only where nothing is asked for',
    'small-folders',
    'if (!isUnasked(writer.strategy)) {',
    'if (false) {',
    'folders of which each message is asked for go alone: a server that asks to wait is sent nothing more',
  ),
  copied('settled')(
    'leaves nothing to be sent that was found when others may send again',
    'settle',
    '  work.batches.keep(uid => !found.has(uid));\n',
    '',
    'what was found is not left to be sent when the folder counts as settled',
  ),
  answered(
    'sends no further lane into a folder that has failed',
    'mailbox',
    '      if (work.refusal !== undefined) continue;\n',
    '',
    'a folder that one lane cannot read any more ends when the other has left it',
  ),
  unwritten(
    'takes no full disk for a refusal when it gives a connection up',
    'writer',
    'if (!(error instanceof ServerRefused || error instanceof StrategyRefused)) throw error;',
    '',
    'of a connection that is given up: nothing is sent again unseen',
  ),
  unwritten(
    'looks for what it could not write down, whichever lane comes to it',
    'records',
    '    } catch (error) {\n      this.lost();',
    '    } catch (error) {',
    'of a lane that shares its folder: no other lane sends again what it had stored',
  ),
  unwritten(
    'gives back what it held, also where the disk is full then',
    'transfer',
    '      } finally {\n        this.#giveBack();\n      }',
    '      } catch (other) {\n        throw other;\n      }\n      this.#giveBack();',
    'of a batch that was refused: the memory that its messages had is there for others',
  ),
];
