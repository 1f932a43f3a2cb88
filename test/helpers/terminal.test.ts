import {expect, it} from 'vitest';
import {cleanEnvironment} from './program.ts';
import {openTerminal} from './terminal.ts';

const echo = `
process.stdin.setRawMode(true);
process.stdout.write('\\u001b[?1049h\\u001b[?25l\\u001b[2J\\u001b[H');
const size = () => process.stdout.write('\\u001b[2;1Hsize ' + process.stdout.columns + 'x' + process.stdout.rows + ' ');
size();
process.stdout.on('resize', size);
process.stdout.write('\\u001b[3;1Hcolour ' + process.env.NO_COLOR + ' ' + process.env.CI + ' ' + process.env.EXTRA);
process.stdin.on('data', data => {
  if (data.toString() === '\\u0003') {
    process.stdout.write('\\u001b[?25h\\u001b[?1049lgoodbye\\n');
    process.exit(130);
  }
  process.stdout.write('\\u001b[5;1H\\u001b[K' + JSON.stringify(data.toString()));
});
`;

it('drives a full-screen program and reads what a person would see', async () => {
  process.env['NO_COLOR'] = '1';
  const terminal = openTerminal({
    command: process.execPath,
    args: ['-e', echo],
    columns: 60,
    rows: 10,
    env: {EXTRA: 'yes'},
  });
  delete process.env['NO_COLOR'];
  await terminal.waitFor('size 60x10');
  await terminal.waitFor('colour undefined undefined yes');
  expect(terminal.isAlternate()).toBe(true);
  expect(terminal.cursorVisible()).toBe(false);
  await terminal.press('up');
  await terminal.waitFor('"\\u001b[A"');
  await terminal.paste('länger');
  await terminal.waitFor(/200~länger/);
  expect(terminal.find('länger')).toEqual({row: 4, column: 12});
  await terminal.type('xy');
  await terminal.waitFor('"y"');
  await terminal.waitForNo('länger');
  terminal.resize(100, 30);
  await terminal.waitFor('size 100x30');
  await expect(terminal.waitFor('never', {timeoutMs: 30})).rejects.toThrow(/in vain[\s\S]*size 100x30/);

  await terminal.press('ctrl+c');
  expect(await terminal.exit).toEqual({code: 130, signal: 0});
  expect(terminal.isAlternate()).toBe(false);
  expect(terminal.cursorVisible()).toBe(true);
  expect(terminal.screen()).toBe('goodbye');
  await expect(terminal.waitFor('never')).rejects.toThrow(/ended \(code 130/);
});

it('gives children an environment that does not change with who runs the tests', () => {
  process.env['CI'] = 'true';
  const environment = cleanEnvironment({PATH: undefined, NO_COLOR: '1'});
  delete process.env['CI'];
  expect(environment).not.toHaveProperty('CI');
  expect(environment).not.toHaveProperty('PATH');
  expect(environment).not.toHaveProperty('FORCE_COLOR');
  expect(environment).toHaveProperty('NO_COLOR', '1');
});
