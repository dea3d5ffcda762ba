import { quote } from '../../../base/problem.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { normalPath } from '../../tree/tree.ts';
import { toPackage } from '../findings.ts';
import { asList, asObject, asText } from '../json.ts';
import type { OwnedFile } from '../package.ts';
import { distributionOf, factsOf, type Extra } from './extras.ts';
import { identityOf } from './from-purl.ts';
import { SbomDraft, type ReadSbom } from './read-result.ts';
import { toolName } from './sbom.ts';

type Members = Readonly<Record<string, unknown>>;

const ownPrefix = `${toolName}:`;
const trivyPrefix = 'aquasecurity:trivy:';
/** Components in components; Trivy nests lock files in images, others no deeper. */
const maxDepth = 32;

/** A CycloneDX JSON document, 1.2 to 1.6, of Vakthund, Trivy, Syft or others. Components without a package URL are told and left out. */
export function fromCycloneDx(document: Members): ReadSbom {
  const draft = new SbomDraft();
  const open = asList(document['components']).map((value) => ({ component: asObject(value), depth: 0 }));
  // Clusters, lock files and the like are listed as components too, and hold what depends on them.
  const holders = new Set<unknown>();
  for (const { ref, dependsOn } of asList(document['dependencies']).map(asObject)) {
    if (asList(dependsOn).length > 0) holders.add(ref);
  }
  // The list grows while it is gone through.
  for (const { component, depth } of open) {
    readComponent(component, draft, holders);
    if (component['type'] === 'library' || depth >= maxDepth) continue;
    for (const value of asList(component['components'])) open.push({ component: asObject(value), depth: depth + 1 });
  }
  const metadata = asObject(document['metadata']);
  const subject = asObject(metadata['component']);
  const digest = asText(subject['version']);
  return draft.done(
    `CycloneDX ${asText(document['specVersion']) ?? ''}`.trimEnd(),
    {
      name: asText(subject['name']) ?? '',
      kind: subject['type'] === 'container' ? 'image' : 'folder',
      ...(digest?.startsWith('sha256:') === true ? { digest } : {}),
    },
    parseIsoMicros(asText(metadata['timestamp']) ?? '') ?? 0,
  );
}

function readComponent(component: Members, draft: SbomDraft, holders: ReadonlySet<unknown>): void {
  const type = asText(component['type']);
  const name = asText(component['name']) ?? '';
  const extras = extrasIn(component);
  if (type === 'operating-system') {
    draft.distribution ??= distributionOf(name, asText(component['version']), extras);
    return;
  }
  const purl = asText(component['purl']);
  const group = asText(component['group']);
  const divider = purl?.startsWith('pkg:maven/') === true ? ':' : '/';
  const identity =
    purl === undefined ? undefined : identityOf(purl, group === undefined ? name : `${group}${divider}${name}`);
  if (identity === undefined) {
    const isClass = asList(component['properties']).some((one) => asObject(one)['name'] === `${trivyPrefix}Class`);
    const isHolder = isClass || type === 'file' || 'components' in component || holders.has(component['bom-ref']);
    if (!isHolder) draft.problem(`the component ${quote(name)} has no package URL; it was left out`);
    return;
  }
  draft.add(
    toPackage({
      foundBy: 'sbom',
      locations: [],
      ...identity,
      ...factsOf(extras),
      licenses: licensesIn(component),
      files: filesIn(component),
    }),
  );
}

/** Our own properties, and those of Trivy that mean the same. */
function extrasIn(component: Members): Extra[] {
  const extras: Extra[] = [];
  const trivy = new Map<string, string>();
  for (const property of asList(component['properties']).map(asObject)) {
    const name = asText(property['name']) ?? '';
    const value = typeof property['value'] === 'string' ? property['value'] : '';
    if (name.startsWith(ownPrefix)) extras.push([name.slice(ownPrefix.length), value]);
    else if (name.startsWith(trivyPrefix)) trivy.set(name.slice(trivyPrefix.length), value);
    else if (/^syft:location:\d+:path$/.test(name)) extras.push(['location', normalPath(value)]);
  }
  const [source, version, release, epoch] = ['SrcName', 'SrcVersion', 'SrcRelease', 'SrcEpoch'].map((key) =>
    trivy.get(key),
  );
  if (source !== undefined && version !== undefined) {
    const full = `${epoch === undefined || epoch === '0' ? '' : `${epoch}:`}${version}${release === undefined ? '' : `-${release}`}`;
    extras.push(['sourceName', source], ['sourceVersion', full]);
  }
  const path = trivy.get('FilePath');
  if (path !== undefined) extras.push(['location', normalPath(path)]);
  return extras;
}

function licensesIn(component: Members): string[] {
  return asList(component['licenses'])
    .map(asObject)
    .map((choice) => {
      const license = asObject(choice['license']);
      return asText(choice['expression']) ?? asText(license['id']) ?? asText(license['name']);
    })
    .filter((license) => license !== undefined);
}

const algorithms: Readonly<Record<string, NonNullable<OwnedFile['digest']>['algorithm']>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** Files below a package. */
function filesIn(component: Members): OwnedFile[] {
  const files = asList(component['components'])
    .map(asObject)
    .filter((one) => one['type'] === 'file');
  return files.map((file) => {
    const hash = asObject(asList(file['hashes'])[0]);
    const algorithm = algorithms[asText(hash['alg']) ?? ''];
    const hex = asText(hash['content']);
    const extras = new Map(extrasIn(file));
    const number = (name: string, base: number): number | undefined => {
      const text = extras.get(name);
      return text !== undefined && /^\d{1,10}$/.test(text) ? Number.parseInt(text, base) : undefined;
    };
    const [mode, uid, gid] = [number('mode', 8), number('uid', 10), number('gid', 10)];
    return {
      path: normalPath(asText(file['name']) ?? ''),
      ...(algorithm === undefined || hex === undefined ? {} : { digest: { algorithm, hex } }),
      ...(extras.get('config') === 'true' ? { isConfig: true as const } : {}),
      ...(mode === undefined ? {} : { mode }),
      ...(uid === undefined ? {} : { uid }),
      ...(gid === undefined ? {} : { gid }),
    };
  });
}
