import { asList, asObject, asText } from '../../json.ts';
import type { NamedPackage, NameReader } from '../../named-packages.ts';
import { yamlTexts } from '../../yaml-texts.ts';

/** One installed package. */
export const readMeta: NameReader = function* readMeta(text) {
  yield* named(asObject(JSON.parse(text)));
};

/** Of the wanted packages those with one version: `name=1.0[=build]`, `name==1.0`, `name 1.0 [build]`. */
export const readEnvironment: NameReader = function* readEnvironment(text) {
  for (const wanted of asList(asObject(yamlTexts(text))['dependencies'])) {
    const pattern = /^(?:[^\s:]+::)?(?<name>[\w.-]+)(?:\s*={1,2}\s*|\s+)(?<version>\d[\w.!+-]*)(?:[=\s]\s*\S+)?$/;
    const { name, version } = pattern.exec(asText(wanted)?.slice(0, 512) ?? '')?.groups ?? {};
    if (name !== undefined && version !== undefined) yield { name, version };
  }
};

/** `conda-lock.yml`: `category` says what is only wanted on demand; the same package stands there once for each platform. */
export const readCondaLock: NameReader = function* readCondaLock(text) {
  for (const entry of asList(asObject(yamlTexts(text))['package']).map(asObject)) {
    if ((asText(entry['manager']) ?? 'conda') !== 'conda') continue;
    const isDevelopment = (asText(entry['category']) ?? 'main') === 'main' ? undefined : true;
    for (const one of named(entry)) yield { ...one, isDevelopment };
  }
};

/** Addresses of archives, one a line below `@EXPLICIT`, as `conda list --explicit` writes them. */
export const readExplicit: NameReader = function* readExplicit(text) {
  for (const line of text.split('\n')) {
    const one = /^\s*https?:/.test(line) ? fromAddress(line.trim()) : undefined;
    if (one !== undefined) yield one;
  }
};

/** `pixi.lock`: `kind: conda` with name and version until version 5, `conda: URL` since. */
export const readPixiLock: NameReader = function* readPixiLock(text) {
  for (const entry of asList(asObject(yamlTexts(text))['packages']).map(asObject)) {
    const address = asText(entry['conda']) ?? (entry['kind'] === 'conda' ? (asText(entry['url']) ?? '') : undefined);
    if (address === undefined) continue;
    const [one = fromAddress(address)] = named(entry);
    if (one !== undefined) yield one;
  }
};

/** An archive is called `name-version-build`, and a name may have dashes. */
function fromAddress(address: string): NamedPackage | undefined {
  const pattern = /(?:^|\/)(?<name>[^/]+)-(?<version>[^-/]+)-[^-/]+\.(?:conda|tar\.bz2)(?:#.*)?$/;
  const { name, version } = pattern.exec(address.slice(0, 2048))?.groups ?? {};
  return name === undefined || version === undefined ? undefined : { name, version };
}

function* named(entry: Readonly<Record<string, unknown>>): Generator<NamedPackage> {
  const name = asText(entry['name']);
  const version = asText(entry['version']);
  const license = asText(entry['license']);
  if (name === undefined || version === undefined) return;
  yield { name, version, licenses: license === undefined ? [] : [license] };
}
