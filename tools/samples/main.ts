import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { generateSamples } from './generate.ts';

/**
 * `node tools/samples/main.ts` writes `samples/`; with `--check` it writes nothing and fails when a file there
 * differs from what the generator makes. Compressed files are compared by their contents: another zlib may pack
 * the same text otherwise.
 */
const root = join(import.meta.dirname, '..', '..', 'samples');

function main(args: readonly string[]): number {
  const files = generateSamples();
  const present = listFiles(root);
  if (args.includes('--check')) return check(files, present);
  for (const path of present) if (!files.has(path)) rmSync(join(root, path));
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), bytes);
  }
  report(`${files.size} files written to samples/, ${totalBytes(files)} bytes`);
  return 0;
}

function check(files: ReadonlyMap<string, Buffer>, present: readonly string[]): number {
  const extra = present
    .filter((path) => !files.has(path))
    .map((path) => `samples/${path} is not made by the generator`);
  const drifted = [...files].flatMap(([path, bytes]) => {
    if (!present.includes(path)) return [`samples/${path} is missing`];
    const same = plain(path, readFileSync(join(root, path))).equals(plain(path, bytes));
    return same ? [] : [`samples/${path} differs`];
  });
  const problems = [...extra, ...drifted];
  for (const problem of problems) report(problem);
  report(problems.length === 0 ? `samples/ is up to date: ${files.size} files` : 'run `npm run samples`');
  return problems.length === 0 ? 0 : 1;
}

function plain(path: string, bytes: Buffer): Buffer {
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

function listFiles(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

function totalBytes(files: ReadonlyMap<string, Buffer>): number {
  return [...files.values()].reduce((total, bytes) => total + bytes.length, 0);
}

function report(text: string): void {
  process.stderr.write(`${text}\n`);
}

process.exitCode = main(process.argv.slice(2));
