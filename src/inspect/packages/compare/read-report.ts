import { readFileSync, statSync } from 'node:fs';
import { VakthundError } from '../../../base/errors.ts';
import { isRecord, recordsOf, textOf, textsOf, type JsonRecord } from '../advisories/json.ts';
import type { ReportedRow, ScannerReport } from './report.ts';
import { readSarif } from './sarif.ts';

const maxBytes = 512 << 20;

/** The report of another scanner: JSON of Trivy or Grype, or SARIF (Docker Scout and others). Throws for anything else. */
export function readReport(path: string): ScannerReport {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new VakthundError('NOT_FOUND', `"${path}" does not exist`);
  if (stat.size > maxBytes) throw new VakthundError('EVIDENCE_LIMIT', `"${path}" has ${stat.size} bytes`);
  const found = parseReport(readFileSync(path, 'utf8'), path);
  if (found === undefined) {
    throw new VakthundError('EVIDENCE_READ', `"${path}" is no report that is understood`, {
      hint: 'JSON of Trivy and Grype is, and SARIF',
    });
  }
  return found;
}

/** Undefined for a text that is no report. */
export function parseReport(text: string, path: string): ScannerReport | undefined {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(root)) return undefined;
  if (Array.isArray(root['runs'])) return readSarif(root, path);
  if (Array.isArray(root['matches'])) return readGrype(root, path);
  return root['SchemaVersion'] !== undefined || Array.isArray(root['Results']) ? readTrivy(root, path) : undefined;
}

function readTrivy(root: JsonRecord, path: string): ScannerReport {
  const version = isRecord(root['Trivy']) ? textOf(root['Trivy']['Version']) : undefined;
  const rows = recordsOf(root['Results'])
    .flatMap((result) => recordsOf(result['Vulnerabilities']))
    .flatMap((entry) =>
      rowOf({
        id: entry['VulnerabilityID'],
        aliases: entry['VendorIDs'],
        name: entry['PkgName'],
        version: entry['InstalledVersion'],
        fixed: entry['FixedVersion'],
      }),
    );
  return { scanner: named('Trivy', version), path, createdAt: textOf(root['CreatedAt']), rows };
}

function readGrype(root: JsonRecord, path: string): ScannerReport {
  const descriptor = isRecord(root['descriptor']) ? root['descriptor'] : {};
  const rows = recordsOf(root['matches']).flatMap((match) => {
    const vulnerability = isRecord(match['vulnerability']) ? match['vulnerability'] : {};
    const artifact = isRecord(match['artifact']) ? match['artifact'] : {};
    const fix = isRecord(vulnerability['fix']) ? vulnerability['fix'] : {};
    const types = recordsOf(match['matchDetails']).flatMap(({ type }) => textOf(type) ?? []);
    return rowOf({
      id: vulnerability['id'],
      aliases: recordsOf(match['relatedVulnerabilities']).map(({ id }) => id),
      name: artifact['name'],
      version: artifact['version'],
      fixed: textsOf(fix['versions'])[0],
      isByCpe: types.length > 0 && types.every((type) => type === 'cpe-match'),
    });
  });
  return {
    scanner: named('Grype', textOf(descriptor['version'])),
    path,
    createdAt: textOf(descriptor['timestamp']),
    rows,
  };
}

function named(name: string, version: string | undefined): string {
  return version === undefined ? name : `${name} ${version}`;
}

interface RowParts {
  readonly id: unknown;
  readonly aliases?: unknown;
  readonly name: unknown;
  readonly version: unknown;
  readonly fixed?: unknown;
  readonly isByCpe?: boolean;
}

/** A row of its parts; none without an id and a package. */
function rowOf({ id, aliases, name, version, fixed, isByCpe = false }: RowParts): ReportedRow[] {
  const [idText, nameText] = [textOf(id), textOf(name)];
  if (idText === undefined || nameText === undefined) return [];
  const others = textsOf(aliases).filter((alias) => alias !== idText);
  return [
    { id: idText, aliases: others, package: nameText, version: textOf(version) ?? '', fixed: textOf(fixed), isByCpe },
  ];
}
