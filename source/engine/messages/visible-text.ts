// What there is to read in HTML. Only for comparing: nothing of it is ever shown. Each character is looked at a few times
// at most, however hostile it is.

/** Elements whose content is not for reading. */
const unseen = /^(?:style|script|title|xml)$/;
const tagName = /<\/?([a-z][a-z0-9]*)|<[!?]/y;

/** `whole` is false where there are names of characters that are not known here; they are left out. */
export function visibleText(html: string): {readonly text: string; readonly whole: boolean} {
  // Of the same length, as toLowerCase is not.
  const lower = html.replaceAll(/[A-Z]+/g, letters => letters.toLowerCase());
  const pieces: string[] = [];
  const missing = new Set<string>();
  /** Where it stands from there on; what was not found once is not looked for again. */
  const find = (what: string, from: number): number => {
    if (missing.has(what)) return -1;
    const at = lower.indexOf(what, from);
    if (at === -1) missing.add(what);
    return at;
  };
  let at = 0;
  for (let open = lower.indexOf('<'); open !== -1; open = lower.indexOf('<', at)) {
    pieces.push(html.slice(at, open));
    at = open;
    tagName.lastIndex = open;
    const found = tagName.exec(lower);
    if (found === null) {
      pieces.push('<');
      at = open + 1;
      continue;
    }
    const comment = lower.startsWith('<!--', open) ? find('-->', open + 4) : -1;
    if (comment !== -1) {
      at = comment + 3;
      continue;
    }
    at = tagEnd(lower, open, find);
    const [, name = ''] = found;
    const close = unseen.test(name) && lower[open + 1] !== '/' ? find(`</${name}`, at) : -1;
    if (close !== -1) at = close;
  }
  pieces.push(html.slice(at));
  return unescaped(pieces.join(''));
}

/** Behind the tag; a > in quotes does not end it. */
function tagEnd(text: string, open: number, find: (what: string, from: number) => number): number {
  for (let at = open; at < text.length; at++) {
    const char = text[at];
    if (char === '>') return at + 1;
    if (char === '"' || char === "'") {
      const close = find(char, at + 1);
      if (close !== -1) at = close;
    }
  }
  return text.length;
}

/** Those of Latin-1 from 160 on, as HTML has named them first. */
const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';
const named: ReadonlyMap<string, string> = new Map([
  ...latin1.split(' ').map((name, index) => [name, String.fromCharCode(160 + index)] as const),
  ...Object.entries({amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", euro: '€', hellip: '…', bull: '•'}),
  ...Object.entries({ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', trade: '™'}),
]);

function unescaped(text: string): {readonly text: string; readonly whole: boolean} {
  let whole = true;
  const plain = text.replaceAll(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,31}));/g,
    (_, decimal?: string, hex?: string, name?: string) => {
      const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
      const char = name === undefined ? charOf(code) : named.get(name);
      if (char === undefined) whole = false;
      return char ?? '';
    },
  );
  return {text: plain, whole};
}

function charOf(code: number): string | undefined {
  const isScalar = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isScalar ? String.fromCodePoint(code) : undefined;
}
