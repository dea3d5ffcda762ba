import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const sensors = fileURLToPath(new URL('../src/collect/sensors/', import.meta.url));
const statements = /^(?:import|export)\s(?!type\s)(?:[^;]*?\sfrom\s)?'(?<name>[^']+)'/gms;

/** Packages that a module brings into memory when it is imported, by all that it imports. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file) || !file.endsWith('.ts')) return [];
  seen.add(file);
  return [...readFileSync(file, 'utf8').matchAll(statements)].flatMap(({ groups }) => {
    const name = groups?.['name'] ?? '';
    if (name.startsWith('.')) return packagesOf(join(dirname(file), name), seen);
    return name.startsWith('node:') ? [] : [name];
  });
}

describe('the thread of a sensor', () => {
  // Each has a heap of its own: zod and yaml alone, which only read a list once, took 10 MB of a watch that runs for months.
  it.each(globSync('*/recorder.ts', { cwd: sensors }))('%s brings no package into its memory but koffi', (recorder) => {
    expect(new Set(packagesOf(join(sensors, recorder))).difference(new Set(['koffi']))).toEqual(new Set());
  });
});
