// A run that is gone on with: what it was asked, whatever it was called and whatever was saved since.
import {type Defence, rowOf} from '../../helpers/defence.ts';

const kept = rowOf('program/kept-requests', 'program/again-answers');
const again = rowOf('program/again', 'program/again-answers');

const notUnderstood = 'a run of which an option %s is not gone on with without all of them';

export const goingOn: readonly Defence[] = [
  kept(
    'a title that looks like a file loses no answers',
    ' && !isTitle(from, requests)',
    '',
    'a run from answers is gone on with that was called ',
  ),
  again(
    'and what was kept of it is gone on with',
    '(isFile(record.from) && record.asked === undefined)',
    'isFile(record.from)',
    'a run from answers is gone on with that was called ',
  ),
  again(
    'options that are not understood are not left out',
    'return success && Object.keys(options)',
    'if (!success) return {};\n  return Object.keys(options)',
    notUnderstood,
  ),
  again(
    'nor those that are not known',
    ' && Object.keys(options).every(name => Object.hasOwn(data, name))',
    '',
    notUnderstood,
  ),
  again(
    'the screens are told what a run was asked where its profile asks for something else',
    'saved !== undefined && workOf(saved.requests) === workOf([request])',
    'saved !== undefined',
    'the screens are told what a run was asked, unless the profile of its name asks for the same',
  ),
  {
    about: 'who is ended by a signal too',
    change: {file: 'program/tui.tsx', code: 'lost = unsaved;', instead: ''},
    test: 'journeys/unsaved.test.ts',
    title: 'what %s loses is said, as ctrl+c says it',
    built: true,
  },
  {
    about: 'a paused run that has no connection and nobody to watch it lives on',
    change: {
      file: 'program/start-run.ts',
      code: 'const mayEnd = system.keepAlive();',
      instead: 'const mayEnd = () => undefined;',
    },
    test: 'cli/detach.test.ts',
    title: 'waits for a word, paused and with no connection left, though nobody watches it',
    built: true,
  },
  {
    about: 'and whoever leaves it is told that it is paused',
    change: {
      file: 'program/tui.tsx',
      code: 'const paused = current?.store.getSnapshot().paused === true;',
      instead: 'const paused = false;',
    },
    test: 'journeys/steer.test.ts',
    title: 'gives the terminal back, is shown again in another one, and finishes there',
    built: true,
  },
  {
    about: 'what is said to be typed has the state folder that was given',
    change: {
      file: 'command-line/typed-command.ts',
      code: "const place = state === undefined ? ''",
      instead: "const place = true ? ''",
    },
    test: 'command-line/typed-command.test.ts',
    title: '%j says a command that finds the same runs and profiles: %s',
  },
  {
    about: 'a shell reads it as it is meant',
    change: {file: 'command-line/typed-command.ts', code: '/["$`!]/.test(text)', instead: 'false'},
    test: 'command-line/typed-command.test.ts',
    title: 'a shell reads %s as it is',
  },
  {
    about: 'two runs that begin in the same minute have a report folder each',
    change: {
      file: 'report/take-folder.ts',
      code: "if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;",
      instead: "if ((error as NodeJS.ErrnoException).code === 'EEXIST') return true;",
    },
    test: 'program/start-run.test.ts',
    title: 'two that begin in the same minute, neither knowing of the other, have a report each',
  },
  {
    about: 'a run that does not begin leaves no report folder',
    change: {
      file: 'program/start-run.ts',
      code: '      leaveReportFolder(directory);\n',
      instead: '',
    },
    test: 'program/start-run.test.ts',
    title: 'a run that could not be put into the list leaves nothing behind',
  },
  {
    about: 'who leaves with changes is told that they are lost',
    change: {
      file: 'app.tsx',
      code: "if (unsaved.current !== '') onLost?.(unsaved.current);",
      instead: '',
    },
    test: 'app.test.tsx',
    title: 'says what is lost by leaving with ctrl+c where the mended CSV would be saved',
  },
  {
    about: 'and go on with that',
    change: {
      file: 'app-screen.ts',
      code: 'if (run.asked !== undefined) {',
      instead: 'if (run.asked !== undefined && profile === undefined) {',
    },
    test: 'app.test.tsx',
    title: 'goes on with what a run was asked, not with the profile of its name',
  },
  {
    about: 'a run of a file goes on by its options on the screens too',
    change: {
      file: 'app-screen.ts',
      code: 'path: profile?.path ?? run.from, options}',
      instead: 'path: profile?.path ?? run.from}',
    },
    test: 'app.test.tsx',
    title: 'goes on with an unfinished run of a CSV',
  },
  {
    about: 'or not at all',
    change: {
      file: 'app-screen.ts',
      code: 'if (options === undefined)',
      instead: 'if (false)',
    },
    test: 'app.test.tsx',
    title: 'does not go on with one whose options it cannot read',
  },
  {
    about: 'nor one of a profile without them',
    change: {file: 'app-screen.ts', code: 'profile: {...profile, options}', instead: 'profile'},
    test: 'app.test.tsx',
    title: 'goes on with an unfinished run of a profile, with the options it was run with',
  },
];
