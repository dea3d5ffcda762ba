import { decodeUtf8 } from '../../../../base/bytes.ts';
import { normalPath, parentOf } from '../../../tree/tree.ts';
import type { NameContext, NamedPackage, NameReader } from '../../named-packages.ts';
import { childNamed, childText, parseXml, type XmlElement } from '../../xml.ts';

const maxParents = 10;
const maxPomBytes = 2 ** 22;

/**
 * The project of a `pom.xml` and the dependencies that it names, with versions from properties, from `dependencyManagement` and from
 * parents that stand in the tree. What these need in turn only a repository tells, and is not listed. Ranges name no version.
 */
export const readPom: NameReader = function* readPom(text, context) {
  const chain = withParents(parseXml(text), context);
  const [pom] = chain;
  const properties = propertiesOf(chain);
  const filled = (value: string | undefined): string | undefined => value && fill(value, properties);
  const name = coordinates(filled(inherited(chain, 'groupId')), filled(childText(pom, 'artifactId')));
  if (name !== undefined) {
    const licenses = childNamed(pom, 'licenses')?.children.map((license) => childText(license, 'name') ?? '');
    const version = filled(inherited(chain, 'version')) ?? '';
    yield { name, version, isProject: true, licenses: licenses?.filter((license) => license !== '') };
  }
  const managed = new Map(chain.flatMap((one) => managedVersions(one, filled)).reverse());
  for (const dependency of childNamed(pom, 'dependencies')?.children ?? []) {
    const one = describe(dependency, filled, managed);
    if (one !== undefined) yield one;
  }
};

function describe(
  dependency: XmlElement,
  filled: (value: string | undefined) => string | undefined,
  managed: ReadonlyMap<string, string>,
): NamedPackage | undefined {
  const name = coordinates(filled(childText(dependency, 'groupId')), filled(childText(dependency, 'artifactId')));
  const version = name === undefined ? undefined : (filled(childText(dependency, 'version')) ?? managed.get(name));
  const scope = filled(childText(dependency, 'scope')) ?? 'compile';
  if (name === undefined || version === undefined || /[[\](),]|\$\{/.test(version)) return undefined;
  // The container or the JDK brings a provided one; tests are run before.
  return { name, version, isDevelopment: scope === 'compile' || scope === 'runtime' ? undefined : true };
}

function coordinates(group: string | undefined, artifact: string | undefined): string | undefined {
  return group === undefined || artifact === undefined ? undefined : `${group}:${artifact}`;
}

/** The project and its parents by `relativePath` (`../pom.xml` when nothing is said), nearest first. */
function withParents(pom: XmlElement, { tree, entry }: NameContext): XmlElement[] {
  const chain = [pom];
  let folder = parentOf(entry.path);
  for (let at: XmlElement | undefined = pom; at !== undefined && chain.length <= maxParents;) {
    const parent = childNamed(at, 'parent');
    if (parent === undefined) break;
    const relative = childNamed(parent, 'relativePath')?.text ?? '../pom.xml';
    const named = normalPath(`${folder}/${relative}`);
    const path = tree.stat(named)?.type === 'directory' ? `${named}/pom.xml` : named;
    const bytes = relative === '' ? undefined : tree.read(path, maxPomBytes);
    at = bytes === undefined ? undefined : tryParse(decodeUtf8(bytes));
    if (at === undefined || childText(at, 'artifactId') !== childText(parent, 'artifactId')) break;
    chain.push(at);
    folder = parentOf(path);
  }
  return chain;
}

/** A parent that is broken is told when it is read as a project of its own. */
function tryParse(text: string): XmlElement | undefined {
  try {
    return parseXml(text);
  } catch {
    return undefined;
  }
}

/** Group and version are those of the parent when the project has none. */
function inherited(chain: readonly XmlElement[], name: string): string | undefined {
  for (const pom of chain) {
    const value = childText(pom, name) ?? childText(childNamed(pom, 'parent'), name);
    if (value !== undefined) return value;
  }
  return undefined;
}

function propertiesOf(chain: readonly XmlElement[]): Map<string, string> {
  const properties = new Map<string, string>();
  for (const pom of [...chain].reverse()) {
    for (const { name, text } of childNamed(pom, 'properties')?.children ?? []) properties.set(name, text);
  }
  for (const prefix of ['project.', 'pom.', '']) {
    for (const name of ['groupId', 'version', 'artifactId']) {
      const value = name === 'artifactId' ? childText(chain[0], name) : inherited(chain, name);
      if (value !== undefined && !properties.has(prefix + name)) properties.set(prefix + name, value);
    }
    const parentVersion = childText(childNamed(chain[0], 'parent'), 'version');
    if (parentVersion !== undefined) properties.set(`${prefix}parent.version`, parentVersion);
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

function managedVersions(
  pom: XmlElement,
  filled: (value: string | undefined) => string | undefined,
): (readonly [string, string])[] {
  const dependencies = childNamed(childNamed(pom, 'dependencyManagement'), 'dependencies')?.children ?? [];
  return dependencies.flatMap((dependency) => {
    const name = coordinates(filled(childText(dependency, 'groupId')), filled(childText(dependency, 'artifactId')));
    const version = filled(childText(dependency, 'version'));
    return name === undefined || version === undefined ? [] : [[name, version] as const];
  });
}
