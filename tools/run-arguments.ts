/** What the runners (`conformance`, `bench`, `compare`) share: their arguments, the files they find, the choice among them. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export const repositoryRoot = join(import.meta.dirname, '..');

export interface RunArguments {
  readonly names: readonly string[];
  readonly flags: ReadonlySet<string>;
}

/** Splits `NAME… --flag…`. Ends the process with 2 on a flag that is not in `known`. */
export function readRunArguments(
  known: readonly string[],
  argv: readonly string[] = process.argv.slice(2),
): RunArguments {
  const flags = argv.filter((argument) => argument.startsWith('--'));
  const unknown = flags.find((flag) => !known.includes(flag));
  if (unknown !== undefined) {
    process.stderr.write(`unknown option ${unknown}; known are ${known.join(', ')}\n`);
    process.exit(2);
  }
  return { names: argv.filter((argument) => !argument.startsWith('--')), flags: new Set(flags) };
}

export interface PartFile {
  /** From the file's name: `rita-vectors.ts` is `rita/vectors`. */
  readonly id: string;
  readonly file: string;
}

/** Parts in a folder of the repository in the order of their ids; where other files stand there too, those that export `exportName`. */
export function findParts(folder: string, exportName = ''): PartFile[] {
  return globSync('*.ts', { cwd: join(repositoryRoot, folder) })
    .map((name) => ({ id: basename(name, '.ts').replace('-', '/'), file: join(repositoryRoot, folder, name) }))
    .filter(({ file }) => exportName === '' || readFileSync(file, 'utf8').includes(`export const ${exportName}`))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Those that a name stands for: the id itself, or the part of it before a `/`. No names choose all. */
export function chooseParts(parts: readonly PartFile[], names: readonly string[]): PartFile[] {
  const isNamed = (id: string, name: string): boolean =>
    id === name || id.startsWith(name.endsWith('/') ? name : `${name}/`);
  const idle = names.filter((name) => !parts.some((part) => isNamed(part.id, name)));
  if (idle.length > 0) {
    process.stderr.write(
      `nothing is called ${idle.join(', ')}; there is ${parts.map((part) => part.id).join(', ') || 'none'}\n`,
    );
    process.exit(2);
  }
  return names.length === 0 ? [...parts] : parts.filter((part) => names.some((name) => isNamed(part.id, name)));
}

/** One line, cut: differences may be whole records. */
export function shorten(text: string, max = 200): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length > max ? `${line.slice(0, max)}…` : line;
}
