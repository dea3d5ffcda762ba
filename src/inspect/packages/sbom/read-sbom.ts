import { VakthundError } from '../../../base/errors.ts';
import { parseForeignJson } from '../../../base/json-parse.ts';
import { asObject, asText } from '../json.ts';
import { fromCycloneDx } from './cyclonedx-read.ts';
import type { ReadSbom } from './read-result.ts';
import { fromSnapshot } from './github-snapshot.ts';
import { fromSpdx } from './spdx-read.ts';
import { tagValueToJson } from './spdx-tag-value.ts';

/** Wrappers around a bill: an envelope, a statement in it, what Trivy puts around its predicate, and GitHub around what it exports. */
const maxWrappers = 4;

/** Whether a text begins like a bill of materials: a cheap look, so that an image is not taken for one. */
export function looksLikeSbom(head: string): boolean {
  return /^\uFEFF?\s*\{/.test(head) || /^\uFEFF?(?:#.*\n|\s)*SPDXVersion:/.test(head);
}

/**
 * Reads a bill of materials: CycloneDX JSON, SPDX in JSON or tag-value form, alone or as the predicate of an in-toto attestation (whose
 * signature is not looked at here), and GitHub's snapshot of dependencies. Throws EVIDENCE_READ for anything else.
 */
export function readSbom(text: string): ReadSbom {
  const bare = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (!/^\s*\{/.test(bare)) {
    if (looksLikeSbom(bare)) return fromSpdx(tagValueToJson(bare));
    throw new VakthundError('EVIDENCE_READ', 'it is no bill of materials: neither JSON nor SPDX tag-value');
  }
  let value = parseObject(bare);
  for (let depth = 0; depth < maxWrappers; depth++) {
    if (value['bomFormat'] === 'CycloneDX') return fromCycloneDx(value);
    if (asText(value['spdxVersion']) !== undefined) return fromSpdx(value);
    if ('detector' in value && 'manifests' in value) return fromSnapshot(value);
    const payload = asText(value['payload']);
    if (payload !== undefined) value = parseObject(Buffer.from(payload, 'base64').toString('utf8'));
    else value = asObject(value['predicate'] ?? value['sbom'] ?? value['Data']);
  }
  throw new VakthundError('EVIDENCE_READ', 'it is no bill of materials that is understood', {
    hint: 'CycloneDX and SPDX are, in JSON; SPDX in tag-value form too',
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    return asObject(parseForeignJson(text));
  } catch (error) {
    if (error instanceof VakthundError) throw error;
    throw new VakthundError('EVIDENCE_READ', 'it is no bill of materials: its JSON is broken', { cause: error });
  }
}
