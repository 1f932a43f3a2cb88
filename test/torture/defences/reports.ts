// The report is whole, or says that it is not.
import type {Defence} from '../../helpers/defence.ts';

const disk = 'report/disk.test.ts';
const written = (about: string, code: string, instead: string, title: string): Defence => ({
  about,
  change: {file: 'report/writer.ts', code, instead},
  test: 'report/writer.test.ts',
  title,
});

export const reports: readonly Defence[] = [
  written(
    'a report writes into nothing that lies where its rows go',
    '    await disk.remove(partsFolder);\n    await disk.makeFolder(partsFolder);',
    '    await disk.makeFolder(partsFolder);',
    'writes into nothing that lies where its rows go',
  ),
  written(
    'a report leaves nothing but its files',
    '        await disk.remove(partsFolder).catch(() => undefined);\n',
    '',
    'has all files in the end, and nothing else',
  ),
  written(
    'an attempt that is made again has its own rows only',
    '        parts.delete(request);\n',
    '',
    'forgets the rows of an attempt that is made again',
  ),
  written(
    'and the disk the others back',
    '          await disk.remove(part.path);\n',
    '',
    'forgets the rows of an attempt that is made again',
  ),
  {
    about: 'half a row is written over',
    change: {
      file: 'report/disk.ts',
      code: 'await writeFully(file, block.subarray(0, bytes), offset);',
      instead: 'await writeFully(file, block.subarray(0, bytes));',
    },
    test: disk,
    title: 'a table grows from where it is told to',
  },
  {
    about: 'rows that the disk has not taken are missed also where it says so when their file is closed',
    change: {
      file: 'report/writer.ts',
      code: '      part.failure ??= unwritten(error);\n    }\n  }\n',
      instead: '    }\n  }\n',
    },
    test: 'report/writer.test.ts',
    title: 'is not whole either where the disk only says in the end',
  },
  written(
    'what a write that failed has left is no row',
    'yield* firstBytes(disk.read(part.path), part.size)',
    'yield* disk.read(part.path)',
    'is not forgotten where rows were lost to it: all is written that can be, and said not to be whole',
  ),
  written(
    'a message that failed is listed once',
    '      if ((part?.lost ?? 0) > 0) continue;\n',
    '',
    'lists the messages by request, whatever the order they came in',
  ),
  written(
    'a file that cannot be written keeps no other from it, and is told of',
    'Promise.allSettled(',
    'Promise.all(',
    'keeps no other file from being written',
  ),
  written(
    'a file that is not as long as what was written is said to fail',
    'if ((await disk.size(path)) !== bytes)',
    'if ((await disk.size(path)) < 0)',
    'is not believed where a file is shorter than what was written',
  ),
  {
    about: 'a report takes no other’s place',
    change: {
      file: 'report/take-folder.ts',
      code: "=== 'EEXIST') return false;",
      instead: "=== 'EEXIST') return true;",
    },
    test: 'program/start-run.test.ts',
    title: 'a report that is there already is not written over',
  },
  {
    about: 'a run that did not begin is not offered for going on',
    change: {file: 'program/start-run.ts', code: '      if (recorded) history.remove(run);\n', instead: ''},
    test: 'program/start-run.test.ts',
    title: 'a run that could not be put into the list leaves nothing behind',
  },
];
