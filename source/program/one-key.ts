// Gives the screens one key in a turn. A slow line or a quick hand brings several keys in one piece; what the first of
// them changes has to be on the screen before the next is heard, or that one is taken by the screen before: lost, or
// done where it was not meant. What no screen listens for yet waits.
type Keyboard = NodeJS.ReadStream;

/** More letters in one piece than anybody types: pasted where the terminal does not say so, and text as a whole. */
const pastedFrom = 32;

const pasteEnd = '\u001B[201~';
const paste = /\u001B\[200~/;
/** A control sequence, a key of the Linux console, what comes with Alt, a run of text, any other key. */
const key = /\u001B\[\[[A-E]|\u001B\[[0-?]*[ -/]*[@-~]|\u001BO.|\u001B[^\u001B]|[^\u0000-\u001F\u007F]+|./gsu;

/** Splits what a terminal sends; a paste in brackets stays in one piece, or in those in which it came. */
export class Keys {
  #pasting = false;

  /** @returns the keys of the piece in their order; together they are the piece */
  of(piece: string): string[] {
    const keys: string[] = [];
    for (let rest = piece; rest !== ''; ) {
      const [part, after] = this.#pasting ? cut(rest, ending(rest)) : cut(rest, beginning(rest));
      keys.push(...(this.#pasting ? [part] : typed(part)).filter(each => each !== ''));
      if (this.#pasting) this.#pasting = !part.endsWith(pasteEnd);
      else this.#pasting = after !== '';
      rest = after;
    }
    return keys;
  }
}

const cut = (text: string, at: number): [string, string] => [text.slice(0, at), text.slice(at)];

function ending(text: string): number {
  const at = text.indexOf(pasteEnd);
  return at < 0 ? text.length : at + pasteEnd.length;
}

function beginning(text: string): number {
  const at = text.search(paste);
  return at < 0 ? text.length : at;
}

function typed(text: string): string[] {
  return [...text.matchAll(key)].flatMap(([each]) => {
    const letters = [...each];
    return each.startsWith('\u001B') || letters.length >= pastedFrom ? [each] : letters;
  });
}

/** The same keyboard, read key by key. */
export function oneKeyAtATime(keyboard: Keyboard): Keyboard {
  const split = new Keys();
  const waiting: string[] = [];
  const listeners = new Set<() => void>();
  let heard: string | undefined;
  let isDue = false;

  const next = () => {
    if (isDue || waiting.length === 0 || listeners.size === 0) return;
    isDue = true;
    setImmediate(() => {
      isDue = false;
      // Between two screens nobody may listen.
      if (listeners.size === 0) return;
      heard = waiting.shift();
      for (const listener of [...listeners]) listener();
      next();
    });
  };
  const fill = () => {
    for (let piece = keyboard.read(); piece !== null; piece = keyboard.read())
      waiting.push(...split.of(String(piece)));
    next();
  };
  const listen = (listener: () => void) => {
    if (listeners.size === 0) keyboard.on('readable', fill);
    listeners.add(listener);
    next();
  };
  const leave = (listener: () => void) => {
    if (listeners.delete(listener) && listeners.size === 0) keyboard.off('readable', fill);
  };
  const read = () => {
    const given = heard ?? null;
    heard = undefined;
    return given;
  };
  const own = (add: boolean) => (event: string, listener: () => void) => {
    if (event !== 'readable') keyboard[add ? 'on' : 'off'](event, listener);
    else if (add) listen(listener);
    else leave(listener);
    return proxy;
  };
  const instead: Readonly<Record<PropertyKey, unknown>> = {
    read,
    ...{on: own(true), addListener: own(true), off: own(false), removeListener: own(false)},
  };
  const proxy = new Proxy(keyboard, {
    get: (target, name) => {
      if (name in instead) return instead[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return proxy;
}
