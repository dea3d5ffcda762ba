import { asObject, asText } from '../../json.ts';
import type { NameReader } from '../../named-packages.ts';
import { parseXml, type XmlElement } from '../../xml.ts';

/** `libraries` by `Name/version`; what is no package is a project of the solution. */
export const readDepsJson: NameReader = function* readDepsJson(text) {
  for (const [key, value] of Object.entries(asObject(asObject(JSON.parse(text))['libraries']))) {
    const slash = key.lastIndexOf('/');
    if (slash <= 0) continue;
    const isPackage = asText(asObject(value)['type'])?.toLowerCase() === 'package';
    yield { name: key.slice(0, slash), version: key.slice(slash + 1), isProject: isPackage ? undefined : true };
  }
};

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

/** A version that is a property of the build names none. */
export const readPackagesProps: NameReader = function* readPackagesProps(text) {
  const groups = parseXml(text).children.filter(({ name }) => name === 'ItemGroup');
  for (const { name, attributes, children } of groups.flatMap((group: XmlElement) => group.children)) {
    if (!/^(?:PackageVersion|PackageReference|GlobalPackageReference)$/.test(name)) continue;
    const id = attributes['Include'] ?? attributes['Update'];
    const version = attributes['Version'] ?? children.find((child) => child.name === 'Version')?.text;
    if (id !== undefined && version !== undefined && /^\d[\w.+-]*$/.test(version)) yield { name: id.trim(), version };
  }
};
