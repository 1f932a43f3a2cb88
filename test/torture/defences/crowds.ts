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
      code: 'if (this.#crowd.isMet(error, why, how)) {',
      instead: 'if (this.#crowd.isMet(error, why, {})) {',
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
      code: '    if (this.crowded) return undefined;\n',
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
  {
    about: 'holds nothing while it waits for room',
    change: {
      file: 'engine/link/pace.ts',
      code: '      if (how.holding === true) throw new NoRoom(() => this.#crowd.wait(why));\n',
      instead: '',
    },
    test: 'engine/link/crowd.test.ts',
    title: 'is not waited for by one who holds what others may wait for, before that is given back',
  },
  {
    about: 'gives back the other end before it waits for room at one',
    change: {
      file: 'engine/look/survey.ts',
      code: "    for (const end of ends) if (end.status === 'fulfilled') end.value.logout();\n",
      instead: '',
    },
    test: 'engine/crowded.test.ts',
    title: 'one, and many at the other end: who waits for the first leaves the other',
  },
  {
    about: 'a mailbox whose lane lost its place waits for another',
    change: {
      file: 'engine/copy/mailbox.ts',
      code: 'const full = error instanceof NoRoom;',
      instead: 'const full = false;',
    },
    test: 'engine/crowded.test.ts',
    title: 'and then one: the mailbox whose connection is lost waits for the other one',
  },
  {
    about: 'takes no unknown distance for a near server',
    change: {file: 'engine/link/servers.ts', code: '    if (ms <= 0) return 0;\n', instead: ''},
    test: 'engine/link/crowd.test.ts',
    title: 'a round trip that nobody could measure makes no server near',
  },
  {
    about: 'weighs folders anew that have to go alone',
    change: {file: 'engine/copy/mailbox.ts', code: '        this.#stages.weigh(work);\n', instead: ''},
    test: 'engine/copy/connections.test.ts',
    title: 'small folders that have to go alone get lanes of their own',
  },
  crowd(
    'takes what does not answer for away',
    '(silent ? 0 : room.comingBeside(request))',
    'room.comingBeside(request)',
    'but not where nothing answers: that is away for all of them',
  ),
  crowd(
    'begins to count anew where one has been in meanwhile',
    '    if (entries !== this.#entries) this.#timesNobodyIn = 0;\n',
    '',
    'counts one that has left a moment longer: who is turned away then asks again, however often before',
  ),
  crowd(
    'asks again where one has just left',
    'const others = entries + ',
    'const others = ',
    'counts one that has left a moment longer: who is turned away then asks again, however often before',
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
