// What the real program writes and shows of crafted mail: nothing of it acts on a terminal, in a spreadsheet or a browser.
import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {parse} from 'csv-parse/sync';
import {newPlace, type Place, requestRow} from '../cli/place.ts';
import type {MailServer} from '../helpers/imap.ts';
import {program} from '../helpers/program.ts';
import {openTerminal} from '../helpers/terminal.ts';
import {startDovecot} from '../servers/dovecot.ts';

/** What draws nothing, or acts: controls but line ends, bidi, zero width, tags, half characters. */
const forbidden = /[^\P{Cc}\r\n]|\p{Cf}|\p{Cs}|[\u2028\u2029]/u;

/** @returns what is wrong; undefined where nothing is */
export async function looksHarmless(
  source: MailServer,
  output: 'plain' | 'jsonl' | 'tui',
): Promise<string | undefined> {
  let remove = () => {};
  const place = newPlace(how => {
    remove = how;
  });
  // Refuses all but the shortest, so that each is named on the screens.
  const destination = await startDovecot({largestMessage: 60});
  try {
    const file = place.csv([requestRow(source, destination, 'ann')]);
    return output === 'tui' ? await onScreen(place, file) : await inFiles(place, file, output);
  } finally {
    await destination.stop();
    remove();
  }
}

async function inFiles(place: Place, file: string, output: 'plain' | 'jsonl'): Promise<string | undefined> {
  const {code, stdout, stderr} = await place.run(['run', file, '--yes', '--output', output]);
  if (code !== 3) return `${output}: it ends with ${code}: ${stderr}`;
  const said = forbidden.exec(stdout + stderr)?.[0];
  if (said !== undefined) return `${output}: ${JSON.stringify(said)} is said`;
  for (const run of readdirSync(place.reports))
    for (const name of readdirSync(join(place.reports, run))) {
      const wrong = wrongIn(
        name,
        readFileSync(join(place.reports, run, name), 'utf8').replace(/^\ufeff/, ''),
      );
      if (wrong !== undefined) return `${name}: ${wrong}`;
    }
  return undefined;
}

/** Some of the texts are there, as far as they are harmless: else nothing has been looked at. */
const isTold = (text: string) => /cmd\|calc!A0|SUM\(1\)|\+1\+1|-2\+3/.test(text);

function wrongIn(name: string, text: string): string | undefined {
  const found = forbidden.exec(text)?.[0];
  if (found !== undefined) return `it holds ${JSON.stringify(found)}`;
  if (name.endsWith('.html') && /<script|<img|onerror=[^&]*>/i.test(text)) return 'markup of a stranger';
  if (name === 'messages.csv' && !isTold(text)) return 'no crafted text is in it';
  if (!name.endsWith('.csv')) return undefined;
  const cells = (parse(text, {relax_column_count: true}) as string[][]).flat();
  const formula = cells.find(cell => /^\s*[=+@]|^-(?!\d)|;\s*"*[=+@]/.test(cell));
  return formula === undefined ? undefined : `a formula ${JSON.stringify(formula.slice(0, 60))}`;
}

async function onScreen(place: Place, file: string): Promise<string | undefined> {
  const terminal = openTerminal({
    command: process.execPath,
    args: [program, 'run', file, '--yes', '--state', place.state, '--reports', place.reports],
    columns: 100,
    rows: 40,
    cwd: place.directory,
  });
  const acted: string[] = [];
  terminal.emulator.onTitleChange(title => acted.push(`the title ${title}`));
  terminal.emulator.parser.registerOscHandler(52, () => acted.push('the clipboard') > 0);
  try {
    await terminal.waitFor(/Enter: summary/, {
      timeoutMs: 120_000,
    });
    // Into the folder, down its failures, back and to the summary.
    const steps: readonly (readonly [string, string | RegExp])[] = [
      ['right', /MESSAGE +WHY/],
      ['end', /↑ \d+ more/],
      ['home', /\d+ more ↓/],
      ['escape', /FOLDER +STATE/],
      ['enter', /Report: /],
    ];
    let told = false;
    for (const [key, shows] of steps) {
      await terminal.press(key);
      told ||= isTold(await terminal.waitFor(shows));
      const found = forbidden.exec(terminal.everything())?.[0];
      if (found !== undefined) return `the screen holds ${JSON.stringify(found)}`;
    }
    if (!told) return `no crafted text is on any screen: ${terminal.screen()}`;
    const stranger = acted.find(each => !/mailferry/i.test(each));
    if (stranger !== undefined) return `it acted on ${stranger}`;
    return /\u001b\][0-9]*;?[^\u0007\u001b]*PWNED|\u001bc|\u001bP|\u001b#8/.test(terminal.raw)
      ? 'a sequence of a stranger is printed'
      : undefined;
  } finally {
    terminal.kill('SIGKILL');
    await terminal.exit;
  }
}
