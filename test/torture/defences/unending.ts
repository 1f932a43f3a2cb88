// What brings a run to an end, whatever a server does again and again.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const refused = rowOf('engine/copy/transfer', 'engine/copy/source-refuses');
const large = 'names a large message that is refused with %s, and copies the others of its folder';

export const unending: readonly Defence[] = [
  refused(
    'takes no refusal for progress',
    `      const messages = await fetched;
      // A refusal is none: a source that refuses everything must not be asked for ever.
      this.#links.source.pace.progress();
      return messages;
`,
    '      this.#links.source.pace.progress();\n      return await fetched;\n',
    'ends the run where every message is refused for now',
  ),
  refused(
    'remembers which message the source fails at',
    "        if (error.inDoubt) this.#work.failing.failed([uid], 0, this.#context.meter.amount, 'source');\n",
    '',
    'names the one message that the source fails at, and copies the others',
  ),
  refused(
    'blames a large message for its own refusal, not its folder',
    'if (!unsent || this.#sessions.target.wire.closed) throw error;',
    'throw error;',
    large,
  ),
  refused(
    'takes a large message that was refused once for no empty one',
    'again || !refused',
    'true',
    'streams a large message that was refused once',
  ),
];
