// Servers that take fewer connections than a run or a check would have there.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const crowd = rowOf('engine/link/crowd', 'engine/link/crowd');
const room = rowOf('engine/link/room', 'engine/link/room');
const whoseEnd = 'what it says behind its greeting may be about the mailbox';
const carriesAll = 'and %s: a run of six at once carries them all';
const findsNothing = 'and %s: a check of six at once finds nothing wrong with any';

export const crowds: readonly Defence[] = [
  {
    about: 'waits for room where a server takes no more connections than the run has there',
    change: {
      file: 'engine/link/pace.ts',
      code: '    if (this.#crowd.isMet(error, why, how)) return this.#crowd.wait(why);\n',
      instead: '',
    },
    test: 'engine/crowded.test.ts',
    title: carriesAll,
  },
  {
    about: 'counts connections that are on their way',
    change: {file: 'engine/link/link.ts', code: 'room.coming(this.#request)', instead: '() => undefined'},
    test: 'engine/crowded.test.ts',
    title: findsNothing,
  },
  {
    about: 'has those who only look know of the others',
    change: {
      file: 'engine/link/servers.ts',
      code: 'return new Servers(this.#shared);',
      instead: 'return new Servers();',
    },
    test: 'engine/crowded.test.ts',
    title: findsNothing,
  },
  {
    about: 'waits for no room for what may be about the mailbox',
    change: {
      file: 'engine/link/outage.ts',
      code: ' && (error as {greeting?: unknown} | null)?.greeting === undefined;',
      instead: ';',
    },
    test: 'engine/link/crowd.test.ts',
    title: whoseEnd,
  },
  {
    about: 'leaves a connection to one who waits to be let in',
    change: {
      file: 'engine/link/link.ts',
      code: '    if (this.#memory.room.sought) return undefined;\n',
      instead: '',
    },
    test: 'engine/link/crowd.test.ts',
    title: 'where another mailbox waits to be let in, nobody asks for one lane more',
  },
  crowd(
    'does not wait for its own connections',
    'if (room.inBeside(request) > 0)',
    'if (room.inBeside(-1) > 0)',
    'is no crowd of the run’s where only the mailbox itself is in, or nobody',
  ),
  crowd(
    'nor without end for those who get nothing through',
    'this.#room.unmoved < longestUnmoved',
    'true',
    'is given up where those who are in get nothing through: they may wait for each other',
  ),
  crowd(
    'but as long as they do get something through',
    'if (moved) this.#room = {changes, unmoved: 0};',
    'this.#room.changes = changes;',
    'is waited for while the run’s other connections there get on, however long that takes',
  ),
  crowd(
    'asks again where one has just left',
    '(moved || room.comingBeside(request) > 0)',
    'room.comingBeside(request) > 0',
    'counts one that has left a moment longer: who is turned away then asks again',
  ),
  crowd(
    'tells of a wait once',
    ' && (this.#shown ?? 0) < ports.now() + ms',
    '',
    'tells of one wait, and of its end once the mailbox is in',
  ),
  room(
    'wakes one for each connection that goes',
    '      wake?.();\n',
    '',
    'wakes one for each that goes, in the order in which they came',
  ),
  room(
    'and nobody who waits no more',
    '    } finally {\n      this.#waiting.delete(wake);\n',
    '    } finally {\n',
    'who has waited long enough, or is stopped, waits no more and is not woken in the place of another',
  ),
];
