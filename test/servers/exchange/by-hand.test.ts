// What `npm run exchange-simulator` says and does.
import {spawn} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {expect, it, onTestFinished} from 'vitest';
import {readRequestsCsv} from '../../../source/request/csv/csv.ts';
import {cleanEnvironment} from '../../helpers/program.ts';
import {readByHandOptions} from './by-hand-options.ts';
import {quirkNames} from './quirks.ts';
import {Talk} from './talk.ts';

it('reads quirks by name, and names them all', () => {
  expect(readByHandOptions(['--quirk', 'throttle=NO', '--quirk', 'marked=off', '--messages', '7'])).toEqual({
    quirks: {password: 'accepted', throttleMs: 20_000, throttle: 'NO', marked: false},
    messages: 7,
    tokenSeconds: 3900,
  });
  expect(readByHandOptions(['--hard'])).toMatchObject({quirks: {linkFault: 'eof', password: 'accepted'}});
  const list = String(readByHandOptions(['--list']));
  for (const name of quirkNames) expect(list).toContain(`${name} (`);
  expect(() => readByHandOptions(['--messages', '0'])).toThrow('--messages takes a number from 1');
  expect(() => readByHandOptions(['--quirk', 'nonsense=on'])).toThrow('There is no quirk "nonsense"');
});

it('says how to reach it, with CSV files that are right, and leaves nothing behind', async () => {
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('by-hand.ts', import.meta.url)), '--messages', '20'],
    {env: cleanEnvironment(), stdio: ['ignore', 'pipe', 'inherit']},
  );
  const ended = new Promise(done => child.once('exit', done));
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let said = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    said += chunk;
    if (said.includes('Ctrl+C ends it')) break;
  }
  const [, port] = /127\.0\.0\.1:(\d+) \(plain\)\nMicrosoft/.exec(said) ?? [];
  const talk = await Talk.signedIn({host: '127.0.0.1', imapPort: Number(port)}, 'ann@contoso.example');
  expect(await talk.ask('1 LIST "" Projects*')).toContain('* LIST (\\HasChildren) "/" Projects\r\n');
  talk.close();
  const rules = {passwordPolicy: 'off', allowPlaintext: false} as const;
  const files = new Set([...said.matchAll(/\S+\.(?:csv|pem)/g)].map(([file]) => file));
  expect(files.size).toBe(6);
  // The others also need the settings that are printed with them.
  for (const file of files)
    if (file.endsWith('passwords.csv'))
      expect(readRequestsCsv(readFileSync(file), file, rules).ok).toBe(true);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
  for (const file of files) expect(existsSync(file), file).toBe(false);
});
