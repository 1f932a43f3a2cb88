// Files of ours: written into no other's, and read by nobody else.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const history = 'program/history.test.ts';
const disk = 'report/disk.test.ts';
const folder = 'files/make-folder.test.ts';
const whole = rowOf('files/whole-file', 'files/whole-file');
const part = rowOf('files/part-file', 'files/whole-file');
const small = rowOf('files/replace-private', 'files/replace-private');

export const files: readonly Defence[] = [
  whole(
    'a new file is put in its place when it is whole',
    'return putWhole(path, chunks, async part => {\n    try {',
    "await (await open(path, 'wx', fileMode)).close();\n  return putWhole(path, chunks, async part => {\n    await rm(path);\n    try {",
    'a new file is not there before it is whole, so that a kill leaves no half one',
  ),
  whole(
    'and takes no other’s place',
    '      await link(part, path);\n',
    '      await rename(part, path);\n',
    'a new file takes no other’s place, ',
  ),
  whole(
    'nor where the disk has no links',
    "  await (await open(path, 'wx', fileMode)).close();\n",
    '',
    'a new file takes no other’s place, ',
  ),
  whole(
    'and none is left that could not be put there',
    '    await rm(path, {force: true});\n',
    '',
    'a new file that cannot be put in its place leaves nothing there',
  ),
  part(
    'two that write the same file write into parts of their own',
    "randomBytes(6).toString('hex')",
    "'0'.repeat(12)",
    'two programs that replace the same file at once leave it as one of them wrote it',
  ),
  whole(
    'a part is made anew, whatever somebody lays there at the last moment',
    "open(part, 'wx', fileMode)",
    "open(part, 'w', fileMode)",
    'what lies in the way of the part is not written into',
  ),
  whole(
    'keeps what is written to its owner',
    'const fileMode = 0o600;',
    'const fileMode = 0o644;',
    'of a link that is replaced, the other file stays',
  ),
  whole(
    'what killed programs have left is removed',
    '      removeOldParts(part);\n',
    '',
    'what a killed program has left is removed once it is old',
  ),
  part(
    'once it is old',
    'if (now - lstatSync(left).mtimeMs > oldAfter) ',
    '',
    'what a killed program has left is removed once it is old',
  ),
  whole(
    'a file takes the place only of what was known to be there',
    'if (only !== undefined && !(await holds(path, only)))',
    'if (only !== undefined && only.length < 0)',
    'takes the place only of what is known',
  ),
  whole(
    'byte by byte',
    ' && (await readFile(path)).equals(bytes)',
    '',
    'takes the place only of what is known',
  ),
  {
    about: 'a list that somebody has changed since it was read is not saved over',
    change: {file: 'wizard/csv/save.tsx', code: 'replacing === text && known', instead: 'replacing === text'},
    test: 'wizard/csv/mend.test.tsx',
    title: 'saves over no file that somebody has changed since it was read',
  },
  {
    about: 'nor is one that was changed while it was mended',
    change: {
      file: 'program/fix-command.ts',
      code: 'options.yes && (isRead ? {only: original} : true)',
      instead: 'options.yes',
    },
    test: 'program/fix-command.test.ts',
    title: 'replaces no file that was changed while it was mended',
  },
  {
    ...whole(
      'a file that could not be written leaves no half one',
      '    await rm(part, {force: true});\n',
      '',
      '',
    ),
    test: 'report/writer.test.ts',
    title: 'leaves the file as it was, and no half one',
  },
  small(
    'two that write a small file write into parts of their own',
    'const part = newPart(path);',
    "const part = path + '.part'; rmSync(part, {force: true});",
    'two programs that write the same small file at once leave it as one of them wrote it',
  ),
  small(
    'makes a small file anew, whatever somebody lays there at the last moment',
    ", flag: 'wx'",
    '',
    'a small file is not written into what lies in its way',
  ),
  small(
    'keeps small files to their owner',
    'mode: 0o600, ',
    '',
    'a small file is not written into what lies in its way',
  ),
  small(
    'leaves nothing of a small one that could not be written',
    '    rmSync(part, {force: true});\n',
    '',
    'a small file that cannot be put in its place leaves nothing there',
  ),
  small(
    'nor what killed programs have left of it',
    '    removeOldParts(part);\n',
    '',
    'what a killed program has left of a small file is removed once it is old',
  ),
  {
    about: "keeps the report's tables to their owner from their first line on",
    change: {
      file: 'report/disk.ts',
      code: 'open(path, constants.O_RDWR | constants.O_CREAT, fileMode)',
      instead: 'open(path, constants.O_RDWR | constants.O_CREAT, 0o644)',
    },
    test: disk,
    title: 'a folder that was there and a table that grows are their owner’s alone from the first line on',
  },
  {
    about: "keeps the report's folder to its owner, also one that was there",
    change: {file: 'report/disk.ts', code: '    await chmod(path, folderMode);\n', instead: ''},
    test: disk,
    title: 'a folder that was there and a table that grows are their owner’s alone from the first line on',
  },
  {
    about: 'takes a name for a run only where no file has it',
    change: {file: 'program/history.ts', code: "{flag: 'wx', mode: 0o600}", instead: '{mode: 0o600}'},
    test: history,
    title: 'a name is taken for a run only where no file has it, and for nobody else',
  },
  {
    about: 'keeps the name of a run to its owner',
    change: {file: 'program/history.ts', code: "{flag: 'wx', mode: 0o600}", instead: "{flag: 'wx'}"},
    test: history,
    title: 'a name is taken for a run only where no file has it, and for nobody else',
  },
  {
    about: 'refuses a state folder that others may write to',
    change: {
      file: 'program/history.ts',
      code: '      if (isShared(folder)) throw sharedState(state);\n',
      instead: '',
    },
    test: history,
    title: 'a state folder that everybody may write to is refused',
  },
  {
    about: 'sees through a link to a folder that others may write to',
    change: {
      file: 'files/make-folder.ts',
      code: 'const whole = realpathSync(folder);',
      instead: 'const whole = folder;',
    },
    test: folder,
    title: 'a folder that everybody may write to, or put another in the place of, is shared',
  },
  {
    about: 'sees a folder that others may put another in the place of',
    change: {
      file: 'files/make-folder.ts',
      code: 'if (open(at) === everybodyWrites) return true;',
      instead: '',
    },
    test: folder,
    title: 'a folder that everybody may write to, or put another in the place of, is shared',
  },
  {
    about: 'takes what is below a sticky folder for its owner’s',
    change: {
      file: 'files/make-folder.ts',
      code: 'if (open(at) === everybodyWrites) return true;',
      instead: 'if ((open(at) & everybodyWrites) !== 0) return true;',
    },
    test: folder,
    title: 'a folder that everybody may write to, or put another in the place of, is shared',
  },
  {
    about: 'keeps each folder that it makes to its owner',
    change: {
      file: 'files/make-folder.ts',
      code: 'mkdirSync(each, {mode: 0o700});',
      instead: 'mkdirSync(each);',
    },
    test: folder,
    title: 'each level is made, for this user alone, once',
  },
  {
    about: 'keeps the ledger to its owner, also one that came back from a copy',
    change: {file: 'engine/ledger/open.ts', code: 'fchmodSync(opened, 0o600);', instead: '{}'},
    test: 'engine/ledger/ledger-file.test.ts',
    title: 'the ledger can be read by its owner only',
  },
  {
    about: 'keeps who holds a ledger to its owner',
    change: {file: 'engine/ledger/holder.ts', code: ', {mode: 0o600}', instead: ''},
    test: 'engine/ledger/ledger-file.test.ts',
    title: 'the ledger can be read by its owner only',
  },
  {
    about: "keeps the journal's files to their owner",
    change: {
      file: 'live/journal.ts',
      code: 'writeFileSync(eventsFile(folder), head, {mode: 0o600});',
      instead: 'writeFileSync(eventsFile(folder), head);',
    },
    test: 'live/journal.test.ts',
    title: 'it stays small, however much happens',
  },
  {
    about: 'keeps the socket to its owner',
    change: {
      file: 'live/server.ts',
      code: "if (platform !== 'win32') chmodSync(address, 0o600);",
      instead: '',
    },
    test: 'live/server.test.ts',
    title: 'the socket is for its owner alone, and is made where a killed process left one',
  },
  {
    about: 'listens in no folder of others below the temporary one',
    change: {
      file: 'live/folder.ts',
      code: '!found.isDirectory() || found.uid !== mine || (found.mode & 0o077) !== 0',
      instead: 'false',
    },
    test: 'live/folder.test.ts',
    title: 'nobody listens in a folder below the temporary one that is not one’s own alone',
  },
  {
    about: 'keeps saved profiles to their owner',
    change: {file: 'profiles/store.ts', code: '    configFileMode: 0o600,\n', instead: ''},
    test: 'profiles/store.test.ts',
    title: 'a profile is kept for its owner only, without its secret',
  },
  {
    about: "keeps the lock's file to its owner",
    change: {file: 'profiles/lock.ts', code: "openSync(path, 'a', 0o600)", instead: "openSync(path, 'a')"},
    test: 'profiles/store.test.ts',
    title: 'two that write at once lose nothing',
  },
  {
    about: 'replaces the file behind a link, not the link',
    change: {
      file: 'program/private-file.ts',
      code: 'return realpath(path);',
      instead: 'return path;',
    },
    test: 'program/fix-command.test.ts',
    title: 'the file that is written is its owner’s alone, as a new one and in place of another',
  },
  {
    about: 'one at a time changes the saved profiles',
    change: {file: 'profiles/lock.ts', code: '    take(lock, path);\n', instead: ''},
    test: 'profiles/store.test.ts',
    title: 'who has the lock has it alone, until the work is done',
  },
  {
    about: 'lets go of the lock, whatever became of the work',
    change: {
      file: 'profiles/lock.ts',
      code: '  } finally {\n    lock.close();\n  }',
      instead: '  } finally {\n  }',
    },
    test: 'profiles/store.test.ts',
    title: 'who has the lock has it alone, until the work is done',
  },
  {
    about: 'changes no profile without the lock',
    change: {
      file: 'profiles/store.ts',
      code: 'return withLock(lockOf(conf.path), work);',
      instead: 'return work();',
    },
    test: 'profiles/store.test.ts',
    title: 'nothing is written where the lock cannot be had',
  },
  {
    about: 'nor puts a damaged file aside',
    change: {
      file: 'profiles/store.ts',
      code: 'withLock(lockOf(path), () => repair(path))',
      instead: 'repair(path)',
    },
    test: 'profiles/store.test.ts',
    title: 'nothing is written where the lock cannot be had',
  },
  {
    about: 'takes the place of what a killed process has left of its socket',
    change: {
      file: 'live/server.ts',
      code: "      if (platform !== 'win32') rmSync(address, {force: true});\n      await",
      instead: '      await',
    },
    test: 'live/server.test.ts',
    title: 'the socket is for its owner alone, and is made where a killed process left one',
  },
];
