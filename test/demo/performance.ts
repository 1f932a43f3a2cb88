// What the person at the keyboard does while the demo is recorded.
import type {Terminal} from '../helpers/terminal.ts';

/** Settles when the last picture is on the screen. */
export async function perform(terminal: Terminal): Promise<void> {
  const aMinute = {timeoutMs: 90_000};
  await terminal.waitFor(/ines@harbour\.example|Ines Halvorsen/, aMinute);
  await terminal.waitFor(/[3-9]\d %/, aMinute);
  await terminal.press('enter');
  await terminal.waitFor(/[6-9]\d %/, aMinute);
  await terminal.press('escape');
  await terminal.waitFor(/demo\b.*report|every selected message|not at the destination/i, aMinute);
}
