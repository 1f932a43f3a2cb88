// Tab in real shells, at a real terminal.
import {spawnSync} from 'node:child_process';
import {chmodSync} from 'node:fs';
import {describe, expect, test} from 'vitest';
import {openProfiles} from '../../source/profiles/store.ts';
import {newPlace} from '../cli/place.ts';
import {program, runMailferry} from '../helpers/program.ts';
import {openTerminal, type Terminal} from '../helpers/terminal.ts';

type Start = {readonly args: readonly string[]; readonly load: string};

const shells: Readonly<Record<string, Start>> = {
  bash: {args: ['--norc', '--noprofile', '-i'], load: 'source <(mailferry completion bash)'},
  zsh: {
    args: ['-f', '-i'],
    load: 'autoload -U compinit; compinit -u; PS1="$ "; source <(mailferry completion zsh)',
  },
  fish: {args: ['--no-config', '-i'], load: 'mailferry completion fish | source'},
};

/** A shell with `mailferry` on its path, two CSV files, a folder and a profile in its place. */
async function shellIn(name: string, atEnd: (work: () => void) => void): Promise<Terminal> {
  const {args, load} = shells[name] ?? {args: [], load: ''};
  const place = newPlace(atEnd);
  const command = place.file('mailferry', `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  chmodSync(command, 0o755);
  place.file('users-one.csv', 'x\n');
  place.file('notes.txt', 'x\n');
  openProfiles({cwd: `${place.directory}/config/mailferry`}).save('monthly', {
    kind: 'csv',
    path: 'users-one.csv',
  });
  const shell = openTerminal({
    command: name,
    args,
    cwd: place.directory,
    columns: 120,
    rows: 40,
    env: {
      HOME: place.directory,
      XDG_CONFIG_HOME: `${place.directory}/config`,
      XDG_STATE_HOME: `${place.directory}/state`,
      PATH: `${place.directory}:${process.env['PATH']}`,
      PS1: '$ ',
      TERM: 'xterm-256color',
    },
  });
  await shell.type(`${load}; echo lo''aded`);
  await shell.press('enter');
  await shell.waitFor(/^loaded$/m, {timeoutMs: 90_000});
  return shell;
}

/** Types a line, presses Tab, and waits for what it has become. */
async function tab(shell: Terminal, line: string, becomes: string | RegExp): Promise<void> {
  await shell.type(line);
  await shell.press('tab');
  await shell.waitFor(becomes, {timeoutMs: 60_000});
  await shell.press('ctrl+u');
  await shell.waitForNo(becomes);
  await shell.press('ctrl+l');
}

describe.concurrent.each(Object.keys(shells))('in %s', name => {
  const there = spawnSync(name, ['--version']).status === 0;
  if (!there && process.env['MAILFERRY_CI'] === undefined)
    process.stderr.write(`\nSKIPPED: "completion in ${name}" needs ${name} (apt-get install ${name})\n`);

  test.runIf(there || process.env['MAILFERRY_CI'] !== undefined)(
    'Tab completes what is typed',
    async ({onTestFinished}) => {
      const shell = await shellIn(name, onTestFinished);
      await tab(shell, 'mailferry templ', /mailferry template$/m);
      await tab(shell, 'mailferry template IMAP', /mailferry template IMAP-O365/);
      await tab(shell, 'mailferry run --dry', /mailferry run --dry-run/);
      await tab(shell, 'mailferry run --output js', /mailferry run --output jsonl/);
      await tab(shell, 'mailferry run --output=js', /mailferry run --output=jsonl/);
      await tab(shell, 'mailferry profiles show mon', /mailferry profiles show monthly/);
      await tab(shell, 'mailferry run us', /mailferry run users-one\.csv/);
      await tab(shell, 'mailferry profiles import not', /mailferry profiles import notes\.txt/);
      shell.kill();
      await shell.exit;
    },
  );
});

test('an ask that makes no sense is answered with nothing', async () => {
  for (const args of [[], ['tcsh', 'x'], ['bash']]) {
    const {code, stderr} = await runMailferry(['__complete', ...args]);
    expect([code, stderr]).toEqual([0, '']);
  }
});
