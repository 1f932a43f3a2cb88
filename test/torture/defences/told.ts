// What is said of a run that did not go all the way: no number of it contradicts another.
import type {Defence} from '../../helpers/defence.ts';

export const told: readonly Defence[] = [
  {
    about: 'what is left of a folder that had failed before the stop is told once',
    change: {
      file: 'progress/reached.ts',
      code: "openIn(request.folders.filter(folder => folder.state !== 'failed'))",
      instead: 'openIn(request.folders)',
    },
    test: 'progress/reached.test.ts',
    title: 'what is left of a folder that had failed before the stop is failed, not "not reached" as well',
  },
];
