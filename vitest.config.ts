import {defineConfig} from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    setupFiles: ['test/setup.ts'],
    // Two, whatever the machine says: most tests wait for servers and terminals, not for the processor.
    maxWorkers: 2,
    // Longer than any wait in a test, so that what was waited for in vain is told.
    testTimeout: 180_000,
    // Terminals, servers and processes share two cores with whatever else a build machine does: a test that lost a race
    // with it is asked again there. At a desk it fails at once.
    retry: process.env['MAILFERRY_CI'] === undefined ? 0 : 2,
    hookTimeout: 180_000,
  },
});
