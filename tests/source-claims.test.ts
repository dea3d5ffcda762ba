import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findSource } from '../src/case/find-source.ts';
import { sources } from '../src/collect/sources/registry.generated.ts';
import { asList } from './fuzz/source-list.ts';

/**
 * Each sample of a source is read by that source, and no other is as sure of it. Files that are named differently in the field
 * keep their folders, since some sources look at them.
 */
const root = join(import.meta.dirname, '../src/collect/sources');
const samples = globSync('*/testdata/**/*.*', { cwd: root })
  .filter((file) => !file.endsWith('.md'))
  .sort();

/** Samples of what another source reads as well, which takes the file when it is given. */
const takenBy: Readonly<Record<string, string>> = { 'windows-xml/testdata/syslog.log': 'syslog' };

describe('every sample', () => {
  it.each(samples)('%s', (file) => {
    const folder = file.slice(0, file.indexOf('/'));
    const owner = takenBy[file] ?? folder;
    const name = file.replace(`${folder}/testdata/`, 'evidence/');
    const head = readFileSync(join(root, file)).subarray(0, 65_536);
    const certain = asList(sources).filter((source) => source.detect(name, head) === 'certain');
    expect(findSource(name, head)?.id).toBe(owner);
    expect(certain.map(({ id }) => id).filter((id) => id !== owner)).toEqual([]);
  });
});
