import { asObject, asText } from '../../json.ts';
import type { NameReader } from '../../named-packages.ts';
import { parseXml, type XmlElement } from '../../xml.ts';

/** By target framework; projects of the solution have no resolved version. */
export const readPackagesLock: NameReader = function* readPackagesLock(text) {
  for (const framework of Object.values(asObject(asObject(JSON.parse(text))['dependencies']))) {
    for (const [name, value] of Object.entries(asObject(framework))) {
      const version = asText(asObject(value)['resolved']);
      if (version !== undefined) yield { name, version };
    }
  }
};

export const readPackagesConfig: NameReader = function* readPackagesConfig(text) {
  for (const { name, attributes } of parseXml(text).children) {
    const { id, version, developmentDependency } = attributes;
    if (name !== 'package' || id === undefined || version === undefined) continue;
    yield { name: id, version, isDevelopment: developmentDependency === 'true' ? true : undefined };
  }
};

/** Properties are those of the file itself; a version that another file of the build sets names none. */
export const readPackagesProps: NameReader = function* readPackagesProps(text) {
  const { children: groups } = parseXml(text);
  const itemsOf = (name: string): readonly XmlElement[] =>
    groups.filter((group) => group.name === name).flatMap((group) => group.children);
  const properties = new Map(itemsOf('PropertyGroup').map((one) => [one.name.toLowerCase(), one.text]));
  for (const { name, attributes, children } of itemsOf('ItemGroup')) {
    if (!/^(?:PackageVersion|PackageReference|GlobalPackageReference)$/.test(name)) continue;
    const id = attributes['Include'] ?? attributes['Update'];
    const written = attributes['Version'] ?? children.find((child) => child.name === 'Version')?.text;
    const property = /^\$\((?<name>[\w.-]+)\)$/.exec(written ?? '')?.groups?.['name'];
    const version = property === undefined ? written : properties.get(property.toLowerCase());
    // `[1.0]` is this very version.
    const exact = /^\[?(?<exact>\d[\w.+-]*)\]?$/.exec(version ?? '')?.groups?.['exact'];
    if (id !== undefined && exact !== undefined) yield { name: id.trim(), version: exact };
  }
};
