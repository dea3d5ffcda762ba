import { quote } from '../../../base/problem.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { normalPath } from '../../tree/tree.ts';
import { toPackage } from '../findings.ts';
import { asList, asObject, asText } from '../json.ts';
import { distributionOf, factsOf, type Extra } from './extras.ts';
import { identityOf } from './from-purl.ts';
import { isSpdxExpression } from './licenses.ts';
import { SbomDraft, type ReadSbom } from './read-result.ts';
import { toolName } from './sbom.ts';

type Members = Readonly<Record<string, unknown>>;

/** An SPDX 2.2 or 2.3 document in JSON. Packages without a package URL that are no subject, system or file are told and left out. */
export function fromSpdx(document: Members): ReadSbom {
  const draft = new SbomDraft();
  const texts = new Map<string, string>();
  for (const info of asList(document['hasExtractedLicensingInfos']).map(asObject)) {
    texts.set(asText(info['licenseId']) ?? '', asText(info['extractedText']) ?? '');
  }
  const described = subjectIds(document);
  let subject: Members = {};
  for (const one of asList(document['packages']).map(asObject)) {
    if (described.has(asText(one['SPDXID']) ?? '') && isSubject(purlIn(one))) subject = one;
    else readPackage(one, texts, draft);
  }
  const digest = asText(subject['versionInfo']);
  const isImage = subject['primaryPackagePurpose'] === 'CONTAINER' || /Container/.test(asText(subject['SPDXID']) ?? '');
  return draft.done(
    (asText(document['spdxVersion']) ?? 'SPDX').replace('-', ' '),
    {
      name: asText(subject['name']) ?? asText(document['name']) ?? '',
      kind: isImage ? 'image' : 'folder',
      ...(digest?.startsWith('sha256:') === true ? { digest } : {}),
    },
    parseIsoMicros(asText(asObject(document['creationInfo'])['created']) ?? '') ?? 0,
  );
}

function subjectIds(document: Members): Set<string> {
  const ids = new Set(asList(document['documentDescribes']).filter((id) => typeof id === 'string'));
  for (const one of asList(document['relationships']).map(asObject)) {
    const isDescription = one['relationshipType'] === 'DESCRIBES' || one['relationshipType'] === 'DESCRIBE';
    const id = asText(one['relatedSpdxElement']);
    if (isDescription && id !== undefined) ids.add(id);
  }
  return ids;
}

/** Images and products have a package URL too, which names what the bill is about and nothing in it. */
function isSubject(purl: string | undefined): boolean {
  return purl === undefined || /^pkg:(?:oci|docker|swid)\//.test(purl);
}

function purlIn(one: Members): string | undefined {
  const references = asList(one['externalRefs']).map(asObject);
  return asText(references.find((reference) => reference['referenceType'] === 'purl')?.['referenceLocator']);
}

function readPackage(one: Members, texts: ReadonlyMap<string, string>, draft: SbomDraft): void {
  const name = asText(one['name']) ?? '';
  const id = asText(one['SPDXID']) ?? '';
  const extras = extrasIn(one);
  const purpose = asText(one['primaryPackagePurpose']);
  if (purpose === 'OPERATING-SYSTEM' || purpose === 'OPERATING_SYSTEM' || id.startsWith('SPDXRef-OperatingSystem')) {
    draft.distribution ??= distributionOf(name, asText(one['versionInfo']), extras);
    return;
  }
  const purl = purlIn(one);
  const identity = purl === undefined ? undefined : identityOf(purl, name);
  if (identity === undefined) {
    // Trivy lists images and lock files as packages, which hold what they name.
    const isHolder = /^SPDXRef-(?:Application|ContainerImage|Filesystem|File)-/.test(id);
    if (!isHolder) draft.problem(`the package ${quote(name)} has no package URL; it was left out`);
    return;
  }
  const licenses = licensesIn(one, texts);
  draft.add(toPackage({ foundBy: 'sbom', locations: [], licenses, ...identity, ...factsOf(extras) }));
}

/** Our own annotations; of others the source that `sourceInfo` names, or the file. */
function extrasIn(one: Members): Extra[] {
  const prefix = `${toolName}:`;
  const extras: Extra[] = [];
  for (const { comment } of asList(one['annotations']).map(asObject)) {
    const text = asText(comment) ?? '';
    const equals = text.indexOf('=');
    if (text.startsWith(prefix) && equals > 0) extras.push([text.slice(prefix.length, equals), text.slice(equals + 1)]);
  }
  if (extras.length > 0) return extras;
  const info = asText(one['sourceInfo'])?.slice(0, 1024) ?? '';
  const built = /^built package from: (?<name>\S+) (?<version>\S+)/.exec(info)?.groups;
  const found = /^package found in: (?<path>.+)$/.exec(info)?.groups?.['path'];
  if (built !== undefined) extras.push(['sourceName', built['name'] ?? ''], ['sourceVersion', built['version'] ?? '']);
  if (found !== undefined) extras.push(['location', normalPath(found)]);
  return extras;
}

/** An expression stays one, unless it is a list that was put together with AND, of which each part stands alone. */
function licensesIn(one: Members, texts: ReadonlyMap<string, string>): string[] {
  const declared = asText(one['licenseDeclared']) ?? asText(one['licenseConcluded']) ?? 'NOASSERTION';
  if (declared === 'NOASSERTION' || declared === 'NONE') return [];
  if (isSpdxExpression(declared)) return [declared];
  return declared.split(' AND ').map((part) => {
    const bare = part.replace(/^\((?<inner>.*)\)$/, '$<inner>');
    return texts.get(bare) ?? bare;
  });
}
