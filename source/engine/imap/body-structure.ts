// What a message is made of, read from BODYSTRUCTURE (RFC 9051 section 7.5.2) without building it: one pass over the
// text, whatever it holds. Servers send odd ones; what cannot be read is undefined.

export type Structure = {
  /** Parts in all multiparts together, those of embedded messages too; a message without parts has none. */
  readonly parts: number;
  /** Levels below the message itself. */
  readonly depth: number;
  /** Bytes that its longest line has at the least: a text of so many bytes in so few lines. */
  readonly longestLine: number;
};

type List = {
  /** A body, or a list that says something about one. */
  readonly body: boolean;
  readonly depth: number;
  /** Elements so far. */
  index: number;
  multipart: boolean;
  /** Its subtype has come, so that lists are parts no longer. */
  named: boolean;
  type: string;
  subtype: string;
  bytes: number;
};

/** Deeper than any server nests; hostile answers end here. */
const deepest = 1000;
/** A string, a literal's announcement or an atom; or a parenthesis. */
const token = /"(?:[^"\\]|\\.)*"|[()]|[^\s()"]+/gy;
const blank = /\s*/gy;

/** @param text of the response, what literals hold left out @param from where the value begins */
export function readStructure(text: string, from: number): Structure | undefined {
  let parts = 0;
  let depth = 0;
  let longestLine = 0;
  const stack: List[] = [];
  for (let at = from; ; ) {
    blank.lastIndex = at;
    blank.exec(text);
    token.lastIndex = blank.lastIndex;
    const found = token.exec(text)?.[0];
    if (found === undefined) return undefined;
    at = token.lastIndex;
    const top = stack.at(-1);
    if (found === '(') {
      if (stack.length >= deepest) return undefined;
      const isPart = top?.body === true && !top.named && (top.index === 0 || top.multipart);
      const isEmbedded = top?.body === true && !top.multipart && isMessage(top) && top.index === 8;
      if (isPart) {
        top.multipart = true;
        parts++;
      }
      const list = newList(top === undefined || isPart || isEmbedded, (top?.depth ?? -1) + 1);
      if (list.body) depth = Math.max(depth, list.depth);
      stack.push(list);
    } else if (found === ')') {
      stack.pop();
      const below = stack.at(-1);
      if (below === undefined) return top === undefined ? undefined : {parts, depth, longestLine};
      below.index++;
    } else {
      if (top === undefined) return undefined;
      if (top.body) longestLine = Math.max(longestLine, tell(top, found));
      top.index++;
    }
  }
}

function newList(body: boolean, depth: number): List {
  return {body, depth, index: 0, multipart: false, named: false, type: '', subtype: '', bytes: 0};
}

function isMessage({type, subtype}: List): boolean {
  return type === 'message' && (subtype === 'rfc822' || subtype === 'global');
}

/** Takes in an element of a body. @returns what its longest line has at the least, where that can be told now */
function tell(list: List, element: string): number {
  if (list.multipart) {
    list.named = true;
    return 0;
  }
  const word = element.replace(/^"|"$/g, '').toLowerCase();
  if (list.index === 0) list.type = word;
  else if (list.index === 1) list.subtype = word;
  else if (list.index === 6) list.bytes = numberIn(word);
  const lines = list.type === 'text' ? 7 : isMessage(list) ? 9 : -1;
  if (list.index !== lines || !/^\d/.test(word)) return 0;
  const count = numberIn(word);
  return Math.max(0, Math.ceil((list.bytes - 2 * count) / (count + 1)));
}

function numberIn(word: string): number {
  return /^\d{1,15}$/.test(word) ? Number(word) : 0;
}
