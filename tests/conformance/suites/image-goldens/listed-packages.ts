import type { MemoryBook } from '../../../../src/inspect/packages/advisories/memory-book.ts';
import { assess } from '../../../../src/inspect/packages/matching/assess.ts';
import type { Vulnerability } from '../../../../src/inspect/packages/matching/vulnerabilities.ts';
import type { Package } from '../../../../src/inspect/packages/package.ts';
import { identityOf } from '../../../../src/inspect/packages/sbom/from-purl.ts';
import { namedDistribution, namedPackage } from '../image-vulnerability-cases/package.ts';
import type { TrivyDatabase } from '../image-vulnerability-cases/trivy-db.ts';
import type { GoldenReport } from './golden.ts';

/** Families of distributions in Trivy's words, where os-release has another. */
const distributionIds: Readonly<Record<string, string>> = {
  alma: 'almalinux',
  amazon: 'amzn',
  'cbl-mariner': 'mariner',
  oracle: 'ol',
  redhat: 'rhel',
};

/**
 * What we say of the packages that a report on an image names, where the image is not here: name, version and distribution are the report's. What else
 * is in the image is not seen. Undefined for a report that names none, and for an Alpine whose repositories are of another release than it
 * says: the report does not tell which.
 */
export function judgeListed(
  { book, sources }: TrivyDatabase,
  report: GoldenReport,
): readonly Vulnerability[] | undefined {
  const { Results = [], Metadata } = report;
  const rows = Results.flatMap(({ Class, Type, Vulnerabilities = [] }) =>
    (Class === 'lang-pkgs' || Class === 'os-pkgs') && Type !== 'kubernetes' ? Vulnerabilities : [],
  );
  const packages = new Map<string, Package>();
  for (const { PkgIdentifier, VulnerabilityID } of rows) {
    const identity = identityOf(PkgIdentifier?.PURL ?? '');
    if (identity === undefined) return undefined;
    const { type, name, version, purl } = identity;
    const source = sources.get(VulnerabilityID);
    const isBySource =
      (type === 'deb' || type === 'apk' || type === 'rpm') && source !== undefined && !source.has(name);
    const [first = name] = source ?? [];
    const known = packages.get(purl);
    if (known?.source !== undefined) continue;
    packages.set(purl, namedPackage(type, name, version, isBySource ? { source: { name: first, version } } : {}));
  }
  const { Family, Name } = Metadata?.OS ?? { Family: '', Name: '' };
  const isUntold = Family === 'alpine' && !book.streams.has(`alpine:${/^\d+\.\d+/.exec(Name)?.[0]}`);
  return rows.length === 0 || isUntold ? undefined : vulnerabilitiesOf([...packages.values()], Metadata?.OS, book);
}

function vulnerabilitiesOf(
  packages: readonly Package[],
  system: { readonly Family: string; readonly Name: string } | undefined,
  book: MemoryBook,
): readonly Vulnerability[] {
  // `2 (Karoo)`, `AMI release 2018.03`.
  const release = /\d[\d.]*/.exec(system?.Name ?? '')?.[0] ?? '';
  const id = distributionIds[system?.Family ?? ''] ?? system?.Family ?? '';
  const distribution = namedDistribution(id, release);
  const options = { today: '2026-11-26', vex: [], ignores: [], withDevelopment: true };
  return assess({ name: 'listed', packages, distribution }, book, options).vulnerabilities;
}
