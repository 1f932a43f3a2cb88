// Who watches and steers a run of another process: nobody who may not, and none of them holds it up.
import type {Defence} from '../../helpers/defence.ts';

const served = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'live/server.ts', code, instead},
  test: 'live/server.test.ts',
  title,
});

const steered = (about: string, code: string, instead: string): Defence => ({
  about,
  change: {file: 'dashboard/control-keys.ts', code, instead},
  test: 'dashboard/dashboard.test.tsx',
  title: 'one mailbox alone is paused, goes next, stops and is tried again; the grid shows it at once',
});

const show = 'if (!this.#greeted || this.#follows || this.#full) return;';
const command = '%j is read as the command %j';

export const watchers: readonly Defence[] = [
  served(
    'only who knows the token is listened to',
    'hello === undefined || !equal(hello.token, token)',
    'hello === undefined',
    'who leaves is not told any more; who sends anything else is shut out',
  ),
  served(
    'nobody else sees what changes',
    show,
    'if (this.#follows || this.#full) return;',
    'who has not said the token is told nothing: not what changes, nor the end',
  ),
  served(
    'nor the end',
    '    if (this.#greeted) {\n      this.#send(snapshot);\n      sendLine(this.#socket, last);\n    }',
    '    this.#send(snapshot);\n    sendLine(this.#socket, last);',
    'who has not said the token is told nothing: not what changes, nor the end',
  ),
  served(
    'another version is refused in words',
    'hello.version !== protocolVersion',
    'false',
    'who leaves is not told any more; who sends anything else is shut out',
  ),
  served(
    'so many watch and no more',
    'watchers.size >= mostWatchers',
    'false',
    'twenty may watch, and one more is shut out until another has left',
  ),
  served(
    'and one more is told why',
    '  sendLine(socket, {refused} satisfies FromRun);\n',
    '',
    'twenty may watch, and one more is shut out until another has left',
  ),
  served(
    'and who has left makes room',
    "    socket.on('close', () => among.delete(watcher));\n",
    '',
    'twenty may watch, and one more is shut out until another has left',
  ),
  served(
    'who only stops the run is heard, however many watch',
    'if (isOneTooMany && !this.#ordersOnly) {',
    'if (isOneTooMany) {',
    'twenty may watch, and one more is shut out until another has left',
  ),
  served(
    'and is told the end',
    '[...watchers, ...ordering]',
    '[...watchers]',
    'twenty may watch, and one more is shut out until another has left',
  ),
  served(
    'frames for one that takes nothing do not fill the memory',
    show,
    'if (!this.#greeted || this.#follows) return;',
    'one that takes nothing is kept no frames for, and has the last one',
  ),
  served(
    'nor do events',
    '    if (this.#full) {\n      this.#behind = true;\n      return;\n    }\n',
    '',
    'one that reads too slowly is told the run as it stands in place of what it missed',
  ),
  served(
    'who follows the events is sent no frames',
    show,
    'if (!this.#greeted || this.#full) return;',
    'who follows hears each event once, behind the run as it stood, and the end',
  ),
  served(
    'a watcher that breaks off does not break the run',
    "    socket.on('error', () => undefined);\n",
    '',
    'a watcher that goes away in the middle of a frame takes nobody along',
  ),
  served(
    'a run that has ended is not looked for',
    '    removeLive(folder);\n',
    '',
    'several watch one run, each sees it change, and all hear the end',
  ),
  {
    about: 'a line without end fills no memory',
    change: {file: 'live/lines.ts', code: '    if (length > most) socket.destroy();\n', instead: ''},
    test: 'live/server.test.ts',
    title: 'who leaves is not told any more; who sends anything else is shut out',
  },
  {
    about: 'who is shut out is not heard any more',
    change: {file: 'live/lines.ts', code: '      if (socket.destroyed) return;\n', instead: ''},
    test: 'live/lines.test.ts',
    title: 'nothing is taken behind the line that ended the connection',
  },
  {
    about: 'a run does what it is made for and nothing else it could do',
    change: {
      file: 'live/protocol.ts',
      code: 'verbs.find(each => each === word)',
      instead: 'word as Verb | undefined',
    },
    test: 'live/protocol.test.ts',
    title: command,
  },
  {
    about: 'and to a request that can be one',
    change: {
      file: 'live/protocol.ts',
      code: "return typeof about === 'number' && Number.isInteger(about) ? {do: verb, about} : undefined",
      instead: 'return {do: verb, about: about as number}',
    },
    test: 'live/protocol.test.ts',
    title: command,
  },
  {
    about: 'a run that cannot be understood is left',
    change: {file: 'live/client.ts', code: '        opened.destroy();\n', instead: ''},
    test: 'live/server.test.ts',
    title: 'a run that says what cannot be understood is left, with a word',
  },
  {
    about: 'a patch that makes no snapshot is none',
    change: {file: 'live/client.ts', code: '!isSnapshot(after)', instead: 'false'},
    test: 'live/server.test.ts',
    title: 'a run that says what cannot be understood is left, with a word',
  },
  {
    about: 'believes no file that says nothing of where a run listens',
    change: {
      file: 'live/folder.ts',
      code: "    if (version !== 1 || typeof run !== 'string' || typeof pid !== 'number') return undefined;\n",
      instead: '',
    },
    test: 'live/folder.test.ts',
    title: 'a file that does not say where a run listens is none',
  },
  steered('a mailbox that stops is not said to be paused', 'mailbox.stopping !== undefined', 'false'),
  steered('nor asked to stop again where it stops now', "mailbox.stopping === 'abort'", 'false'),
];
