// A Dovecot whose answer with the third message of a folder is meddled with, so that our reader makes nothing of it.
import type {Meddling} from '../servers/meddler.ts';

/** What is before it, its items before the body, and the size of that. */
const third = /(?<before>^|\r\n)\* 3 FETCH \((?<items>UID 3 [^\r\n]*)BODY\[\] \{(?<size>\d+)\}(?=\r\n)/;
export type Answer = {readonly items: string; readonly size: number};

/** As Dovecot answers. */
export const usual = ({items, size}: Answer): string => `* 3 FETCH (${items}BODY[] {${size}}`;

/** As the two readers ask for the message alone. */
export const asks = {
  ours: '(UID FLAGS INTERNALDATE BODY.PEEK[])',
  other: '(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])',
};

/**
 * @param instead of each answer with it, up to its body
 * @param others what is made of everything else the server says
 */
export function answering(
  instead: (answer: Answer) => string,
  others = (text: string) => text,
): {meddling: Meddling; asked: string[]} {
  const asked: string[] = [];
  return {
    asked,
    meddling: {
      line: line => {
        const items = /^\S+ UID FETCH 3 (\(.*BODY.*\))/.exec(line)?.[1];
        if (items !== undefined) asked.push(items);
        return false;
      },
      down: (chunk, wire) => {
        const text = chunk.toString('latin1');
        const {before = '', items = '', size = ''} = third.exec(text)?.groups ?? {};
        const changed =
          size === ''
            ? others(text)
            : text.replace(third, () => before + instead({items, size: Number(size)}));
        if (changed === text) return false;
        wire.answer(Buffer.from(changed, 'latin1'));
        return true;
      },
    },
  };
}
