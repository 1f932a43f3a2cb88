// Servers that end with the test that started them.
import {onTestFinished} from 'vitest';

export function stopAfterwards(...servers: readonly {stop(): Promise<void>}[]): void {
  onTestFinished(async () => {
    await Promise.all(servers.map(server => server.stop()));
  });
}
