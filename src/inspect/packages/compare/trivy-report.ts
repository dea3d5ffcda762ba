import { isRecord, recordsOf, textOf, textsOf, type JsonRecord } from '../advisories/json.ts';
import type { ReportTarget, ScannerReport } from './report.ts';
import { digestsIn, rowOf, scannerName } from './row.ts';

/** Trivy's `--format json` (github.com/aquasecurity/trivy, pkg/types/report.go). */
export function readTrivy(root: JsonRecord, path: string): ScannerReport {
  const version = isRecord(root['Trivy']) ? textOf(root['Trivy']['Version']) : undefined;
  const results = recordsOf(root['Results']);
  const rows = results.flatMap((result) =>
    recordsOf(result['Vulnerabilities']).flatMap((entry) =>
      rowOf({
        id: entry['VulnerabilityID'],
        aliases: entry['VendorIDs'],
        name: entry['PkgName'],
        version: entry['InstalledVersion'],
        fixed: entry['FixedVersion'],
        severity: entry['Severity'],
        location: entry['PkgPath'],
      }),
    ),
  );
  const others = results.flatMap((result) =>
    ['Misconfigurations', 'Secrets', 'Licenses'].flatMap((key) => recordsOf(result[key])),
  );
  const packages = results.flatMap((result) =>
    recordsOf(result['Packages']).flatMap(({ Name: name }) => textOf(name) ?? []),
  );
  return {
    scanner: scannerName('Trivy', version),
    path,
    createdAt: textOf(root['CreatedAt']),
    target: targetOf(root),
    rows,
    ...(packages.length === 0 ? {} : { packages: new Set(packages) }),
    unread: others.length,
  };
}

function targetOf(root: JsonRecord): ReportTarget {
  const metadata = isRecord(root['Metadata']) ? root['Metadata'] : {};
  const system = isRecord(metadata['OS']) ? metadata['OS'] : {};
  const [family, release] = [textOf(system['Family']), textOf(system['Name'])];
  const name = textsOf(metadata['RepoTags'])[0] ?? textOf(root['ArtifactName']);
  const imageId = textOf(metadata['ImageID']);
  return {
    ...(name === undefined ? {} : { name }),
    ...(imageId === undefined ? {} : { imageId }),
    manifests: digestsIn(textsOf(metadata['RepoDigests'])),
    ...(family === undefined || release === undefined ? {} : { system: `${family} ${release}` }),
  };
}
