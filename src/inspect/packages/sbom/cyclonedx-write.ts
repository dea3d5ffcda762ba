import { LazyList } from '../../../base/json-text.ts';
import { formatIso } from '../../../base/time.ts';
import type { OwnedFile, Package } from '../package.ts';
import { parsePurl } from '../purl.ts';
import { distributionExtras, extrasOf, type Extra } from './extras.ts';
import { isSpdxExpression, isSpdxIdentifier } from './licenses.ts';
import { toolName, type Sbom, type SbomStamp } from './sbom.ts';
import { supplierOf } from './supplier.ts';

type Json = Readonly<Record<string, unknown>>;

/** A bill of materials as CycloneDX 1.6 JSON, its long lists lazy. What the format has no field for stands in properties `vakthund:…`. */
export function toCycloneDx({ subject, created, distribution, packages }: Sbom, stamp: SbomStamp): Json {
  const references = uniqueReferences(packages);
  const root = `subject-${stamp.uuid}`;
  const system =
    distribution === undefined
      ? []
      : [
          {
            'bom-ref': `distribution-${stamp.uuid}`,
            type: 'operating-system',
            name: distribution.id,
            ...(distribution.versionId === undefined ? {} : { version: distribution.versionId }),
            properties: propertiesOf(distributionExtras(distribution)),
          },
        ];
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${stamp.uuid}`,
    version: 1,
    metadata: {
      timestamp: formatIso(created),
      tools: { components: [{ type: 'application', name: toolName, version: stamp.toolVersion }] },
      component: {
        'bom-ref': root,
        type: subject.kind === 'image' ? 'container' : 'file',
        name: subject.name,
        ...(subject.digest === undefined ? {} : { version: subject.digest }),
      },
    },
    components: new LazyList(function* () {
      yield* system;
      for (const [index, one] of packages.entries()) {
        yield componentOf(one, references[index] ?? '', stamp.withFiles === true);
      }
    }),
    dependencies: [{ ref: root, dependsOn: [...system.map((one) => one['bom-ref']), ...references] }],
  };
}

/** The package URL; of a package that is there twice, with a number. */
function uniqueReferences(packages: readonly Package[]): string[] {
  const counts = new Map<string, number>();
  return packages.map(({ purl }) => {
    const count = (counts.get(purl) ?? 0) + 1;
    counts.set(purl, count);
    return count === 1 ? purl : `${purl}#${count}`;
  });
}

function componentOf(one: Package, reference: string, withFiles: boolean): Json {
  const namespace = parsePurl(one.purl)?.namespace ?? '';
  const isGrouped = one.type === 'maven' || one.type === 'npm' || one.type === 'composer';
  const group = isGrouped && namespace !== '' ? one.name.slice(0, namespace.length) : undefined;
  const supplier = supplierOf(one)?.name;
  const files = withFiles ? Array.from(one.files, (file) => fileOf(file, reference)) : [];
  return {
    'bom-ref': reference,
    type: one.isProject === true ? 'application' : 'library',
    ...(supplier === undefined ? {} : { supplier: { name: supplier } }),
    ...(group === undefined ? {} : { group }),
    name: group === undefined ? one.name : one.name.slice(group.length + 1),
    version: one.version,
    ...(one.isDevelopment === true ? { scope: 'excluded' } : {}),
    ...licensesOf(one.licenses),
    purl: one.purl,
    properties: propertiesOf(extrasOf(one)),
    ...(files.length === 0 ? {} : { components: files }),
  };
}

/** A list of licences, or one expression alone (bom-1.6.schema.json, licenseChoice). */
function licensesOf(licenses: readonly string[]): Json {
  if (licenses.length === 0) return {};
  const [first = ''] = licenses;
  if (licenses.length === 1 && isSpdxExpression(first)) return { licenses: [{ expression: first }] };
  return { licenses: licenses.map((text) => ({ license: isSpdxIdentifier(text) ? { id: text } : { name: text } })) };
}

const digestNames = { md5: 'MD5', sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;

function fileOf({ path, digest, isConfig, mode, uid, gid }: OwnedFile, reference: string): Json {
  const optional: (readonly [string, string | undefined])[] = [
    ['config', isConfig === true ? 'true' : undefined],
    ['mode', mode?.toString(8)],
    ['uid', uid?.toString()],
    ['gid', gid?.toString()],
  ];
  const properties = propertiesOf(optional.filter((pair): pair is Extra => pair[1] !== undefined));
  return {
    'bom-ref': `${reference}!${path}`,
    type: 'file',
    name: path,
    ...(digest === undefined ? {} : { hashes: [{ alg: digestNames[digest.algorithm], content: digest.hex }] }),
    ...(properties.length === 0 ? {} : { properties }),
  };
}

function propertiesOf(extras: readonly Extra[]): { name: string; value: string }[] {
  return extras.map(([name, value]) => ({ name: `${toolName}:${name}`, value }));
}
