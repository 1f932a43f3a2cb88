// What brings a run to an end, whatever a server does again and again.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const refused = rowOf('engine/copy/transfer', 'engine/copy/source-refuses');
const alone = rowOf('engine/copy/alone', 'engine/copy/source-refuses');
const run = rowOf('profiles/shell-command', 'profiles/secrets');
const identity = rowOf('engine/auth/identity-network', 'engine/auth/odd-provider');
const turn = rowOf('engine/link/link', 'engine/stopped-early');
const judged = rowOf('engine/copy/folder-verdicts', 'engine/copy/never-still');
const watched = rowOf('live/client', 'live/server');
const late = rowOf('engine/copy/mailbox', 'engine/copy/late-lanes');
const tail = rowOf('engine/copy/tail', 'engine/copy/never-still');
const unknown = rowOf('engine/copy/unknown-mail', 'engine/copy/never-still');
const paced = rowOf('engine/link/pace', 'engine/link/pace');
const asked = rowOf('engine/link/outage', 'engine/link/pace');
const unheard = 'of a run that %s its journal tells, in the list and at the start';
const levels = rowOf('files/make-folder', 'files/make-folder');
const large = 'names a large message that is refused with %s, and copies the others of its folder';
const inVain = 'that comes again and again is obeyed for a day in which nothing gets through';

export const unending: readonly Defence[] = [
  late(
    'waits for no connection that is of no use any more',
    'for (const link of [this.#links.source, this.#links.target]) link.noMore();',
    '{}',
    'are not waited for when all is copied, where they are not %s',
  ),
  watched(
    'a run holds nobody who has left',
    '      if (left) opened.unref().end();\n',
    '',
    'who leaves before the line stands is held by no run',
  ),
  judged(
    'sends nothing for ever to a folder that forgets it each time',
    ' && work.replacedInAll <= mostReplacedInAll',
    '',
    'in a folder that is made anew, and empty, whenever a message is stored: it fails by name',
  ),
  tail(
    'looks so often at a destination where each message gets another UID all the while',
    'if (this.#times < mostLooks) await this.look();',
    'if (true) await this.look();',
    'at the destination: the folder fails by name, and another one is copied',
  ),
  unknown(
    'and at a source',
    '++rounds > mostLooks ? [] : ',
    '',
    'at the source: what cannot be compared is named, and another folder is copied',
  ),
  unknown(
    'sends nothing of it that it could not compare',
    'if (rounds > mostLooks) work.doubt(missed);',
    '',
    'at the source: what cannot be compared is named, and another folder is copied',
  ),
  turn(
    "a stop waits for nobody else's sign-in",
    'return await Promise.race([turn, stopped]);',
    'return await turn;',
    'nor for another request of its mailbox, which presents the password before it',
  ),
  identity(
    'waits for no answer of an identity provider without end',
    "        reject(Object.assign(new Error('It does not answer'), {code: 'ETIMEDOUT'}));\n        sent.destroy();\n",
    '',
    'is waited for no longer where its answer comes byte by byte',
  ),
  run(
    'waits for no output that is held open by what a command left behind',
    'for (const stream of [child.stdin, child.stdout]) stream?.destroy();',
    '',
    'is waited for no longer than until %s, whoever holds its output open',
  ),
  refused(
    'takes no refusal for progress',
    '      const messages = await fetched;\n',
    '      this.#links.source.pace.progress();\n      const messages = await fetched;\n',
    'ends the run where every message is refused for now',
  ),
  alone(
    'remembers which message the source fails at',
    "        if (error.inDoubt) work.mail.failing.failed([uid], 0, context.meter.amount, 'source');\n",
    '',
    'names the one message that the source fails at, and copies the others',
  ),
  alone(
    'blames a large message for its own refusal, not its folder',
    'if (!unsent || sessions.target.wire.closed) throw error;',
    'throw error;',
    large,
  ),
  alone(
    'takes a large message that was refused once for no empty one',
    'again || !refused',
    'true',
    'streams a large message that was refused once',
  ),
  asked(
    'waits no longer than a timer can count',
    'Math.min(Math.max(value, backOff.least), backOff.most)',
    'Math.max(value, backOff.least)',
    'is obeyed %s',
  ),
  asked(
    'asks no server without end that asks for no pause',
    'Math.min(Math.max(value, backOff.least), backOff.most)',
    'Math.min(value, backOff.most)',
    'is obeyed %s',
  ),
  paced(
    'gives a server up that asks for pauses for ever',
    'const inVain = this.#leftAlone >= backOff.most && now >= this.#heldUntil;',
    'const inVain = false;',
    inVain,
  ),
  paced('counts what lanes wait for together once', ' && now >= this.#heldUntil;', ';', inVain),
  paced('and forgets it when something gets through', '    this.#leftAlone = 0;\n', '', inVain),
  paced(
    'renews no token without end with which nothing gets through',
    'this.#replaced < (inTime ? mostEnded : mostReplaced)',
    'inTime || this.#replaced < mostReplaced',
    'tokens that end in their time are too many in a row before anything has got through',
  ),
  paced(
    'a look waits for no back-off',
    'limits.reconnects === 0 || inVain',
    'inVain',
    'is told by a look, which waits for none',
  ),
  levels(
    'makes no folders above a root that is not there',
    '    if (above(at) === at) break;\n',
    '',
    'the levels that are missing end at the root, also where the drive or the share is not there',
  ),
  rowOf('live/client', 'program/first-look')(
    'waits for no run whose process is suspended',
    "      reject(new RunLost(silentWords(found), 'silent'));\n      opened.destroy();\n",
    '',
    unheard,
  ),
  rowOf('program/first-look', 'program/first-look')(
    'and tells of it what its journal has',
    'said ?? readJournal(runFolder(state, run))',
    'said',
    unheard,
  ),
];
