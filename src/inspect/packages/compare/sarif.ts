import { recordIn, recordsOf, textOf, textsOf, type JsonRecord } from '../advisories/json.ts';
import type { ReportedRow, ReportTarget, ScannerReport } from './report.ts';
import { digestsIn, packageOf, rowOf, scannerName, type RowParts } from './row.ts';

/**
 * Vulnerabilities in SARIF 2.1.0. The format has no place for packages: Docker Scout gives package URLs in the properties of its rules,
 * Trivy and Grype write name and version into their texts.
 */
export function readSarif(root: JsonRecord, path: string): ScannerReport {
  const runs = recordsOf(root['runs']);
  const driver = driverOf(runs[0] ?? {});
  const invocation = runs.flatMap((run) => recordsOf(run['invocations']))[0] ?? {};
  const name = textOf(driver['fullName']) ?? textOf(driver['name']) ?? 'SARIF';
  const read = runs.map((run) => rowsOf(run));
  return {
    scanner: scannerName(name, textOf(driver['version']) ?? textOf(driver['semanticVersion'])),
    path,
    createdAt: textOf(invocation['endTimeUtc']),
    target: targetOf(runs[0] ?? {}),
    rows: read.flatMap(({ rows }) => rows),
    unread: read.reduce((sum, { unread }) => sum + unread, 0),
  };
}

function driverOf(run: JsonRecord): JsonRecord {
  return recordIn(recordIn(run, 'tool'), 'driver');
}

/** Trivy tells it in the properties of the run. */
function targetOf(run: JsonRecord): ReportTarget {
  const properties = recordIn(run, 'properties');
  const name = textsOf(properties['repoTags'])[0] ?? textOf(properties['imageName']);
  const imageId = textOf(properties['imageID']);
  return {
    ...(name === undefined ? {} : { name }),
    ...(imageId === undefined ? {} : { imageId }),
    manifests: digestsIn(textsOf(properties['repoDigests'])),
  };
}

/** Names of vulnerabilities and bulletins, at the beginning of a rule's id; behind it Grype writes the package. */
const idPattern =
  /\b(?:CVE-\d{4}-\d{4,7}|GHSA(?:-[0-9a-z]{4}){3}|(?:ELSA|ALSA|RLSA|RHSA|RHBA|ALAS\d*|GO|GMS|PYSEC|RUSTSEC|MAL|USN|DSA|DLA|ALPINE|TEMP)-\d[\d:]*(?:-[\dA-F]+)*|(?:openSUSE|SUSE)-[A-Z]{2}-\d{4}:[\d-]+|SNYK-[A-Z0-9-]+|CGA(?:-[0-9a-z]{4}){3}|BIT-[\w.-]+)/i;

/** What a rule tells about all of its results, read once. */
interface Rule {
  readonly lines: ReadonlyMap<string, string>;
  readonly properties: JsonRecord;
  /** Packages of its own properties, for results that name none. */
  readonly packages: readonly PackagePart[];
}

interface PackagePart {
  readonly name: string;
  readonly version: string;
}

function rowsOf(run: JsonRecord): { readonly rows: readonly ReportedRow[]; readonly unread: number } {
  const rules = new Map(recordsOf(driverOf(run)['rules']).map((rule) => [textOf(rule['id']) ?? '', ruleOf(rule)]));
  const rows = new Map<string, ReportedRow>();
  // The packages of a rule are those of all its results: once is enough.
  const spoken = new Set<string>();
  let unread = 0;
  for (const result of recordsOf(run['results'])) {
    const ruleId = textOf(result['ruleId']) ?? textOf(recordIn(result, 'rule')['id']) ?? '';
    const rule = rules.get(ruleId) ?? ruleOf({});
    const id = idPattern.exec(ruleId)?.[0];
    const message = textOf(recordIn(result, 'message')['text']) ?? '';
    const own = packagesIn(message, linesOf(message), rule);
    if (id === undefined || (own.length === 0 && rule.packages.length === 0)) unread++;
    if (id === undefined || (own.length === 0 && spoken.has(ruleId))) continue;
    if (own.length === 0) spoken.add(ruleId);
    for (const one of own.length === 0 ? rule.packages : own) {
      // A result for each place says the same again.
      for (const row of rowOf({ id, ...one, ...factsIn(linesOf(message), rule) })) {
        rows.set(JSON.stringify([row.id, row.package, row.version]), row);
      }
    }
  }
  return { rows: [...rows.values()], unread };
}

function ruleOf(rule: JsonRecord): Rule {
  const properties = recordIn(rule, 'properties');
  const purls = [...textsOf(properties['purls']), ...textsOf([properties['purl']])];
  return {
    lines: linesOf(textOf(recordIn(rule, 'help')['text']) ?? ''),
    properties,
    packages: purls.flatMap((purl) => packageOf(purl) ?? []),
  };
}

function factsIn(lines: ReadonlyMap<string, string>, rule: Rule): Pick<RowParts, 'fixed' | 'severity' | 'location'> {
  const told = (key: string): string | undefined => lines.get(key) ?? rule.lines.get(key);
  const fixed = textOf(rule.properties['fixed_version']) ?? told('fixed version') ?? told('fix version');
  return {
    fixed: fixed === undefined || /^(?:not fixed|none|unknown)$/i.test(fixed) ? undefined : fixed,
    severity: told('severity') ?? rule.properties['cvssV3_severity'],
    location: told('location'),
  };
}

/** By name and version in the texts, else by package URLs in the message. */
function packagesIn(message: string, lines: ReadonlyMap<string, string>, rule: Rule): PackagePart[] {
  const told = (key: string): string | undefined => lines.get(key) ?? rule.lines.get(key);
  const [name, version] = [told('package'), told('installed version') ?? told('version')];
  if (name !== undefined && version !== undefined && !name.startsWith('pkg:')) return [{ name, version }];
  const purls = message.match(/\bpkg:[^\s"',;)\]]+/g) ?? [];
  if (purls.length > 0) return purls.flatMap((purl) => packageOf(purl) ?? []);
  return name === undefined || name.startsWith('pkg:') || rule.packages.length > 0 ? [] : [{ name, version: '' }];
}

/** Lines such as `Package: musl` by their keys in small letters; of a key that stands twice the first. */
function linesOf(text: string): Map<string, string> {
  const lines = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    const [key, value] = [line.slice(0, Math.max(colon, 0)).trim().toLowerCase(), line.slice(colon + 1).trim()];
    if (key !== '' && value !== '' && !lines.has(key)) lines.set(key, value);
  }
  return lines;
}
