import { stableId } from '../../../base/id.ts';
import { LazyList } from '../../../base/json-text.ts';
import { formatIso } from '../../../base/time.ts';
import type { Package } from '../package.ts';
import { distributionExtras, extrasOf, type Extra } from './extras.ts';
import { isSpdxExpression, isSpdxIdentifier } from './licenses.ts';
import { toolName, type Sbom, type SbomStamp } from './sbom.ts';
import { supplierOf } from './supplier.ts';

type Json = Readonly<Record<string, unknown>>;

/** A bill of materials as SPDX 2.3 JSON (spdx.github.io/spdx-spec/v2.3), its long lists lazy. What the format has no field for stands in annotations. */
export function toSpdx({ subject, created, distribution, packages }: Sbom, stamp: SbomStamp): Json {
  // SPDX times have no fraction.
  const date = formatIso(created).replace(/\.\d+Z$/, 'Z');
  const annotator = `Tool: ${toolName}-${stamp.toolVersion}`;
  const annotate = (extras: readonly Extra[]): Json[] =>
    extras.map(([name, value]) => ({
      annotator,
      annotationDate: date,
      annotationType: 'OTHER',
      comment: `${toolName}:${name}=${value}`,
    }));
  const references = new Map<string, string>();
  const root = 'SPDXRef-Subject';
  const system =
    distribution === undefined
      ? []
      : [
          {
            name: distribution.id,
            SPDXID: 'SPDXRef-OperatingSystem',
            ...(distribution.versionId === undefined ? {} : { versionInfo: distribution.versionId }),
            ...plain,
            // The JSON schema has underscores where the tag-value form has a hyphen.
            primaryPackagePurpose: 'OPERATING_SYSTEM',
            annotations: annotate(distributionExtras(distribution)),
          },
        ];
  // They stand behind the packages, and have to be known before.
  for (const { licenses } of packages) declared(licenses, references);
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: subject.name,
    documentNamespace: `https://vakthund.invalid/spdx/${stamp.uuid}`,
    creationInfo: { created: date, creators: [annotator] },
    documentDescribes: [root],
    packages: new LazyList(function* () {
      yield {
        name: subject.name,
        SPDXID: root,
        ...(subject.digest === undefined ? {} : { versionInfo: subject.digest }),
        ...plain,
        primaryPackagePurpose: subject.kind === 'image' ? 'CONTAINER' : 'FILE',
      };
      yield* system;
      for (const [index, one] of packages.entries()) {
        yield packageOf(one, index, references, annotate([...extrasOf(one), ...licenseExtras(one)]));
      }
    }),
    ...(references.size === 0
      ? {}
      : {
          hasExtractedLicensingInfos: [...references].map(([text, licenseId]) => ({
            licenseId,
            extractedText: text,
            name: text.slice(0, 200),
          })),
        }),
    relationships: new LazyList(function* () {
      yield { spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'DESCRIBES', relatedSpdxElement: root };
      const contains = { spdxElementId: root, relationshipType: 'CONTAINS' };
      for (const { SPDXID } of system) yield { ...contains, relatedSpdxElement: SPDXID };
      for (const index of packages.keys()) yield { ...contains, relatedSpdxElement: idOf(index) };
    }),
  };
}

function idOf(index: number): string {
  return `SPDXRef-Package-${index + 1}`;
}

const plain = {
  downloadLocation: 'NOASSERTION',
  filesAnalyzed: false,
  licenseConcluded: 'NOASSERTION',
  licenseDeclared: 'NOASSERTION',
  copyrightText: 'NOASSERTION',
} as const;

function packageOf(one: Package, index: number, references: Map<string, string>, annotations: readonly Json[]) {
  const { source } = one;
  return {
    name: one.name,
    SPDXID: idOf(index),
    ...(one.version === '' ? {} : { versionInfo: one.version }),
    supplier: supplierText(one),
    ...plain,
    licenseDeclared: declared(one.licenses, references),
    ...(source === undefined ? {} : { sourceInfo: `built package from: ${source.name} ${source.version}` }),
    externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: one.purl }],
    primaryPackagePurpose: one.isProject === true ? 'APPLICATION' : 'LIBRARY',
    annotations: [...annotations],
  };
}

function supplierText(one: Package): string {
  const supplier = supplierOf(one);
  if (supplier === undefined) return 'NOASSERTION';
  const address = supplier.email === undefined ? '' : ` (${supplier.email})`;
  return `Organization: ${supplier.name}${address}`;
}

/** Joined to an expression, a list can no longer be told from one that the package itself wrote. */
function licenseExtras({ licenses }: Package): Extra[] {
  return licenses.length > 1 ? licenses.map((text) => ['license', text] as const) : [];
}

/** All licences as one expression; a text that is no identifier is referred to, and stands at the end of the document. */
function declared(licenses: readonly string[], references: Map<string, string>): string {
  if (licenses.length === 0) return 'NOASSERTION';
  const parts = licenses.map((text) => {
    if (isSpdxIdentifier(text)) return text;
    if (isSpdxExpression(text)) return licenses.length === 1 ? text : `(${text})`;
    const reference = references.get(text) ?? stableId('LicenseRef-', [text]);
    references.set(text, reference);
    return reference;
  });
  return parts.join(' AND ');
}
