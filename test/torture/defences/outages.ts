// What becomes of a batch while a server is away, and how long a look takes.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const paced = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'engine/link/pace.ts', code, instead},
  test: 'engine/link/pace.test.ts',
  title,
});

const early = 'of a server that never worked are given up early';
const kept = 'of a server that lets others in are soon too many for a mailbox that was never let in';
const meanwhile =
  'of a server that has worked and lets nobody in are waited for by those whose turn comes meanwhile';
const each = 'are waited for longer each time, by chance not alike, until there were too many';

const guarded = rowOf('engine/link/sign-in-guard', 'engine/batch');

const asked = 'a run presents no more than 8 passwords, however many mailboxes begin at once';
const placed = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'engine/link/sign-in-places.ts', code, instead},
  test: title === asked ? 'engine/sign-ins-at-once.test.ts' : 'engine/link/sign-in-guard.test.ts',
  title,
});

const together = rowOf('engine/imap/wire', 'engine/imap/one-at-a-time');
const queued = rowOf('engine/imap/command-queue', 'engine/imap/one-at-a-time');

const cutOff = rowOf('engine/look/foresee', 'engine/look-cut-off');

export const outages: readonly Defence[] = [
  {
    about: 'asks a server again that was away before the first turn',
    change: {file: 'engine/look/measure.ts', code: 'guard: guard.forLook()', instead: 'guard'},
    test: 'engine/batch.test.ts',
    title: 'asks a server again that was away while the mailboxes were measured',
  },
  {
    about: 'takes no server for out of order that lets somebody in',
    change: {file: 'engine/link/sign-in-guard.ts', code: '    this.#errors.delete(server);\n', instead: ''},
    test: 'engine/link/sign-in-guard.test.ts',
    title: 'a server that lets somebody in is out of order for nobody any more',
  },
  {
    about: 'remembers what a look was refused',
    change: {
      file: 'engine/link/sign-in-guard.ts',
      code: 'if (!serversOwn.has(problem.code)) this.failed(endpoint, error, problem);',
      instead: '',
    },
    test: 'engine/link/sign-in-guard.test.ts',
    title: 'of a look before the run a refusal is remembered, and nothing that may be over',
  },
  guarded(
    'presents a password once that was refused while the mailboxes were measured',
    "if (auth === 'password' && wrong !== undefined) return wrong.error;",
    '',
    'presents a wrong password once, however often the mailbox is measured and asked for',
  ),
  guarded(
    'lets one present it after the other',
    '    await before;\n',
    '',
    'presents a wrong password once, however often the mailbox is measured and asked for',
  ),
  {
    about: 'looks into a folder that the server does not count',
    change: {file: 'engine/look/foresee.ts', code: ' && mailbox.status !== undefined)', instead: ')'},
    test: 'engine/look/foresee.test.ts',
    title: 'is told by the check as well as by the run',
  },
  paced('gives a server up that never worked', '!this.serverWorked || ', '', early),
  paced(
    'waits for one that let others in and lets nobody in any more',
    'const others = !this.serverWorked || server.entries !== this.#entries || server.presence.givenUp;',
    'const others = true;',
    meanwhile,
  ),
  paced('remembers who was let in at the last loss', 'this.#entries = server.entries;', '', meanwhile),
  paced('gives a mailbox up that alone is not let in', ' || this.#kept > mostKept', '', kept),
  paced(
    'waits for one that was let in itself',
    'if (!this.#worked && others) this.#kept++;',
    'if (others) this.#kept++;',
    'of a mailbox that was let in itself are waited for as any, though others are let in meanwhile',
  ),
  paced('waits no longer than for so many losses in a row', 'this.#own > limits.reconnects || ', '', each),
  paced('waits longer each time', '500 * 2 ** this.#losses', '1000', each),
  paced('comes back by chance', 'pause.ms * (0.75 + this.#context.ports.random() / 2)', 'pause.ms', each),
  paced(
    'forgets losses when something gets through',
    '    this.#losses = 0;\n    this.#own = 0;\n    this.#unstored = 0;',
    '    this.#unstored = 0;',
    'are forgotten when something gets through',
  ),
  paced(
    'counts connections that go at once as one loss',
    'if (outages !== undefined && outages < this.#outages) await',
    'if (outages === undefined) await',
    'that go at once are one loss',
  ),
  paced(
    'is obeyed by all who wait',
    'await this.hold(asked, why);',
    'await this.hold(Math.min(asked, 1000), why);',
    'is obeyed to the millisecond, and ends once for all who wait',
  ),
  paced(
    'costs no connection',
    '      await this.hold(asked, why);\n      return;',
    '      await this.hold(asked, why);',
    'costs no connection of those that may be lost in a row',
  ),
  {
    about: 'counts who was let in for all mailboxes of the batch',
    change: {file: 'engine/link/pace.ts', code: 'this.#context.server.presence.entered();', instead: ''},
    test: 'engine/batch.test.ts',
    title: 'waits for a server that has gone away, also with the mailboxes whose turn comes meanwhile',
  },
  {
    about: 'shares what is known of a server among the mailboxes of the batch',
    change: {
      file: 'engine/batch.ts',
      code: '        servers: this.#servers,\n',
      instead: '        servers: new Servers(),\n',
    },
    test: 'engine/batch.test.ts',
    title: 'waits for a server that has gone away, also with the mailboxes whose turn comes meanwhile',
  },
  {
    about: 'a look tries nothing again',
    change: {file: 'engine/look/inspect.ts', code: 'reconnects: 0, ', instead: ''},
    test: 'engine/look/inspect.test.ts',
    title: 'a look tries nothing again, and does not wait for minutes on a silent server',
  },
  {
    about: 'a look gives a silent server up after a minute',
    change: {
      file: 'engine/look/inspect.ts',
      code: ', inactivityMs: Math.min(limits.inactivityMs, longestSilence)',
      instead: '',
    },
    test: 'engine/look/inspect.test.ts',
    title: 'a look tries nothing again, and does not wait for minutes on a silent server',
  },
  {
    about: 'a look is one also at the servers',
    change: {file: 'engine/look/inspect.ts', code: 'settings: {...settings, limits},', instead: 'settings,'},
    test: 'engine/look/inspect.test.ts',
    title: 'a look at a server that hangs up is one look',
  },
  {
    about: 'counts what is refused again after a wait over the same connection as another outage',
    change: {
      file: 'engine/link/pace.ts',
      code: '    if (session !== undefined && error instanceof ServerRefused) session.outage = this.#outages;\n',
      instead: '',
    },
    test: 'engine/copy/never-opens.test.ts',
    title: 'ends the run after as many waits as there may be, also over a connection that stands',
  },
  together(
    'takes nothing for an answer that came behind a command that was refused because it came too soon',
    " && pending.command !== 'APPEND' ? crowdedOut(refused) : undefined",
    ' && false ? crowdedOut(refused) : undefined',
    'an EXAMINE that it objects to ends the connection',
  ),
  together(
    'sends no APPEND again over another connection that is refused because it came too soon',
    " && pending.command !== 'APPEND' ? crowdedOut",
    ' ? crowdedOut',
    'an APPEND that it objects to is refused, the others get their answers',
  ),
  together(
    'keeps a command back at a server that takes one at a time',
    'this.manners.oneAtATime && this.#pending.size > 0 ? this.#queue.wait(send) : send()',
    'send()',
    'from then on each command waits for the answer to the one before it',
  ),
  together(
    'lets those that wait hear of a lost connection',
    '    this.#queue.fail(error);\n',
    '',
    'what waits for its turn is told when the connection goes',
  ),
  together(
    'takes a FETCH without an open folder for no objection',
    'for (const later of this.#pending.values()) later.crowded = false;',
    ';',
    'says the same of a FETCH behind a folder that it does not open',
  ),
  together(
    'takes the refusal of a command that came alone for no objection',
    'const objects = pending.crowded && refused.isObjection;',
    'const objects = refused.isObjection;',
    'objects to nothing where one command came alone',
  ),
  queued(
    'sends what waits in the order in which it was asked',
    'this.#waiting.shift()',
    'this.#waiting.pop()',
    'from then on each command waits for the answer to the one before it',
  ),
  {
    about: 'sends mail one by one to a server that takes one command at a time',
    change: {
      file: 'engine/imap/append.ts',
      code: "  if (session.oneAtATime) return 'single';\n",
      instead: '',
    },
    test: 'engine/imap/one-at-a-time.test.ts',
    title: 'an APPEND that it objects to is refused, the others get their answers',
  },
  {
    about: 'counts no connection as lost that was given up to ask one thing at a time',
    change: {
      file: 'engine/link/pace.ts',
      code: '    if (error instanceof ConnectionLost && error.crowded) return this.ready();\n',
      instead: '',
    },
    test: 'engine/copy/one-at-a-time.test.ts',
    title: 'a look meets it once at each end, and finds what there is',
  },
  {
    about: 'measures a mailbox again that is to be asked for one thing at a time',
    change: {
      file: 'engine/look/measure.ts',
      code: 'if (error instanceof ConnectionLost && error.crowded) return open();',
      instead: '',
    },
    test: 'engine/copy/one-at-a-time.test.ts',
    title: 'a mailbox at such a server is measured all the same',
  },
  placed(
    'counts the sign-ins that are under way as if they were refused',
    'this.#refused + this.#underWay >= mostRefusals',
    'this.#refused >= mostRefusals',
    asked,
  ),
  placed(
    'lets nobody wait for a server that is left alone',
    'this.#refused < mostRefusals && ',
    '',
    'no more are under way than may still be refused, and then all are told',
  ),
  placed(
    'nor for one that has let somebody in',
    'this.#refused = Number.NEGATIVE_INFINITY;\n    this.#fill();',
    'this.#refused = Number.NEGATIVE_INFINITY;',
    'once somebody was let in nobody waits',
  ),
  placed(
    'gives a place back',
    '      this.#underWay--;\n      this.#fill();',
    '',
    'one that ends without an answer gives its place to one other, however often it says so',
  ),
  placed(
    'and does not wait for it for ever',
    'setTimeout(end, longestHeld)',
    'setTimeout(() => undefined, longestHeld)',
    'one that has no answer holds up the others no longer than half a minute',
  ),
  placed(
    'and once',
    'if (ended) return;',
    '',
    'one that ends without an answer gives its place to one other, however often it says so',
  ),
  placed(
    'lets one that tries again go before those that were never tried',
    'this.#waiting.pop();',
    'this.#waiting.shift();',
    'one that comes again goes before those that were never tried',
  ),
  cutOff(
    'a look asks nothing more where a pause is wanted',
    '    if (look.cutOff) break;\n',
    '',
    'a server that wants a pause (%s to %s) is asked nothing more',
  ),
  cutOff(
    'and takes that for no search that the server does not know',
    'return error instanceof ServerRefused && !isEnd(error);',
    'return error instanceof ServerRefused;',
    'a server that wants a pause (%s to %s) is asked nothing more',
  ),
  cutOff(
    'a look keeps what it has found before the connection went',
    '  if (error instanceof ConnectionLost) return true;\n',
    '',
    'what a server that hangs up has told by then counts',
  ),
  cutOff(
    'a look goes on at the source without the destination',
    '      if (!isEnd(error)) throw error;\n      this.#endsAt(error, this.#links.target);',
    '      throw error;',
    'a destination that is %s when it is asked for its flags costs none of the source',
  ),
  {
    about: 'a look that was ended has found nothing',
    change: {
      file: 'engine/look/inspect.ts',
      code: 'looks like a lost connection.\n    signal.throwIfAborted();\n',
      instead: 'looks like a lost connection.\n',
    },
    test: 'engine/look-cut-off.test.ts',
    title: 'a check that is ended in the middle of it finds nothing',
  },
  {
    about: 'and says of a folder that the server fails at nothing that it does not do',
    change: {
      file: 'engine/look/foresee.ts',
      code: "{...lastly(why), verdict: 'skip'}",
      instead: "{...why, verdict: 'skip'}",
    },
    test: 'engine/look/foresee.test.ts',
    title: 'is told by the check as well as by the run',
  },
  {
    about: 'what is final speaks of nothing that is still done',
    change: {
      file: 'engine/problems/last-step.ts',
      code: ' ?? (staying.has(code) ? why.nextStep : onceItAnswers)',
      instead: ' ?? why.nextStep',
    },
    test: 'engine/problems/problems.test.ts',
    title: 'what is final speaks of nothing that mailferry would still do',
  },
  {
    about: 'nor does a mailbox that is given up',
    change: {
      file: 'engine/link/outage.ts',
      code: '  return lastly(why);',
      instead: "  return {...why, verdict: 'stop'};",
    },
    test: 'engine/problems/problems.test.ts',
    title: 'what is final speaks of nothing that mailferry would still do',
  },
  {
    about: 'and what helps all the same stays said',
    change: {
      file: 'engine/problems/last-step.ts',
      code: 'staying.has(code) ? why.nextStep : onceItAnswers',
      instead: 'onceItAnswers',
    },
    test: 'engine/problems/problems.test.ts',
    title: 'what helps at the end too is said at the end',
  },
  {
    about: 'a list of what others have asks nothing more where a pause is wanted',
    change: {
      file: 'engine/look/list-mail.ts',
      code: 'error instanceof ConnectionLost || error.throttleReset !== undefined;',
      instead: 'error instanceof ConnectionLost;',
    },
    test: 'engine/look/list-mail.test.ts',
    title: 'the list ends at a destination that is %s, which costs no mail, and says so in words that hold',
  },
];
