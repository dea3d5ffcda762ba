import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { repositoryRoot } from '../../tools/run-arguments.ts';

const corpus = resolve(repositoryRoot, process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');

/** Files of the corpus by a glob, in name order; none without a corpus. */
export function corpusFiles(pattern: string): string[] {
  if (!existsSync(corpus)) return [];
  return globSync(pattern, { cwd: corpus })
    .sort()
    .map((name) => join(corpus, name));
}

export function isInstalled(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** Standard output of a shell pipeline over a file, which it sees as `$1`. */
export function pipeline(script: string, file: string, ...args: readonly string[]): string {
  return execFileSync('sh', ['-c', script, 'sh', file, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** One line for every name whose numbers differ. */
export function differences(
  place: string,
  ours: ReadonlyMap<string, number>,
  theirs: ReadonlyMap<string, number>,
): string[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .filter((name) => (ours.get(name) ?? 0) !== (theirs.get(name) ?? 0))
    .map((name) => `${place}: ${name}: we have ${ours.get(name) ?? 0}, the peer has ${theirs.get(name) ?? 0}`);
}
