// The JSON Schema files that come with the package are what the program writes. Where one has to change:
// npx vitest run test/lines/published-schemas.test.ts -u
import {expect, test} from 'vitest';
import {z} from 'zod';
import {eventVersion} from '../../source/engine/events.ts';
import {checkLineSchema} from '../../source/lines/check-schema.ts';
import {jsonLineSchema} from '../../source/lines/run-line-schema.ts';
import {runLineSchema} from '../../source/lines/runs-schema.ts';

test.each([
  ['events.schema.json', jsonLineSchema, 'A line of: mailferry run --output jsonl'],
  ['runs.schema.json', runLineSchema, 'A line of: mailferry runs --output jsonl'],
  ['check.schema.json', checkLineSchema, 'A line of: mailferry check --output jsonl'],
])('%s', async (file, schema, title) => {
  const {$schema, ...form} = z.toJSONSchema(schema, {io: 'input'});
  const description = `Version ${eventVersion}. New fields and new types of line may come without a new version: pass over what you do not know.`;
  const text = JSON.stringify({$schema, title, description, ...form}, null, 2);
  // Closed objects would refuse the fields of a later mailferry.
  expect(text).not.toContain('additionalProperties');
  await expect(`${text}\n`).toMatchFileSnapshot(`../../source/lines/${file}`);
});
