import { isRecord, recordsOf, textOf, textsOf, type JsonRecord } from '../advisories/json.ts';
import type { ReportedRow, ScannerReport } from './report.ts';
import { rowOf } from './row.ts';

/** `osv-scanner --format json` (github.com/google/osv-scanner, pkg/models/results.go): each record of a vulnerability is an entry. */
export function readOsvScanner(root: JsonRecord, path: string): ScannerReport {
  const packages = recordsOf(root['results']).flatMap((result) => {
    const source = isRecord(result['source']) ? textOf(result['source']['path']) : undefined;
    return recordsOf(result['packages']).map((one) => ({ one, source }));
  });
  return {
    scanner: 'OSV-Scanner',
    path,
    createdAt: undefined,
    target: { manifests: [] },
    rows: packages.flatMap(({ one, source }) => rowsOf(one, source)),
    unread: 0,
  };
}

function rowsOf(one: JsonRecord, source: string | undefined): ReportedRow[] {
  const installed = isRecord(one['package']) ? one['package'] : {};
  return recordsOf(one['vulnerabilities']).flatMap(({ id, aliases, affected }) =>
    rowOf({
      id,
      aliases,
      name: installed['name'],
      version: installed['version'],
      fixed: fixIn(affected, installed['name']),
      location: source,
    }),
  );
}

function fixIn(affected: unknown, name: unknown): string | undefined {
  const ofPackage = recordsOf(affected).filter((one) => isRecord(one['package']) && one['package']['name'] === name);
  const events = ofPackage.flatMap(({ ranges }) => recordsOf(ranges)).flatMap(({ events: list }) => recordsOf(list));
  return textsOf(events.map(({ fixed }) => fixed))[0];
}
