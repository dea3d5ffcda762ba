import { recordIn, recordsOf, textOf, type JsonRecord } from '../advisories/json.ts';
import type { ReportedRow, ScannerReport } from './report.ts';
import { rowOf, scannerName } from './row.ts';

/**
 * Findings as AWS Security Hub exchanges them (ASFF 2018-10-08), of Amazon Inspector, which lists the packages of a vulnerability, and of
 * Trivy's template, which has them among the details of a resource.
 */
export function readSecurityHub(root: JsonRecord, path: string): ScannerReport {
  const findings = recordsOf(root['Findings']);
  const all = findings.map((finding) => rowsOf(finding));
  const [first = {}] = findings;
  const [resource = {}] = recordsOf(first['Resources']);
  const name = textOf(recordIn(recordIn(resource, 'Details'), 'Container')['ImageName']);
  return {
    scanner: scannerName(productOf(first), undefined),
    path,
    createdAt: textOf(first['UpdatedAt']) ?? textOf(first['CreatedAt']),
    target: { ...(name === undefined ? {} : { name }), manifests: [] },
    rows: all.flat(),
    unread: all.filter((rows) => rows.length === 0).length,
  };
}

function productOf(finding: JsonRecord): string {
  const product = textOf(finding['ProductName']) ?? textOf(recordIn(finding, 'ProductFields')['Product Name']);
  return product ?? 'Security Hub';
}

function rowsOf(finding: JsonRecord): ReportedRow[] {
  const severity = recordIn(finding, 'Severity')['Label'];
  const listed = recordsOf(finding['Vulnerabilities']).flatMap((one) =>
    recordsOf(one['VulnerablePackages']).flatMap((pkg) =>
      rowOf({
        id: one['Id'],
        aliases: one['RelatedVulnerabilities'],
        name: pkg['Name'],
        version: versionOf(pkg),
        fixed: /^NotAvailable$/i.test(textOf(pkg['FixedInVersion']) ?? '') ? undefined : pkg['FixedInVersion'],
        severity,
        location: pkg['FilePath'],
      }),
    ),
  );
  if (listed.length > 0) return listed;
  return recordsOf(finding['Resources']).flatMap((resource) => {
    const other = recordIn(recordIn(resource, 'Details'), 'Other');
    return rowOf({
      id: other['CVE ID'],
      name: other['PkgName'],
      version: other['Installed Package'],
      fixed: other['Patched Package'],
      severity,
    });
  });
}

/** `epoch:version-release`; an epoch of 0 is none. */
function versionOf(pkg: JsonRecord): string {
  const [epoch, version, release] = ['Epoch', 'Version', 'Release'].map((key) => textOf(pkg[key]));
  const front = epoch === undefined || epoch === '0' ? '' : `${epoch}:`;
  return `${front}${version ?? ''}${release === undefined ? '' : `-${release}`}`;
}
