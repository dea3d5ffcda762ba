import { isRecord, recordIn, recordsOf, textOf, textsOf, type JsonRecord } from '../advisories/json.ts';
import type { ReportedRow, ReportTarget, ScannerReport } from './report.ts';
import { digestsIn, rowOf, scannerName } from './row.ts';

/** Grype's `-o json` (github.com/anchore/grype, grype/presenter/models). */
export function readGrype(root: JsonRecord, path: string): ScannerReport {
  const descriptor = recordIn(root, 'descriptor');
  return {
    scanner: scannerName('Grype', textOf(descriptor['version'])),
    path,
    createdAt: textOf(descriptor['timestamp']),
    target: targetOf(root),
    rows: recordsOf(root['matches']).flatMap((match) => rowsOf(match)),
    unread: 0,
  };
}

function rowsOf(match: JsonRecord): ReportedRow[] {
  const [vulnerability, artifact] = [recordIn(match, 'vulnerability'), recordIn(match, 'artifact')];
  const types = recordsOf(match['matchDetails']).flatMap(({ type }) => textOf(type) ?? []);
  return rowOf({
    id: vulnerability['id'],
    aliases: recordsOf(match['relatedVulnerabilities']).map(({ id }) => id),
    name: artifact['name'],
    version: artifact['version'],
    fixed: textsOf(recordIn(vulnerability, 'fix')['versions'])[0],
    severity: vulnerability['severity'],
    location: recordsOf(artifact['locations'])[0]?.['path'],
    isByCpe: types.length > 0 && types.every((type) => type === 'cpe-match'),
  });
}

function targetOf(root: JsonRecord): ReportTarget {
  const { target } = recordIn(root, 'source');
  const image = isRecord(target) ? target : {};
  const distro = recordIn(root, 'distro');
  const name = textsOf(image['tags'])[0] ?? textOf(image['userInput']) ?? textOf(target);
  const imageId = textOf(image['imageID']);
  const [family, release] = [textOf(distro['name']), textOf(distro['version'])];
  return {
    ...(name === undefined ? {} : { name }),
    ...(imageId === undefined ? {} : { imageId }),
    manifests: digestsIn([textOf(image['manifestDigest']), ...textsOf(image['repoDigests'])]),
    ...(family === undefined || release === undefined ? {} : { system: `${family} ${release}` }),
  };
}
