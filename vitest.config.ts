import {defineConfig} from 'vitest/config';
import {BaseSequencer, type TestSpecification} from 'vitest/node';

/** What waits longest begins first, so that no worker is left alone with it at the end. */
const first = ['test/journeys/', 'test/cli/', 'test/completion/', 'test/engine/copy/', 'test/engine/'];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({moduleId}: TestSpecification) => {
      const found = first.findIndex(folder => moduleId.includes(folder));
      return found === -1 ? first.length : found;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['test/setup.ts', 'test/told-at-once.ts'],
    globalSetup: ['test/states.ts'],
    // Whatever the machine says: most tests wait for servers and terminals, not for the processor.
    maxWorkers: 4,
    // A worker goes on with the next file: what all of them load is loaded once. A test that mocks a module resets them.
    isolate: false,
    sequence: {sequencer: LongestFirst},
    // Longer than any wait in a test, so that what was waited for in vain is told.
    testTimeout: 180_000,
    // Terminals, servers and processes share two cores with whatever else a build machine does: a test that lost a race
    // with it is asked again there, but for what test/told-at-once.ts takes out. At a desk it fails at once.
    retry: process.env['MAILFERRY_CI'] === undefined ? 0 : 2,
    hookTimeout: 180_000,
  },
});
