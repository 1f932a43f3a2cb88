import {readFileSync} from 'node:fs';
import fc from 'fast-check';
import {expect, expectTypeOf, test} from 'vitest';
import type {z} from 'zod';
import type {RunEvent} from '../../source/engine/events.ts';
import {createJsonl} from '../../source/lines/jsonl.ts';
import type {runEventSchema} from '../../source/lines/jsonl-schema.ts';
import {jsonLineSchema} from '../../source/lines/run-line-schema.ts';
import {anyEvent, at, folder, problem} from '../progress/events.ts';
import {events} from '../report/sample.ts';

const published = (file: string) =>
  JSON.parse(
    readFileSync(new URL(`../../source/lines/${file}`, import.meta.url), 'utf8'),
  ) as z.core.JSONSchema.JSONSchema;

type Parsed = z.output<typeof runEventSchema>;

test('the schema and the events are the same type, in both directions', () => {
  expectTypeOf<Parsed>().toExtend<RunEvent>();
  expectTypeOf<RunEvent>().toExtend<Parsed>();
  expectTypeOf<Parsed['type']>().toEqualTypeOf<RunEvent['type']>();
});

function lines(list: readonly RunEvent[]): unknown[] {
  let text = '';
  const jsonl = createJsonl({
    write: part => {
      text += part;
    },
  });
  for (const event of list) jsonl.take(event);
  jsonl.tick(0);
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
}

test('a name from a server moves no cursor and turns no text', () => {
  let text = '';
  const jsonl = createJsonl({
    write: part => {
      text += part;
    },
  });
  const name = 'a\u009b31m\u202egpj';
  const hostile = at({type: 'folders-planned', request: 0, folders: [folder(0, {source: name})]} as const, 1);
  jsonl.take(hostile);
  expect(text).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/);
  expect(JSON.parse(text)).toMatchObject({folders: [{source: name}]});
});

test('one event a line, the first describes the run, the last carries result and exit code', () => {
  const written = lines(events);
  expect(written).toHaveLength(events.length);
  expect(written[0]).toMatchObject({version: 1, type: 'run-started', run: '2026-11-22-140300'});
  expect(written.at(-1)).toMatchObject({
    version: 1,
    type: 'run-finished',
    exitCode: 3,
    totals: {copied: 4226},
  });
});

test('every type of event is a line that the schema takes as it is', () => {
  const rest: readonly RunEvent[] = [
    at({type: 'connection-lost', request: 0, end: 'source', attempt: 1, problem}, 1),
    at({type: 'folder-renamed', request: 0, folder: 0, destination: 'Data/A _ B'}, 1),
    at({type: 'message-found', request: 0, folder: 0, message: {uid: 3, size: 9}}, 1),
    at({type: 'lanes', request: 0, lanes: 3}, 1),
    at({type: 'paused'}, 1),
    at({type: 'resumed'}, 1),
    at({type: 'stopping', how: 'finish'}, 1),
    at({type: 'request-measured', request: 0, messages: 3, bytes: 900}, 1),
    at({type: 'request-first', request: 0}, 1),
    at({type: 'request-paused', request: 0}, 1),
    at({type: 'request-resumed', request: 0}, 1),
    at({type: 'request-stopping', request: 0, how: 'finish'}, 1),
    at({type: 'mailboxes-changed', mailboxes: 8}, 1),
  ];
  const all = [...events, ...rest];
  const schema = published('events.schema.json');
  // Each type has a form of its own, but for the two of one mailbox that is paused; three are no events: of the file,
  // of a run as it stands, of what was refused.
  expect(new Set(all.map(event => event.type)).size - 1 + 3).toBe(schema.oneOf?.length);
  for (const line of lines(all)) expect(jsonLineSchema.parse(line)).toEqual(line);
  fc.assert(
    fc.property(anyEvent, event => {
      expect(jsonLineSchema.safeParse(lines([event])[0]).success).toBe(true);
    }),
  );
});

test('the schema refuses what is not an event', () => {
  expect(jsonLineSchema.safeParse({version: 1, type: 'paused'}).success).toBe(false);
  expect(jsonLineSchema.safeParse({version: 2, type: 'paused', at: 1}).success).toBe(false);
  expect(jsonLineSchema.safeParse({version: 1, type: 'sent', at: 1}).success).toBe(false);
});
