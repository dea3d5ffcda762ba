import { recordIn, recordsOf, textOf, type JsonRecord } from '../advisories/json.ts';
import type { ReportedRow, ScannerReport } from './report.ts';
import { rowOf, scannerName } from './row.ts';

/** GitLab's report of container or dependency scanning, which Trivy, Grype and Docker Scout write too (gitlab-org/security-report-schemas). */
export function readGitLab(root: JsonRecord, path: string): ScannerReport {
  const scan = recordIn(root, 'scan');
  const scanner = recordIn(scan, 'scanner');
  const all = recordsOf(root['vulnerabilities']);
  const rows = all.flatMap((one) => rowsOf(one));
  const place = recordIn(all[0] ?? {}, 'location');
  const [name, system] = [textOf(place['image']), textOf(place['operating_system'])];
  return {
    scanner: scannerName(textOf(scanner['name']) ?? textOf(scanner['id']) ?? 'GitLab', textOf(scanner['version'])),
    path,
    createdAt: textOf(scan['end_time']),
    target: {
      ...(name === undefined ? {} : { name }),
      manifests: [],
      ...(system === undefined || !/^\S+ \S+$/.test(system) ? {} : { system }),
    },
    rows,
    unread: all.length - rows.length,
  };
}

function rowsOf(one: JsonRecord): ReportedRow[] {
  const dependency = recordIn(recordIn(one, 'location'), 'dependency');
  // Weaknesses are no names of a vulnerability.
  const names = recordsOf(one['identifiers']).filter(({ type }) => textOf(type)?.toLowerCase() !== 'cwe');
  const ids = names.flatMap(({ value, name }) => textOf(value) ?? textOf(name) ?? []);
  return rowOf({
    id: ids[0] ?? textOf(one['cve']),
    aliases: ids,
    name: recordIn(dependency, 'package')['name'],
    version: dependency['version'],
    fixed: /^Upgrade .+? to (?:version )?(?<version>\S+)$/i.exec(textOf(one['solution']) ?? '')?.groups?.['version'],
    severity: one['severity'],
    location: recordIn(one, 'location')['file'],
  });
}

/** `CVE-2019-1549 - libcrypto1.1 - 1.1.1c-r0 - what it is`. */
const described = /^(?<id>\S{3,100}) - (?<name>\S{1,300}) - (?<version>\S{1,200}) - /;

/** GitLab's report of code quality, as Trivy's template for it writes it: a list of issues whose description names the package. */
export function readCodeQuality(issues: readonly JsonRecord[], path: string): ScannerReport {
  const rows = issues.flatMap((issue) => {
    const { id, name, version } = described.exec(textOf(issue['description']) ?? '')?.groups ?? {};
    return rowOf({ id, name, version, location: recordIn(issue, 'location')['path'] });
  });
  const scanner = 'GitLab code quality';
  return { scanner, path, createdAt: undefined, target: { manifests: [] }, rows, unread: issues.length - rows.length };
}
