// What the person at the keyboard does while the demo is recorded.
import type {Terminal} from '../helpers/terminal.ts';

const patience = {timeoutMs: 120_000};

/** Time for whoever watches to read. */
const read = (seconds: number) => new Promise(done => setTimeout(done, seconds * 1000));

/** From the first screen to the last: the demo is chosen, every mailbox done, then the summary. */
export async function perform(terminal: Terminal): Promise<void> {
  await terminal.waitFor('New request', patience);
  await read(2);
  await terminal.press('d');
  await terminal.waitFor('ines@harbour.example', patience);
  // Far enough for every folder to have begun.
  await terminal.waitFor(/ines@harbour\.example .* (?:[5-9]\d|1\d\d)\/2\d\d/, patience);
  await terminal.press('enter');
  await read(5);
  await terminal.press('escape');
  await terminal.waitFor(/(\d) of \1 done/, patience);
  await read(3);
  await terminal.press('enter');
  await terminal.waitFor(/mailferry +summary/, patience);
  // Its footer comes last: before that the picture is half drawn.
  await terminal.waitFor(/q quit/, patience);
  await read(1);
}
