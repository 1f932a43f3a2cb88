// Where things are kept, and what is told where they cannot be.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const ledger = rowOf('engine/ledger/open', 'program/ledger-place');
const told = rowOf('engine/request', 'program/ledger-place');
const broken = rowOf('engine/batch', 'engine/broken-batch');
const elsewhere = (file: string) => rowOf(file, 'program/another-folder');
const first = (file: string) => rowOf(file, 'program/keychain-first');
const anywhere = 'a run is tried again from anywhere: its certificates and password files are found';
const alone = 'a mailbox whose ledger would be %s fails alone';
const othersFirst = 'ends when all others have ended, and none begins any more';

export const places: readonly Defence[] = [
  ledger('makes the folder of a ledger', '  makeFolder(dirname(file));\n', '', alone),
  told(
    'names the ledger where a folder above it cannot be made',
    '(file === path || path.startsWith(join(file, sep)))',
    'file === path',
    alone,
  ),
  told(
    'or a file is in the way',
    "  'EEXIST',\n",
    '',
    'a file in the way of the ledgers fails the mailboxes by name, and the run has its report',
  ),
  told(
    'or its disk has gone',
    "  'ESTALE',\n",
    '',
    'so does one whose disk goes in the middle of the run: %s',
  ),
  rowOf('engine/open-ledger', 'program/ledger-place')(
    'a dry run makes no ledger, nor a place for one',
    '      if (settings.dryRun) return Ledger.copy(path, pair);\n',
    '',
    'a dry run needs no state folder, and makes none: %s',
  ),
  broken(
    'a mistake of ours is told when nothing goes on unseen',
    'this.#broken ??= {error};',
    'this.#idle.reject(error);',
    othersFirst,
  ),
  broken(
    'and nothing begins after it',
    '      this.#turns.removeAll();\n      this.#gate.open();\n',
    '',
    othersFirst,
  ),
  elsewhere('carry-out')(
    'what is typed names files by where they are',
    'whereTyped(typed.options, system.files.workingDirectory)',
    'typed.options',
    anywhere,
  ),
  elsewhere('program/start-run')(
    'so does what a file says',
    'requests.map(request => requestFrom(request, folder ?? system.files.workingDirectory))',
    'requests',
    anywhere,
  ),
  elsewhere('program/again')('where the run began', 'folder: record.folder,', 'folder: undefined,', anywhere),
  elsewhere('program/start-run')(
    'as often as it is tried again',
    'folder: parts.folder ?? system.files.workingDirectory}',
    'folder: system.files.workingDirectory}',
    anywhere,
  ),
  elsewhere('program/host')(
    'also in a process of its own',
    '...(handed.folder === undefined ? {} : {folder: handed.folder}),',
    '',
    'a run that the screens have handed on knows where it began',
  ),
  first('program/start-run')(
    'a keychain is read while its owner is there',
    '    void readKeychainFirst(jobs, ended.signal);\n',
    '',
    'each password is read when the run starts, and once',
  ),
  first('program/keychain-first')(
    'and not asked again and again where it is not unlocked',
    '        if (error instanceof Error && error.cause instanceof KeychainError) return;\n',
    '',
    'where one %s, it is asked for again at its turn',
  ),
  first('program/keychain-first')(
    'nor once the run has ended',
    '      if (ended.aborted) return;\n',
    '',
    'nothing more is read once the run has ended',
  ),
  rowOf('program/ask', 'program/ask')(
    'what is typed begins where it is typed',
    'textOfSecretReference(fromFolder(typed, files.workingDirectory))',
    'text',
    'a file that is typed is meant from here, wherever the run was first started',
  ),
  rowOf('program/again', 'program/again-answers')(
    'a profile that mends what the run did not asks for something else',
    'withJunk, repair],',
    'withJunk],',
    'a profile that now mends what the run left as it was asks for something else',
  ),
];
