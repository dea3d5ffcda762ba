import { isRecord, recordsOf, textOf, type JsonRecord } from '../advisories/json.ts';
import type { ReportedRow, ReportTarget, ScannerReport } from './report.ts';
import { digestsIn, packageOf, rowOf, scannerName } from './row.ts';

/** States of an analysis that say that the vulnerability does not count (CycloneDX 1.6, impactAnalysisState). */
const settled: ReadonlySet<unknown> = new Set(['not_affected', 'false_positive', 'resolved', 'resolved_with_pedigree']);

interface Component {
  readonly name: string;
  readonly version: string;
}

/** Vulnerabilities of a CycloneDX document, as Trivy and Grype write them: beside the components, or alone with package URLs. */
export function readCycloneDxReport(root: JsonRecord, path: string): ScannerReport {
  const metadata = isRecord(root['metadata']) ? root['metadata'] : {};
  const components = componentsOf(root);
  const all = recordsOf(root['vulnerabilities']);
  const rows = all.flatMap((one) => rowsOf(one, components));
  return {
    scanner: toolOf(metadata),
    path,
    createdAt: textOf(metadata['timestamp']),
    target: targetOf(metadata),
    rows,
    ...(components.size === 0 ? {} : { packages: new Set([...components.values()].map(({ name }) => name)) }),
    unread: all.filter((one) => recordsOf(one['affects']).length === 0).length,
  };
}

function toolOf({ tools }: JsonRecord): string {
  const [tool] = isRecord(tools) ? recordsOf(tools['components']) : recordsOf(tools);
  const name = textOf(tool?.['name']) ?? 'CycloneDX';
  return scannerName(name.charAt(0).toUpperCase() + name.slice(1), textOf(tool?.['version']));
}

/** Components by their references. */
function componentsOf(root: JsonRecord): Map<string, Component> {
  const components = new Map<string, Component>();
  for (const one of recordsOf(root['components'])) {
    const [ref, name] = [textOf(one['bom-ref']), textOf(one['name'])];
    if (ref === undefined || name === undefined || one['type'] === 'operating-system') continue;
    const purl = textOf(one['purl']);
    const component = purl === undefined ? undefined : packageOf(purl);
    const version = textOf(one['version']) ?? component?.version ?? '';
    components.set(ref, { name: component?.name ?? name, version });
  }
  return components;
}

function rowsOf(one: JsonRecord, components: ReadonlyMap<string, Component>): ReportedRow[] {
  if (isRecord(one['analysis']) && settled.has(one['analysis']['state'])) return [];
  const aliases = recordsOf(one['references']).map(({ id }) => id);
  const fixes = fixesIn(textOf(one['recommendation']) ?? '');
  const [rating] = recordsOf(one['ratings']);
  return recordsOf(one['affects']).flatMap(({ ref, versions }) => {
    const place = textOf(ref) ?? '';
    // A BOM-Link names the component of another document behind its `#`.
    const local = place.startsWith('urn:cdx:') ? decoded(place.slice(place.indexOf('#') + 1)) : place;
    const component = components.get(local) ?? packageOf(local);
    const told = recordsOf(versions).find(({ status }) => status !== 'unaffected');
    return rowOf({
      id: one['id'],
      aliases,
      name: component?.name,
      version: component?.version === '' ? told?.['version'] : component?.version,
      fixed: fixes.get(component?.name ?? ''),
      severity: rating?.['severity'],
    });
  });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Versions by package, in Trivy's words: `Upgrade pip to version 23.3; Upgrade wheel to version 0.38.1`. */
function fixesIn(recommendation: string): Map<string, string> {
  const fixes = new Map<string, string>();
  for (const sentence of recommendation.split('; ')) {
    const groups = /^Upgrade (?<name>\S+) to version (?<version>\S.*)$/.exec(sentence)?.groups;
    if (groups !== undefined) fixes.set(groups['name'] ?? '', groups['version'] ?? '');
  }
  return fixes;
}

function targetOf({ component }: JsonRecord): ReportTarget {
  if (!isRecord(component)) return { manifests: [] };
  const name = textOf(component['name']);
  const properties = recordsOf(component['properties']);
  const valueOf = (key: string): string | undefined =>
    textOf(properties.find((one) => one['name'] === `aquasecurity:trivy:${key}`)?.['value']);
  const imageId = valueOf('ImageID');
  return {
    ...(name === undefined ? {} : { name }),
    ...(imageId === undefined ? {} : { imageId }),
    manifests: digestsIn([valueOf('RepoDigest'), textOf(component['version'])]),
  };
}
