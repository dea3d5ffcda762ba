import { isRecord, recordsOf, textOf, textsOf, type JsonRecord } from '../advisories/json.ts';
import { parsePurl } from '../purl.ts';
import type { ReportedRow, ScannerReport } from './report.ts';

/**
 * Vulnerabilities in SARIF 2.1.0. The format has no place for packages: Docker Scout gives package URLs in the properties of its rules,
 * Trivy and Grype write name and version into their texts.
 */
export function readSarif(root: JsonRecord, path: string): ScannerReport {
  const runs = recordsOf(root['runs']);
  const driver = driverOf(runs[0] ?? {});
  const invocation = runs.flatMap((run) => recordsOf(run['invocations']))[0] ?? {};
  const name = textOf(driver['fullName']) ?? textOf(driver['name']) ?? 'SARIF';
  const version = textOf(driver['version']) ?? textOf(driver['semanticVersion']);
  return {
    scanner: version === undefined ? name : `${name} ${version}`,
    path,
    createdAt: textOf(invocation['endTimeUtc']),
    rows: runs.flatMap((run) => rowsOf(run)),
  };
}

function driverOf(run: JsonRecord): JsonRecord {
  const tool = isRecord(run['tool']) ? run['tool'] : {};
  return isRecord(tool['driver']) ? tool['driver'] : {};
}

const idPattern = /\b(?:CVE-\d{4}-\d{4,7}|GHSA(?:-[0-9a-z]{4}){3}|(?:DSA|DLA|USN|GO|PYSEC|RUSTSEC|ALAS)-[\w.:-]+)/i;

function rowsOf(run: JsonRecord): ReportedRow[] {
  const rules = new Map(recordsOf(driverOf(run)['rules']).map((rule) => [textOf(rule['id']) ?? '', rule]));
  const rows = recordsOf(run['results']).flatMap((result) => {
    const ruleId = textOf(result['ruleId']) ?? '';
    const rule = rules.get(ruleId) ?? {};
    const id = idPattern.exec(ruleId)?.[0];
    return id === undefined ? [] : packagesOf(result, rule).map((one) => ({ id, aliases: [], isByCpe: false, ...one }));
  });
  // A result for each place says the same again.
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
}

type PackagePart = Pick<ReportedRow, 'package' | 'version' | 'fixed'>;

function packagesOf(result: JsonRecord, rule: JsonRecord): PackagePart[] {
  const message = isRecord(result['message']) ? (textOf(result['message']['text']) ?? '') : '';
  const properties = isRecord(rule['properties']) ? rule['properties'] : {};
  const help = isRecord(rule['help']) ? (textOf(rule['help']['text']) ?? '') : '';
  const fixed = fixOf(textOf(properties['fixed_version']) ?? lineOf(message, 'Fixed Version'));
  const inMessage = message.match(/\bpkg:[^\s"',;)\]]+/g) ?? [];
  const purls = inMessage.length > 0 ? inMessage : textsOf(properties['purls']);
  if (purls.length > 0) {
    return purls.flatMap((purl) => {
      const url = parsePurl(purl);
      return url === undefined ? [] : [{ package: nameOf(url), version: url.version ?? '', fixed }];
    });
  }
  const name = lineOf(message, 'Package') ?? lineOf(help, 'Package');
  const version = lineOf(message, 'Installed Version') ?? lineOf(message, 'Version') ?? lineOf(help, 'Version');
  return name === undefined ? [] : [{ package: name, version: version ?? '', fixed }];
}

/** Names as the ecosystem writes them, which is how packages are listed elsewhere. */
function nameOf({ type, namespace, name }: { type: string; namespace: string; name: string }): string {
  if (namespace === '' || ['apk', 'deb', 'rpm'].includes(type)) return name;
  return `${namespace}${type === 'maven' ? ':' : '/'}${name}`;
}

/** `Package: musl` in a text of several lines. */
function lineOf(text: string, key: string): string | undefined {
  for (const line of text.split('\n')) {
    const groups = /^\s*(?<key>[A-Za-z ]+?)\s*:\s*(?<value>\S.*?)\s*$/.exec(line)?.groups;
    if (groups?.['key']?.toLowerCase() === key.toLowerCase()) return groups['value'];
  }
  return undefined;
}

function fixOf(text: string | undefined): string | undefined {
  return text === undefined || /^(?:not fixed|none|unknown)$/i.test(text) ? undefined : text;
}
