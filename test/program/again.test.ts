import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {parseCommandLine} from '../../source/command-line/options.ts';
import {startDemo} from '../../source/demo/demo.ts';
import {again} from '../../source/program/again.ts';
import {openHistory} from '../../source/program/history.ts';
import {openSignIns} from '../../source/program/microsoft.ts';
import {placesOf} from '../../source/program/places.ts';
import {startRun} from '../../source/program/start-run.ts';
import {Secret} from '../../source/request/secret.ts';
import {fakeProfiles} from '../wizard/fakes.ts';
import {fakeSystem} from './fake-system.ts';

test('a run from answers that were not saved is gone on with by its name; typed passwords are asked for', async () => {
  const root = mkdtempSync(join(tmpdir(), 'mf-again-'));
  onTestFinished(() => rmSync(root, {recursive: true, force: true}));
  const demo = await startDemo({now: () => 0, speed: 'full'});
  onTestFinished(() => demo.stop());
  const parsed = parseCommandLine(['resume', 'any', '--state', root, '--reports', join(root, 'reports')]);
  if (!parsed.ok) throw new Error(parsed.problem);
  const {options, given} = parsed;
  const places = placesOf({state: root, reports: options.reports}, root);
  const system = fakeSystem({});
  const history = openHistory(places.state);
  const [first] = demo.requests;
  if (first === undefined) throw new Error('The demo has no request');
  const typed = {kind: 'value', secret: new Secret('hunter2-typed')} as const;
  const request = {
    ...{...first, title: 'John, sales/old', exclude: ['Projects']},
    source: {...first.source, secret: typed},
    destination: {...first.destination, secret: {kind: 'env', name: 'VAULT'} as const},
  };
  const handle = startRun([request], request.title, {
    ...{options, given, places, history, system, ca: []},
    signIns: openSignIns(system),
  });
  await handle.done;
  const [record] = history.list();
  if (record === undefined) throw new Error('No record');
  const {endedAt: _, exitCode: __, ...cutOff} = record;
  history.write(cutOff);
  expect(readFileSync(join(root, 'runs', `${record.run}.json`), 'utf8')).not.toContain('hunter2');

  const ask = {command: 'resume', run: record.run, options, given} as const;
  const found = await again(ask, {places, history, profiles: fakeProfiles(), system});
  const asked = {...request, source: {...request.source, secret: {kind: 'ask'}}};
  expect(found.loaded.requests).toEqual([asked]);
  expect(found.loaded.from).toBe(request.title);

  history.write({...cutOff, asked: [{...asked, destinationFolder: 'Drafts\u0000'}]});
  await expect(again(ask, {places, history, profiles: fakeProfiles(), system})).rejects.toThrow(
    'was started from answers that were not kept',
  );
});
