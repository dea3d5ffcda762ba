import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { yamlValue } from '../../../base/yaml-parse.ts';

const path = z.string().regex(/^\/(?:[^/].*[^/]|[^/])$/, 'a path begins with a slash and ends without one');
const schema = z.strictObject({
  version: z.literal(1),
  changes: z
    .array(
      z.strictObject({
        path,
        growing: z.boolean().default(false).describe('Writes are not told: these files are written all the time.'),
        ignored: z.boolean().default(false).describe('Nothing there is told.'),
      }),
    )
    .min(1)
    .max(1000),
  reads: z.array(path).max(1000).default([]),
});

const shipped = fileURLToPath(new URL('../../../../content/watch/files.yaml', import.meta.url));

/** Places that matter and files with secrets, as they are written in `content/watch/files.yaml`: plain data, which a thread can be given. */
export type WatchedList = z.infer<typeof schema>;

/** Reads a text in the form of `content/watch/files.yaml`; throws where it is not. */
export function parseWatchedList(text: string): WatchedList {
  return schema.parse(yamlValue(text));
}

export function shippedList(): WatchedList {
  return parseWatchedList(readFileSync(shipped, 'utf8'));
}
