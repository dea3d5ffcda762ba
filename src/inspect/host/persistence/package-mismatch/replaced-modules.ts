export interface ChangedFile {
  readonly path: string;
  readonly package: string;
}

/** A module of a language that stands in a packaged folder and was replaced as a whole. */
interface ReplacedModule {
  /** Its folder. */
  readonly path: string;
  readonly count: number;
  readonly packages: string;
}

/** The outermost folder that a language's package manager installs into, with the module's name. */
const modulePattern =
  /^.*?\/(?:node_modules\/(?:@[^/]+\/)?[^/]+|(?:site|dist)-packages\/[^/]+|gems\/[^/]+\/gems\/[^/]+)(?=\/)/;
/** So many files are not changed one by one: `npm install -g npm` over the npm of a package changes hundreds. */
const leastFiles = 10;

/** Tells modules that another package manager installed over from files that were changed one by one. */
export function splitReplaced(changed: readonly ChangedFile[]): {
  readonly modules: readonly ReplacedModule[];
  readonly rest: readonly ChangedFile[];
} {
  const byModule = Map.groupBy(changed, ({ path }) => modulePattern.exec(path)?.[0] ?? '');
  const modules: ReplacedModule[] = [];
  const rest: ChangedFile[] = [];
  for (const [path, files] of byModule) {
    if (path === '' || files.length < leastFiles) rest.push(...files);
    else {
      const packages = [...new Set(files.map((file) => file.package))].join(', ');
      modules.push({ path, count: files.length, packages });
    }
  }
  return { modules, rest };
}
