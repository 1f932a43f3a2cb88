// Folders whose names a destination refuses: they go under plainer ones, and no two of them meet.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const refused = (file: string) => rowOf(`engine/${file}`, 'engine/copy/refused-names');
const created = refused('copy/create-folders');
const errors = refused('imap/errors');
const plainer = 'a folder whose name is refused is created by a plainer one, and that is told';
const noTwo = 'no two folders meet in a plainer name, with the ledger and without';
const otherReason = 'a folder that is refused for another reason is tried by no other name: %s';

export const names: readonly Defence[] = [
  refused('copy/folder-tasks')(
    'a folder whose name is refused is tried by a plainer one',
    'this.#verdicts.mindsName(work, refusal)',
    'this.#verdicts.mindsName(work, refusal) && false',
    plainer,
  ),
  created(
    'what is there under that name is looked at as any folder',
    '      if (place.destinationStatus !== undefined) stands(work);\n',
    '',
    plainer,
  ),
  refused('look/survey')(
    'and is known from the list',
    'name => statuses.get(knownAs(name, folded)),',
    'name => statuses.get(knownAs(delimiter, folded)),',
    plainer,
  ),
  refused('copy/folder-work')(
    'whoever shows the folder is told of its name',
    "    this.#emit({type: 'folder-renamed', request: this.#request, folder, destination});\n",
    '',
    plainer,
  ),
  rowOf('progress/fold-folder', 'progress/reduce')(
    'and shows it',
    '      folder.destination = event.destination;\n',
    '',
    'a folder that gets another name at the destination is shown by that',
  ),
  refused('folders/plain-names')(
    'of two that would meet each has a number',
    'alike.names.length === 1 ? plain : ',
    'alike.names.length > 0 ? plain : ',
    noTwo,
  ),
  refused('folders/give-way')('without brackets', 'plain === true ?', 'plain === undefined ?', noTwo),
  rowOf('engine/folders/plain-names', 'engine/folders/plain-names')(
    'which it keeps when the other has gone',
    'standing ?? (alike',
    '(alike',
    'of two that would meet each has a number of its own, and keeps it when the other has gone',
  ),
  refused('folders/plain-names')(
    'no more of the path is changed than is minded',
    'let from = levels.length - 1;',
    'let from = this.#destination.base;',
    'a folder goes to the same place whether the folder above it goes too or not',
  ),
  errors(
    'a code that says something else is believed',
    "return code === 'CANNOT' || this.folderGone;",
    'return true;',
    otherReason,
  ),
  errors('so are words', '!otherGrounds.test(this.responseText)', 'true', otherReason),
  errors(
    'what the server says it has created is created under no other name',
    "this.command !== 'CREATE' || ",
    '',
    'nor one that is said to be created, and is not there',
  ),
  created(
    'a folder that gets no name fails by its own',
    '          work.goTo(own);\n',
    '',
    'where the plainer name is refused too, the folder fails by its own',
  ),
  created(
    'what passes is waited for, also with the plainer name',
    'if (mindsName(work, refusal)) continue;',
    'continue;',
    'a server that asks to wait before it creates the plainer name is waited for',
  ),
  rowOf('engine/folders/plain-names', 'engine/folders/plain-names')(
    'names that may be one at the server get numbers',
    'const folded = (name: string): string => foldCase(name.normalize(',
    'const folded = (name: string): string => (name.normalize(',
    'of two that would meet each has a number of its own, and keeps it when the other has gone',
  ),
  rowOf('engine/copy/create-folders', 'engine/copy/create-folders')(
    'what stands is ready before anything is waited for',
    '      if (place.destinationStatus !== undefined) stands(work);\n',
    '',
    'a folder that stands under its plainer name is ready at once, and stays so where the connection goes',
  ),
  rowOf('engine/copy/writer', 'engine/copy/writer')(
    'a folder of which nothing is told may hold what was refused',
    'status === undefined || status.messages',
    'status !== undefined && status.messages',
    'a destination that does not tell (%s) may hold anything',
  ),
];
