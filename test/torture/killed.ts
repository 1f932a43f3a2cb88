// The program, with ports that end it by SIGKILL at one passing of one point:
//   node killed.ts PASSED-FILE POINT:NTH|- COMMAND...
// Each point passed is a line of PASSED-FILE before the program goes on, so that it is known where it ended.
import {appendFileSync} from 'node:fs';
import {main} from '../../source/main.ts';

const [file = '', moment = '', ...args] = process.argv.splice(2);
process.argv.push(...args);
const [point, nth] = moment.split(':');
let passings = 0;

process.env['NODE_ENV'] ??= 'production';
await main(passed => {
  appendFileSync(file, `${passed}\n`);
  if (passed !== point) return;
  passings += 1;
  if (passings === Number(nth)) process.kill(process.pid, 'SIGKILL');
});
