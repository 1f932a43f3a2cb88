// What strangers write must not make a parser work for the square of its length.
import type {Defence} from '../../helpers/defence.ts';

export const parsers: readonly Defence[] = [
  {
    about: 'looks for the end of blanks from the first of them only',
    change: {file: 'format/clean.ts', code: '(?<![ \\t])[ \\t]*[\\r', instead: '[ \\t]*[\\r'},
    test: 'format/clean.test.ts',
    title: 'blanks without end cost no more than other text',
  },
  {
    about: 'looks for the end of a control string up to the next one only',
    change: {
      file: 'format/clean.ts',
      code: '[^\\x07\\x1b\\x90\\x98\\x9c-\\x9f]*',
      instead: '[^\\x07\\x1b\\x9c]*',
    },
    test: 'format/clean.test.ts',
    title: '%s',
  },
  {
    about: 'cleans no more of a text than it shows',
    change: {
      file: 'format/clean.ts',
      code: 'text.length > most * 20 + 200 ? text.slice(0, most * 20 + 200) : text',
      instead: 'text',
    },
    test: 'format/clean.test.ts',
    title: 'a text of many megabytes costs no more than its bound',
  },
  {
    about: 'takes the blanks from the ends of a folder’s name, and leaves those in it alone',
    change: {
      file: 'engine/folders/name.ts',
      code: 'name.trim()',
      instead: "name.replace(/^[\\s\\u00a0]+|[\\s\\u00a0]+$/g, '')",
    },
    test: 'engine/folders/map.test.ts',
    title: 'a name of blanks without end inside is mended in one pass',
  },
  {
    about: 'looks for the end of flags no further than to the next ones',
    change: {
      file: 'engine/imap/responses.ts',
      code: '/[( ]FLAGS \\(([^()]*)\\)/i.exec(before)',
      instead: '/[( ]FLAGS \\(([^)]*)\\)/i.exec(before)',
    },
    test: 'engine/imap/syntax.test.ts',
    title: 'what stands before a literal is read in one pass, also where flags begin and never end',
  },
  {
    about: 'looks for the end of a quote once where none ends',
    change: {
      file: 'engine/messages/identity.ts',
      code: 'if (found === null) break;',
      instead:
        'if (found === null) {\n      text += value.slice(at, open + 1);\n      at = open + 1;\n      continue;\n    }',
    },
    test: 'engine/messages/identity.test.ts',
    title: 'an address with thousands of quotes that are never closed costs no more than another',
  },
  {
    about: 'looks for the colon of a header once where it is far away',
    change: {
      file: 'engine/messages/headers.ts',
      code: "if (colon < start) colon = text.indexOf(':', start);",
      instead: "colon = text.indexOf(':', start);",
    },
    test: 'engine/messages/identity.test.ts',
    title: 'headers of many lines without a colon cost no more than others',
  },
  {
    about: 'guesses what only so many unknown columns may mean',
    change: {file: 'request/csv/columns.ts', code: ' && guesses++ < mostGuesses', instead: ''},
    test: 'request/csv/csv.test.ts',
    title: 'a header of half a million names that are none is read, the first of them for what they may mean',
  },
  {
    about: 'looks at a response so far only so often',
    change: {file: 'engine/imap/framing.ts', code: 'if (this.#looked > mostLooked)', instead: 'if (false)'},
    test: 'engine/imap/framing.test.ts',
    title:
      'takes the many literals of a message with many names, and refuses to look again and again at long ones',
  },
  {
    about: 'takes only so many literals in one response',
    change: {
      file: 'engine/imap/framing.ts',
      code: 'if (this.#literals.length >= mostLiterals)',
      instead: 'if (false)',
    },
    test: 'engine/imap/framing.test.ts',
    title: 'refuses a line that never ends, and a response of endless literals',
  },
  {
    about: 'puts the beginning of a literal together twice as long each time',
    change: {file: 'engine/imap/literal.ts', code: 'count *= 2', instead: 'count++'},
    test: 'engine/imap/literal.test.ts',
    title: 'the beginning of a literal in twenty thousand pieces is looked at a few times only',
  },
  {
    about: 'joins the small pieces of a literal',
    change: {
      file: 'engine/imap/literal.ts',
      code: 'if (this.#looseBytes < mostLoose * smallPiece)',
      instead: 'if (false)',
    },
    test: 'engine/imap/literal.test.ts',
    title: 'pieces come out as they went in, small ones joined',
  },
  {
    about: 'looks through what a run says once, however it is cut',
    change: {
      file: 'live/lines.ts',
      code: '    let rest = text;\n',
      instead: "    let rest = parts.splice(0).join('') + text;\n    length = 0;\n",
    },
    test: 'live/lines.test.ts',
    title: 'a line of many megabytes in small pieces costs no more than in large ones',
  },
];
