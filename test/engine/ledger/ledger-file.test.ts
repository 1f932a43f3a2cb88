// The ledger as files: whose they are, what stands beside them, where they go when they are of no use.
import {chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {expect, test} from 'vitest';
import {forgetHolder, holderOf, nameHolder} from '../../../source/engine/ledger/holder.ts';
import {Ledger} from '../../../source/engine/ledger/ledger.ts';
import {setAside} from '../../../source/engine/ledger/set-aside.ts';
import {freshState} from '../../helpers/engine.ts';

const file = () => join(freshState(), 'pair.sqlite');

test('the ledger can be read by its owner only', () => {
  const path = file();
  Ledger.open(path, 'pair').close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  // One that came back from a copy which others could read.
  chmodSync(path, 0o644);
  Ledger.open(path, 'pair').close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  nameHolder(path, {run: 'first', pid: 42, since: 0});
  expect(statSync(`${path}.holder`).mode & 0o777).toBe(0o600);
});

test('the ledger is set aside whole, under a name that nothing has', () => {
  const path = file();
  for (const word of ['first', 'second']) {
    for (const part of ['', '-wal', '-shm', '-journal']) writeFileSync(path + part, word + part);
    setAside(path, 'damaged');
  }
  const folder = dirname(path);
  const kept = readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]);
  expect(Object.fromEntries(kept)).toEqual(
    Object.fromEntries(
      ['', '-wal', '-shm', '-journal'].flatMap(part => [
        [`pair.sqlite.damaged${part}`, `first${part}`],
        [`pair.sqlite.damaged-2${part}`, `second${part}`],
      ]),
    ),
  );
});

test('the ledger names who holds it until it is let go', () => {
  const path = file();
  nameHolder(path, {run: 'first', pid: 42, since: 7});
  expect(holderOf(path)).toEqual({run: 'first', pid: 42, since: 7});
  forgetHolder(path);
  expect([holderOf(path), existsSync(`${path}.holder`)]).toEqual([undefined, false]);
  writeFileSync(`${path}.holder`, '{"run": 1, "pid": "2"}');
  expect(holderOf(path)).toBeUndefined();
});
