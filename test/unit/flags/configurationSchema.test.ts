import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { configSchema } from '../../../src/model/config';

const file = join(import.meta.dirname, '../../../media/schemas/sightglass.schema.json');

/** The shipped schema is made from the one that reads: run with UPDATE_SCHEMA=1 to write it. */
it('is current', () => {
  const schema = {
    title: '.sightglass.json',
    description: 'Flag systems, telemetry and what could not be inferred, for Sightglass. Holds no secrets.',
    ...z.toJSONSchema(configSchema, { target: 'draft-7', io: 'input' }),
  };
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env.UPDATE_SCHEMA === '1') writeFileSync(file, text);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
