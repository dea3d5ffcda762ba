import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

const folder = join(import.meta.dirname, '../../node_modules/@cyclonedx/cyclonedx-library/res/schema');

/** The official schemas come with a package for development, which an old installation may not have. */
export const hasCycloneDxSchema = existsSync(folder);

/** Faults of a CycloneDX document by the official JSON schema of a version; empty when it has none. */
export function cycloneDxFaults(document: unknown, version: '1.4' | '1.5' | '1.6'): string[] {
  const read = (name: string): object =>
    JSON.parse(readFileSync(join(folder, `${name}.SNAPSHOT.schema.json`), 'utf8')) as object;
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats.default(ajv);
  // Formats of other drafts, which values here do not come in.
  ajv.addFormat('iri-reference', true);
  ajv.addFormat('idn-email', true);
  // The package has the schemas under names of its own, by which they refer to each other.
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    ajv.addSchema(read(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  }
  const validate = ajv.compile(read(`bom-${version}`));
  return validate(document)
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}
