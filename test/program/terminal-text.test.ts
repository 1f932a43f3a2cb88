import {expect, test} from 'vitest';
import {showsUnicode} from '../../source/program/terminal-text.ts';

test.each([
  [{}, true],
  [{LANG: 'de_DE.UTF-8'}, true],
  [{LANG: 'C.utf8', TERM: 'xterm'}, true],
  [{LANG: 'C.UTF-8', TERM: 'linux'}, false],
  [{LANG: 'de_DE@euro'}, false],
  [{LANG: 'C.UTF-8', LC_ALL: 'POSIX'}, false],
  [{LANG: 'ISO-8859-1', LC_ALL: '', LC_CTYPE: 'en_US.UTF-8'}, true],
])('characters beyond ASCII with %o: %s', (env, shown) => {
  expect(showsUnicode(env)).toBe(shown);
});
