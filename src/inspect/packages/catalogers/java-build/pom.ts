import type { NamedPackage, NameReader } from '../../named-packages.ts';
import { childNamed, childText, parseXml, type XmlElement } from '../../xml.ts';
import type { Pom, PomFinder } from './pom-finder.ts';

const maxImportDepth = 10;
/** Lists of versions that one project takes in, with those that they take in themselves. */
const maxImports = 500;

/** What `dependencyManagement` says of a dependency that names no version or scope itself. */
interface Managed {
  readonly version: string;
  readonly scope: string | undefined;
}

type Filled = (value: string | undefined) => string | undefined;

/**
 * The project of a `pom.xml` and the dependencies that it names, with versions from properties, from `dependencyManagement` (what it
 * imports too) and from parents, as far as the finder has them. What these need in turn is not listed. Ranges name no version, `[1.0]` does.
 */
export function pomReader(finder: PomFinder): NameReader {
  return function* readPom(text, { entry }) {
    const chain = finder.withParents({ path: entry.path, root: parseXml(text) });
    const filled = fillerOf(chain);
    const [pom] = chain;
    const name = coordinates(filled(inherited(chain, 'groupId')), filled(childText(pom?.root, 'artifactId')));
    if (name !== undefined) {
      const licenses = childNamed(pom?.root, 'licenses')?.children.map((license) => childText(license, 'name') ?? '');
      const version = filled(inherited(chain, 'version')) ?? '';
      yield { name, version, isProject: true, licenses: licenses?.filter((license) => license !== '') };
    }
    const managed = new ManagedVersions(finder).of(chain, 0);
    for (const dependency of childNamed(pom?.root, 'dependencies')?.children ?? []) {
      const one = describe(dependency, filled, managed);
      if (one !== undefined) yield one;
    }
  };
}

function describe(
  dependency: XmlElement,
  filled: Filled,
  managed: ReadonlyMap<string, Managed>,
): NamedPackage | undefined {
  const name = coordinates(filled(childText(dependency, 'groupId')), filled(childText(dependency, 'artifactId')));
  if (name === undefined) return undefined;
  const written = filled(childText(dependency, 'version')) ?? managed.get(name)?.version;
  const version = written?.replace(/^\[(?<only>[^,[\]]+)\]$/, '$<only>');
  const scope = filled(childText(dependency, 'scope')) ?? managed.get(name)?.scope ?? 'compile';
  if (version === undefined || /[[\](),]|\$\{/.test(version)) return undefined;
  // The container or the JDK brings a provided one; tests are run before.
  return { name, version, isDevelopment: scope === 'compile' || scope === 'runtime' ? undefined : true };
}

function coordinates(group: string | undefined, artifact: string | undefined): string | undefined {
  return group === undefined || artifact === undefined ? undefined : `${group}:${artifact}`;
}

/** Managed versions of a project and its parents: what they say comes before what they import, the first import before others. */
class ManagedVersions {
  readonly #finder: PomFinder;
  #importsLeft = maxImports;

  constructor(finder: PomFinder) {
    this.#finder = finder;
  }

  of(chain: readonly Pom[], depth: number): Map<string, Managed> {
    const filled = fillerOf(chain);
    const managed = new Map<string, Managed>();
    const imports: XmlElement[] = [];
    const entries = chain.flatMap(
      ({ root }) => childNamed(childNamed(root, 'dependencyManagement'), 'dependencies')?.children ?? [],
    );
    for (const entry of entries) {
      const scope = filled(childText(entry, 'scope'));
      if (scope === 'import') imports.push(entry);
      const name = coordinates(filled(childText(entry, 'groupId')), filled(childText(entry, 'artifactId')));
      const version = filled(childText(entry, 'version'));
      if (name === undefined || version === undefined || scope === 'import' || managed.has(name)) continue;
      managed.set(name, { version, scope });
    }
    for (const entry of imports) {
      for (const [name, one] of this.#imported(entry, filled, depth)) {
        if (!managed.has(name)) managed.set(name, one);
      }
    }
    return managed;
  }

  #imported(entry: XmlElement, filled: Filled, depth: number): Map<string, Managed> {
    if (depth >= maxImportDepth || this.#importsLeft-- <= 0) return new Map();
    const [group, artifact, version] = ['groupId', 'artifactId', 'version'].map((key) => filled(childText(entry, key)));
    const pom = this.#finder.find({ group: group ?? '', artifact: artifact ?? '', version: version ?? '' });
    return pom === undefined ? new Map() : this.of(this.#finder.withParents(pom), depth + 1);
  }
}

/** Group and version are those of the parent when the project has none. */
function inherited(chain: readonly Pom[], name: string): string | undefined {
  for (const { root } of chain) {
    const value = childText(root, name) ?? childText(childNamed(root, 'parent'), name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function fillerOf(chain: readonly Pom[]): Filled {
  const properties = propertiesOf(chain);
  return (value) => value && fill(value, properties);
}

function propertiesOf(chain: readonly Pom[]): Map<string, string> {
  const properties = new Map<string, string>();
  for (const { root } of [...chain].reverse()) {
    for (const { name, text } of childNamed(root, 'properties')?.children ?? []) properties.set(name, text);
  }
  const parent = childNamed(chain[0]?.root, 'parent');
  for (const prefix of ['project.', 'pom.', '']) {
    for (const name of ['groupId', 'version', 'artifactId']) {
      const value = name === 'artifactId' ? childText(chain[0]?.root, name) : inherited(chain, name);
      if (value !== undefined && !properties.has(prefix + name)) properties.set(prefix + name, value);
      const ofParent = childText(parent, name);
      if (ofParent !== undefined) properties.set(`${prefix}parent.${name}`, ofParent);
    }
  }
  return properties;
}

/** `${name}` of properties; a property may name another. What is not known stays. */
function fill(text: string, properties: ReadonlyMap<string, string>): string {
  let value = text;
  for (let round = 0; round < 5 && value.includes('${') && value.length < 1024; round++) {
    value = value.replace(/\$\{(?<name>[^{}]+)\}/g, (all, name: string) => properties.get(name) ?? all);
  }
  return value;
}
