// A mailbox in another language: what is not mail stays behind, what is mail goes, with the flags Exchange sends and no
// SPECIAL-USE capability.
import {expect, test} from 'vitest';
import {selectFolders} from '../../../source/engine/folders/select.ts';
import {languageNames, standardFolders} from '../../servers/exchange/standard-folders.ts';

const choice = {include: [], exclude: [], withJunk: false, provider: 'o365'};
const listed = (path: readonly string[], ...flags: readonly string[]) => ({
  path,
  flags,
  delimiter: '/',
  noSelect: false,
  messages: 1,
});

test.each(languageNames)('%s', language => {
  const folders = standardFolders(language);
  const selected = selectFolders(
    folders.map(({path, specialUse}) => listed(path, ...(specialUse === undefined ? [] : [specialUse]))),
    choice,
  );
  const wanted = folders.map(({mail = true, specialUse}) => mail && !/Trash|Junk/.test(specialUse ?? ''));
  expect(selected.map(each => [each.path, each.selected])).toEqual(
    selected.map((each, index) => [each.path, wanted[index]]),
  );
  expect(selected.every(each => each.selected === (each.reason === undefined))).toBe(true);
  // Whoever makes a folder of such a name below another one keeps mail in it.
  const [, , , , , , , , tasks] = folders;
  const own = selectFolders([listed(['Projects']), listed(['Projects', ...(tasks?.path ?? [])])], choice);
  expect(own.map(each => each.selected)).toEqual([true, true]);
});

test('the Danish mailbox of a public log', () => {
  // https://github.com/Foundry376/Mailspring/issues/1983
  const log: readonly (readonly [string, boolean, ...string[]])[] = [
    ['Arkiv', true],
    ['Kalender', false],
    ['Kalender/Fødselsdage', false],
    ['Kalender/Helligdage i Danmark', false],
    ['Journal', false],
    ['Kladder', true, '\\Drafts'],
    ['Kontakter', false],
    ['Noter', false],
    ['Opgaver', false],
    ['Samtalehistorik', false],
    ['Sendt post', true, '\\Sent'],
    ['Slettet post', false, '\\Trash'],
  ];
  const selected = selectFolders(
    log.map(([path, , ...flags]) => listed(path.split('/'), ...flags)),
    choice,
  );
  expect(selected.map(each => [each.path, each.selected])).toEqual(log.map(([path, goes]) => [path, goes]));
});
