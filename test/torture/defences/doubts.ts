// What a server may have stored although it did not say so, and may show later.
import type {Defence} from '../../helpers/defence.ts';

const doubt = 'engine/copy/doubts.test.ts';
const ghosts =
  'several batches of a killed server turn up when the next message comes, and none is there twice';
const mendedAmongOthers = 'each message is mended in the first run also where others store too: %d lanes';
const notMendedBefore = 'it is not mended before it was looked for: %s';

const unread =
  'where the source does not show one at all, it is named until it does, and nothing is sent twice';
const lookedAt = (about: string, file: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: `engine/copy/${file}.ts`, code, instead},
  test: 'engine/copy/looks.test.ts',
  title,
});

export const doubts: readonly Defence[] = [
  ...(
    [
      ["'SERVERBUG', ", ''],
      ["'UNAVAILABLE', ", ''],
      [", 'INUSE'", ''],
      [' || unavailableWords.test(this.responseText)', ''],
    ] as const
  ).map(([code, instead]) => ({
    about: `looks into a refusal that speaks of the server: ${code}`,
    change: {file: 'engine/imap/errors.ts', code, instead},
    test: 'engine/imap/errors.test.ts',
    title: 'what "%s" refuses may be stored all the same: %s',
  })),
  {
    about: 'stops at the first answer in doubt: what comes behind it is not sent',
    change: {file: 'engine/imap/append.ts', code: ' || result.error.inDoubt)', instead: ')'},
    test: 'engine/imap/wire.test.ts',
    title: 'stops at the first answer in doubt: what comes behind it is not sent, nor asked for',
  },
  {
    about: 'lets no command travel behind a literal that the server may not see the end of',
    change: {
      file: 'engine/imap/append.ts',
      code: "...(endsLiterals ? ['overlapped' as const] : [])",
      instead: "'overlapped' as const",
    },
    test: 'engine/imap/wire.test.ts',
    title: 'a server with %j that greets with %j and minds %j is served by %s',
  },
  {
    about: 'asks for a literal that comes behind another message',
    change: {file: 'engine/imap/append.ts', code: 'small && !behind && ', instead: 'small && '},
    test: 'engine/imap/wire.test.ts',
    title: 'asks also for a small literal that comes behind another message',
  },
  {
    about: 'stops at the first line that asks to wait',
    change: {
      file: 'engine/imap/append.ts',
      code: 'result.error.throttleReset !== undefined || ',
      instead: '',
    },
    test: 'engine/imap/wire.test.ts',
    title: 'stops at the first line that asks to wait: what comes behind it is not sent',
  },
  {
    about: 'announces nothing further once it has stopped',
    change: {
      file: 'engine/imap/append.ts',
      code: 'following !== undefined && !halted',
      instead: 'following !== undefined',
    },
    test: 'engine/imap/wire.test.ts',
    title: 'stops at the first answer in doubt: what comes behind it is not sent, nor asked for',
  },
  {
    about: 'is wary of a folder that it knows nothing of',
    change: {
      file: 'engine/copy/plan-folder.ts',
      code: 'if (work.pair.destinationStatus !== undefined) work.wary = true;',
      instead: '',
    },
    test: doubt,
    title: 'they turn up in a later run that has no ledger, and none is there twice',
  },
  {
    about: 'is wary of a folder that is numbered anew',
    change: {
      file: 'engine/copy/plan-folder.ts',
      code: '    if (anew.destination) work.wary = true;\n',
      instead: '',
    },
    test: doubt,
    title: 'they turn up in a folder that is numbered anew, and none is there twice',
  },
  {
    about: 'flags mail once more that nothing is remembered of',
    change: {
      file: 'engine/copy/settle.ts',
      code: 'new Set([...claimed, ...taken])',
      instead: 'known.size > 0 ? new Set([...claimed, ...taken]) : new Set<number>()',
    },
    test: 'engine/copy/exchange-messages.test.ts',
    title:
      'a flag whose sight in Outlook was still to come arrives, though nothing is remembered of its mail',
  },
  {
    about: 'is wary where something that was sent is not there',
    change: {
      file: 'engine/copy/settle.ts',
      code: 'if (open.some(row => !found.has(row.uid))) work.wary = true;',
      instead: '',
    },
    test: doubt,
    title: ghosts,
  },
  {
    about: 'sends one message alone where it is wary',
    change: {
      file: 'engine/copy/transfer.ts',
      code: 'if (!this.#work.wary || first === undefined || others.length === 0) return messages;',
      instead: 'if (true) return messages;',
    },
    test: doubt,
    title: ghosts,
  },
  {
    about: 'sends no more behind it once the run is stopped',
    change: {
      file: 'engine/copy/transfer.ts',
      code: 'if (!this.#work.wary && !this.#context.stop.finish.aborted) return others;',
      instead: 'if (!this.#work.wary) return others;',
    },
    test: 'engine/copy/one-ahead.test.ts',
    title: 'where %s meanwhile, the others are not sent any more',
  },
  {
    about: 'reads and sends one at a time where it was not stored',
    change: {file: 'engine/copy/transfer.ts', code: '    this.#triedAhead = true;\n', instead: ''},
    test: 'engine/copy/one-ahead.test.ts',
    title: 'where it is not stored, the next ones are read and sent one at a time',
  },
  {
    about: 'waits for its answer before anything else goes out',
    change: {
      file: 'engine/copy/writer.ts',
      code: 'while (this.#work.wary && this.#sent.length > 0) await this.confirm();',
      instead: '',
    },
    test: doubt,
    title: ghosts,
  },
  {
    about: 'believes any other refusal',
    change: {
      file: 'engine/imap/errors.ts',
      code: "return doubtful.has(this.serverResponseCode ?? '') || unavailableWords.test(this.responseText);",
      instead: 'return true;',
    },
    test: 'engine/imap/errors.test.ts',
    title: 'what "%s" refuses may be stored all the same: %s',
  },
  {
    about: 'believes one that asks to wait, and a BAD',
    change: {
      file: 'engine/imap/errors.ts',
      code: "if (this.throttleReset !== undefined || this.responseStatus !== 'NO') return false;",
      instead: '',
    },
    test: 'engine/imap/errors.test.ts',
    title: 'what "%s" refuses may be stored all the same: %s',
  },
  {
    about: 'sends nothing more to a session that is worn out',
    change: {
      file: 'engine/imap/append.ts',
      code: '(halted || (session.life.wornOut && !evenWornOut))',
      instead: 'halted',
    },
    test: 'engine/imap/wire.test.ts',
    title: 'sends nothing more over a session in which Exchange has refused nearly as much as it allows',
  },
  {
    about: 'is wary no longer than until something is stored',
    change: {
      file: 'engine/copy/records.ts',
      code: '    if (stored.length > 0) this.#work.wary = false;\n',
      instead: '',
    },
    test: doubt,
    title: 'they turn up in a later run that has no ledger, and none is there twice',
  },
  {
    about: 'shares no folder among lanes where it is wary',
    change: {
      file: 'engine/copy/mailbox.ts',
      code: 'work.unsettled || work.wary || work.batches.left <= worth',
      instead: 'work.unsettled || work.batches.left <= worth',
    },
    test: doubt,
    title: 'they turn up where lanes share a folder, and none is there twice',
  },
  {
    about: 'counts what it knows before the destination counts what it has',
    change: {
      file: 'engine/copy/writer.ts',
      code: 'status === undefined || status.messages > expected',
      instead:
        'status !== undefined && status.messages > expected && status.messages > this.#context.ledger.count(this.#work.ledgerFolder.id).stored',
    },
    test: 'engine/copy/writer.test.ts',
    title:
      'what another lane writes down while the destination counts hides nothing that was refused and is there',
  },
  ...(
    [
      [
        'sends what was refused mended, though more is there than it knows of',
        'mend-refused',
        'answered.map(each => each.result))))\n        return this.without(answered);',
        'answered.map(each => each.result))))\n        return answered;',
        mendedAmongOthers,
      ],
      [
        'also what is streamed',
        'large',
        '      records.postpone(sent.row, {why, streamed});\n',
        '      records.record([sent], [answer]);\n',
        mendedAmongOthers,
      ],
      [
        'sends it as it was only once',
        'changes',
        'const better = refused && this.mended(body, row);',
        'const better = undefined;',
        mendedAmongOthers,
      ],
      [
        'names it for what it was refused for first',
        'records',
        'message.refusedFor ?? why',
        'why',
        mendedAmongOthers,
      ],
      [
        'looks for it first',
        'folder-work',
        'for (const uid of uids) if (this.mail.mending.isWaiting(uid)) this.unsettled = true;',
        '',
        notMendedBefore,
      ],
      [
        'also where the connection is not used any more',
        'writer',
        'this.#mending.without(answeredBy(sent, answer))',
        'answeredBy(sent, answer).map(each => each.result?.stored === false ? {...each, result: undefined} : each)',
        notMendedBefore,
      ],
    ] as const
  ).map(([what, file, code, instead, title]) => ({
    about: what,
    change: {file: `engine/copy/${file}.ts`, code, instead},
    test: `engine/copy/${title === mendedAmongOthers ? 'repair' : 'refused-and-stored'}.test.ts`,
    title,
  })),
  {
    about: 'looks for what was under way when the connection went before all of it was handed over',
    change: {
      file: 'engine/copy/transfer.ts',
      code: "    if (error.end === 'destination') this.#work.lost(this.#context.ports.elapsed());\n",
      instead: '',
    },
    test: 'engine/copy/small-folders.test.ts',
    title: 'that goes while the socket is full doubles and loses none: %s',
  },
  {
    about: 'keeps what a message is recognised by when it is set aside',
    change: {
      file: 'engine/copy/message-row.ts',
      code: 'row.key === undefined ? unfound.get(row.uid) : undefined',
      instead: 'undefined',
    },
    test: 'engine/copy/failing-message.test.ts',
    title: 'a message that was set aside shows when the folder is counted: it counts as copied, once',
  },
  {
    about: 'counts what has failed as copied where it is found',
    change: {
      file: 'engine/copy/settle.ts',
      code: 'if (work.tally.hasFailed(uid))\n      work.tally.found(',
      instead: '(',
    },
    test: 'engine/copy/failing-message.test.ts',
    title: 'it shows before another one is looked for: it counts as copied, once',
  },
  lookedAt(
    'asks again for headers that were left out',
    'looks',
    'missing().length === 0 ? [] : await readLeftOut(session, missing(), had)',
    'missing()',
    '%s: they are asked for again, and nothing is sent twice',
  ),
  lookedAt(
    'sends nothing that may be what is not shown',
    'settle',
    'if (tail.unseen.length > 0 && ',
    'if (false && ',
    'where the destination does not show one at all and %s, the folder fails until it does, and nothing is sent twice',
  ),
  lookedAt('names what it could not compare', 'unknown-mail', 'work.doubt(uncompared);', '', unread),
  lookedAt('compares it anew with all that is there', 'settle', 'anew ? 1 : ', '', unread),
  lookedAt(
    'sends nothing that was refused and may be what is not shown',
    'folder-tasks',
    'if (unseen.length > 0 && this.#hasRefused(work)) throw new HeadersLeftOut(unseen);',
    '',
    'what was refused and may be what is not shown is not sent by the next run',
  ),
  lookedAt(
    'believes no empty header',
    'looks',
    'if (!isEmptied(message)) had.set',
    'had.set',
    'a header that the %s says is empty is read from the message, and nothing is sent twice',
  ),
  lookedAt(
    'nor that all of a message is empty',
    'looks',
    'body === undefined || body.length === 0 ? undefined : lookOf({...told, body})',
    'body === undefined ? undefined : lookOf({...told, body})',
    'where all of a message is said to be empty that is not, the folder fails, and nothing is sent twice',
  ),
];
