import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { formatLocation, messageOf, VakthundError } from '../base/errors.ts';
import { mappedSource } from '../collect/mapped/mapped-source.ts';
import { readMapping } from '../collect/mapped/read-mapping.ts';
import type { Source } from '../collect/source.ts';

/** The sources of mapping files. Throws `CONFIG` with all that is wrong: evidence read by half a mapping would pass for read. */
export function loadMappings(paths: readonly string[]): Source[] {
  const sources = paths.map((path) => {
    const text = textOf(path);
    const { mapping, problems } = readMapping(text);
    if (mapping !== undefined) return mappedSource(mapping, hash('sha256', text));
    const lines = problems.map(({ at, message }) => `${formatLocation({ path, ...at })}: ${message}`);
    throw new VakthundError('CONFIG', lines.join('\n'), { hint: `vakthund sources check ${path}` });
  });
  const twice = sources.find(({ id }, index) => sources.findIndex((other) => other.id === id) !== index);
  if (twice !== undefined) throw new VakthundError('CONFIG', `two mapping files have the id "${twice.title}"`);
  return sources;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new VakthundError('CONFIG', `the mapping file "${path}" cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
