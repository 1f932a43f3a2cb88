// What the person at the keyboard does while the demo is recorded.
import type {Terminal} from '../helpers/terminal.ts';

const patience = {timeoutMs: 120_000};

/** Time for whoever watches to read. */
const read = (seconds: number) => new Promise(done => setTimeout(done, seconds * 1000));

/** Settles when the last picture is on the screen: every mailbox done, then the summary. */
export async function perform(terminal: Terminal): Promise<void> {
  await terminal.waitFor('ines@harbour.example', patience);
  await terminal.waitFor(/ [3-9]\d %/, patience);
  await terminal.press('enter');
  await read(5);
  await terminal.press('escape');
  await terminal.waitFor(/(\d) of \1 done/, patience);
  await read(3);
  await terminal.press('enter');
  await terminal.waitForNo(/\d of \d done/, patience);
}
