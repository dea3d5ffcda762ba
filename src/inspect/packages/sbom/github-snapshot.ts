import { quote } from '../../../base/problem.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { normalPath } from '../../tree/tree.ts';
import { toPackage } from '../findings.ts';
import { asObject, asText } from '../json.ts';
import { identityOf } from './from-purl.ts';
import { SbomDraft, type ReadSbom } from './read-result.ts';

/**
 * A snapshot of dependencies as it is sent to GitHub (docs.github.com/rest/dependency-graph/dependency-submission): manifests with what each
 * resolves to. Dependencies without a package URL are told and left out.
 */
export function fromSnapshot(document: Readonly<Record<string, unknown>>): ReadSbom {
  const draft = new SbomDraft();
  const manifests = Object.entries(asObject(document['manifests']));
  for (const [, value] of manifests) {
    const manifest = asObject(value);
    const path = asText(asObject(manifest['file'])['source_location']);
    for (const [name, resolved] of Object.entries(asObject(manifest['resolved']))) {
      const one = asObject(resolved);
      const identity = identityOf(asText(one['package_url']) ?? '', name);
      if (identity === undefined) draft.problem(`the dependency ${quote(name)} has no package URL; it was left out`);
      else {
        const isDevelopment = one['scope'] === 'development';
        const locations = path === undefined ? [] : [normalPath(path)];
        draft.add(
          toPackage({ foundBy: 'sbom', locations, ...identity, ...(isDevelopment ? { isDevelopment: true } : {}) }),
        );
      }
    }
  }
  const name = manifests[0]?.[0] ?? asText(document['ref']) ?? '';
  const scanned = parseIsoMicros(asText(document['scanned']) ?? '') ?? 0;
  return draft.done('snapshot of GitHub', { name, kind: 'folder' }, scanned);
}
