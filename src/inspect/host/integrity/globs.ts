import { compileForeignPattern } from '../../../base/regex.ts';

interface Glob {
  /** What stands before the first wildcard: told apart by that, most paths are done. */
  readonly start: string;
  readonly fits: (this: void, path: string) => boolean;
}

/** Paths and patterns of a policy: `*` is a run inside one name, `**` any number of names, `?` one character. */
export class Globs {
  readonly #exact = new Set<string>();
  readonly #patterns: Glob[] = [];

  constructor(globs: readonly string[]) {
    for (const glob of globs) {
      const wildcard = glob.search(/[*?]/);
      if (wildcard < 0) this.#exact.add(glob);
      else this.#patterns.push(compileGlob(glob, wildcard));
    }
  }

  has(path: string): boolean {
    return this.#exact.has(path) || this.#patterns.some(({ start, fits }) => path.startsWith(start) && fits(path));
  }
}

function compileGlob(glob: string, wildcard: number): Glob {
  const pattern = glob.replaceAll(
    /\/\*\*\/|\/\*\*$|\*\*|\*|\?|[.+^$(){}|[\]\\]/g,
    (part) => written[part] ?? `\\${part}`,
  );
  const compiled = compileForeignPattern(pattern, { isWhole: true, isDotAll: true });
  if ('fault' in compiled) throw new TypeError(`the glob ${glob} does not compile: ${compiled.fault}`);
  return { start: glob.slice(0, wildcard), fits: (path) => compiled.test(path) };
}

const written: Readonly<Record<string, string>> = {
  '/**/': '/(?:.*/)?',
  '/**': '(?:/.*)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
};
