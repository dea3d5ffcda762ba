import { isRecord, recordsOf, textOf, textsOf, type JsonRecord } from '../json.ts';
import type { VexStatement, VexStatus } from './statement.ts';

/** States of CycloneDX 1.4 and later (vulnerabilities[].analysis.state) in OpenVEX's words. */
const statuses: Readonly<Record<string, VexStatus>> = {
  resolved: 'fixed',
  resolved_with_pedigree: 'fixed',
  exploitable: 'affected',
  in_triage: 'under_investigation',
  false_positive: 'not_affected',
  not_affected: 'not_affected',
};

export function readCycloneDxVex(root: JsonRecord, path: string): VexStatement[] {
  const metadata = isRecord(root['metadata']) ? root['metadata'] : {};
  const purls = purlsByRef(root, 0);
  return recordsOf(root['vulnerabilities']).flatMap((entry) => {
    const analysis = isRecord(entry['analysis']) ? entry['analysis'] : {};
    const status = statuses[textOf(analysis['state']) ?? ''];
    const id = textOf(entry['id']);
    if (status === undefined || id === undefined) return [];
    const aliases = recordsOf(entry['references']).flatMap((reference) => textOf(reference['id']) ?? []);
    const said = [textOf(analysis['justification']), textOf(analysis['detail']), ...textsOf(analysis['response'])];
    const why = said.filter((part) => part !== undefined).join(': ');
    return recordsOf(entry['affects']).flatMap(({ ref }) => {
      const product = productOf(textOf(ref) ?? '', purls);
      if (product === undefined) return [];
      const time = textOf(entry['updated']) ?? textOf(metadata['timestamp']) ?? '';
      return [{ vulnerability: [id, ...aliases], product, parts: [], status, why, time, from: path }];
    });
  });
}

/** `urn:cdx:SERIAL/VERSION#REF` of another document, or a reference of this one; either may be the package URL itself. */
function productOf(ref: string, purls: ReadonlyMap<string, string>): string | undefined {
  const inner = ref.startsWith('urn:cdx:') ? ref.slice(ref.indexOf('#') + 1) : ref;
  return purls.get(inner) ?? (inner.startsWith('pkg:') ? inner : undefined);
}

const maxDepth = 32;

function purlsByRef(node: JsonRecord, depth: number): Map<string, string> {
  const purls = new Map<string, string>();
  for (const component of depth > maxDepth ? [] : recordsOf(node['components'])) {
    const [ref, purl] = [textOf(component['bom-ref']), textOf(component['purl'])];
    if (ref !== undefined && purl !== undefined) purls.set(ref, purl);
    for (const [key, value] of purlsByRef(component, depth + 1)) purls.set(key, value);
  }
  return purls;
}
