import {expect, it} from 'vitest';
import {nodeDisk} from '../../source/report/disk.ts';

// Node's own recursive mkdir never comes back from there.
it.skipIf(process.platform !== 'linux')(
  'a place that takes no folders is refused, not tried for ever',
  async () => {
    await expect(nodeDisk.makeFolder('/proc/reports/run')).rejects.toMatchObject({code: 'ENOENT'});
  },
);
