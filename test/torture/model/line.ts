// The lines between mailferry and its two servers: pieces that pass are counted, and at a chosen one something happens.
import {type Meddler, startMeddler} from '../../servers/meddler.ts';
import type {At, Fault} from './steps.ts';

export type Passing = {
  readonly faults: readonly Fault[];
  /**
   * Told of every piece that passes, on either line, with how many have: before anything is done to it. Nothing more
   * passes until what it begins has ended, or two seconds, so that a seed plays alike each time.
   */
  passed(pieces: number): Promise<void> | undefined;
};

export type Lines = Record<At, Meddler> & {
  /** Counts anew. */
  watch(passing: Passing): void;
  /**
   * Nothing passes any more, and whatever is connected is cut, until the next `watch`.
   * @param late what has left for a server arrives there; its connection is cut when it answers
   */
  sever(late: boolean): void;
  close(): void;
};

/** ms */
const longestHold = 2000;

const quiet: Passing = {faults: [], passed: () => undefined};

/** @param ports of the two servers on loopback */
export async function startLines(ports: Readonly<Record<At, number>>): Promise<Lines> {
  let passing = quiet;
  let pieces = 0;
  let severed: 'not' | 'at once' | 'late' = 'not';
  let open: Fault[] = [];
  let held: (() => void)[] | undefined;
  const line = (at: At, port: number) => {
    const pass = <Piece extends string | Buffer>(
      piece: Piece,
      up: boolean,
      forward: (part: string | Buffer) => void,
      cut: () => void,
    ): true => {
      const go = () => {
        if (held !== undefined) {
          held.push(go);
          return;
        }
        pieces += 1;
        const busy = severed === 'not' ? passing.passed(pieces) : undefined;
        if (busy !== undefined) hold(busy);
        if (severed !== 'not') {
          if (severed === 'late' && up) forward(piece);
          else cut();
          return;
        }
        const fault = open.find(each => each.at === at && each.piece <= pieces);
        open = open.filter(each => each !== fault);
        if (fault === undefined || fault.how === 'after') forward(piece);
        else if (fault.how === 'half') forward(piece.slice(0, Math.floor(piece.length / 2)));
        if (fault !== undefined) cut();
      };
      go();
      return true;
    };
    return startMeddler(port, {
      line: (text, wire) => pass(text, true, part => wire.say(String(part)), wire.cut),
      down: (chunk, wire) => pass(chunk, false, part => wire.answer(part), wire.cut),
    });
  };
  const hold = (busy: Promise<void>) => {
    held = [];
    // What it waits for may itself be held: a server locks a folder while a message is only half there.
    const enough = new Promise(resolve => setTimeout(resolve, longestHold).unref());
    // What broke is told where the run is waited for.
    void Promise.race([busy.catch(() => undefined), enough]).then(() => {
      const waiting = held ?? [];
      held = undefined;
      for (const go of waiting) go();
    });
  };
  const [source, destination] = await Promise.all([
    line('source', ports.source),
    line('destination', ports.destination),
  ]);
  const cutAll = () => {
    source.cutAll();
    destination.cutAll();
  };
  return {
    source,
    destination,
    watch(next) {
      if (severed === 'late') cutAll();
      passing = next;
      pieces = 0;
      severed = 'not';
      open = [...next.faults];
    },
    sever(late) {
      severed = late ? 'late' : 'at once';
      if (!late) cutAll();
    },
    close() {
      source.close();
      destination.close();
    },
  };
}
